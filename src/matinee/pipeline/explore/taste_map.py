"""The catalogue as a map: films that the same people like, or that are of a kind, lie near each other.

A film is a vector of two parts. What people like: the likes of a film, divided by the root of how many it has, so that
products are cosines, and brought to few dimensions by a truncated SVD. What it is: its genres and its time. The more
people like a film, the more the first part counts, n / (n + 25) of n likes; of a film nobody likes, and where no
ratings can be read, the second is all there is.

The map is a neighbour embedding: t-SNE (van der Maaten & Hinton, JMLR 2008), made quicker. Attraction goes along
the 15 nearest neighbours alone, all equally strong, which draws nearly the same map as weights would (Boehm, Berens &
Kobak, "Attraction-repulsion spectrum in neighbor embeddings", JMLR 2022); it begins with the first two principal
components and with attraction exaggerated (Kobak & Berens, Nature Communications 2019). Repulsion is reckoned from 256
films at a time, in turn all of them, instead of from all pairs, with a step length that falls to nothing, as LargeVis
samples (Tang et al., WWW 2016).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from scipy.sparse.linalg import svds

from matinee.arrays import Embeddings, Indices
from matinee.features.genres import genre_vectors
from matinee.models.capabilities import unit
from matinee.models.linear.sparse import Matrix
from matinee.pipeline.explore.also_liked import LikesIndex

_DIMENSIONS = 40  # of what people like
_SURE = 25  # likes at which both parts of a vector count alike
_SPREAD = 12.0  # years: films as far apart in time as this are no longer of the same time
_TIME = 0.4  # of a film's kind, beside its genres
_NEIGHBOURS = 15
_STEPS = 500
_EARLY, _EXAGGERATION = 150, 12.0
_AT_ONCE = 256  # films that repel all others in one step
_PLACES = 5  # films of the map by which another one is placed


@dataclass(frozen=True, eq=False)
class TasteMap:
    """Where films lie: x from the old films (left) to the new, both from 0 to 1."""

    rows: Indices  # (n,) of the catalogue, the most-rated film first
    coordinates: Embeddings  # (n, 2)
    vectors: Embeddings  # (movies, d) of the whole catalogue, at length 1

    def place(self, rows: Indices) -> Embeddings:
        """Places of any rows: those of the map, the others amid the five films of it they are most like: (n, 2)."""
        found = np.empty((len(rows), 2), dtype=np.float32)
        spot = np.full(len(self.vectors), -1)
        spot[self.rows] = np.arange(len(self.rows))
        for place, row in enumerate(rows.tolist()):
            if spot[row] >= 0:
                found[place] = self.coordinates[spot[row]]
                continue
            likeness = self.vectors[self.rows] @ self.vectors[row]
            near = np.argsort(-likeness, kind="stable")[:_PLACES]
            weights = np.maximum(likeness[near], 1e-6)
            found[place] = weights @ self.coordinates[near] / weights.sum()
        return found


def draw_map(
    movies: pl.DataFrame, likes: LikesIndex | None, rated: Indices, most: int = 3_000, seed: int = 0
) -> TasteMap:
    """The map of the `most` most-rated films of a catalogue; `rated` counts ratings: (movies,).

    Takes a few seconds. The same seed gives the same map.
    """
    vectors = movie_vectors(movies, likes, seed)
    rows = np.argsort(-rated, kind="stable")[:most].astype(np.int64)
    if likes is not None:  # of a film that is listed twice, the listing with most ratings
        rows = rows[likes.row[likes.film[rows]] == rows]
    places = embed(vectors[rows], seed)
    return TasteMap(rows, _turned(places, movies["year"].gather(rows).to_numpy()), vectors)


def movie_vectors(movies: pl.DataFrame, likes: LikesIndex | None, seed: int = 0) -> Embeddings:
    """What films are to people and of themselves, at length 1, or zeros where nothing is known: (movies, d)."""
    kind = _kinds(movies)
    if likes is None or min(likes.by_person.shape) < 3 or not likes.people:
        return kind
    fans = likes.liked[likes.film].astype(np.float32)  # (movies,)
    trust = (fans / (fans + _SURE))[:, None]
    liked = _liked_alike(likes, seed)[likes.film]  # (movies, d)
    return unit(np.hstack([np.sqrt(trust) * liked, np.sqrt(1 - trust) * kind]).astype(np.float32))


def embed(vectors: Embeddings, seed: int = 0) -> Embeddings:
    """Places in the plane for vectors of length 1, near for those that are neighbours: (n, d) -> (n, 2)."""
    n = len(vectors)
    if n <= 3:
        return np.zeros((n, 2), dtype=np.float32) + np.arange(n, dtype=np.float32)[:, None]
    rng = np.random.default_rng(seed)
    pull = _attraction(vectors, min(_NEIGHBOURS, n - 1))
    owner = np.repeat(np.arange(n), np.diff(pull.indptr))
    places = _first_places(vectors, rng)
    speed = np.zeros_like(places)
    order = rng.permutation(n)
    for step in range(_STEPS):
        exaggeration, momentum = (_EXAGGERATION, 0.5) if step < _EARLY else (1.0, 0.8)
        # Attraction: the sum over neighbours of p_ij w_ij (y_i - y_j), with w = 1 / (1 + d^2).
        apart = places[owner] - places[pull.indices]  # (edges, 2)
        strength = pull.data / (1 + (apart**2).sum(axis=1))
        weights = Matrix((strength, pull.indices, pull.indptr), shape=pull.shape)
        towards = places * np.asarray(weights.sum(axis=1)) - weights @ places
        away = _repulsion(places, np.take(order, range(step * _AT_ONCE, step * _AT_ONCE + _AT_ONCE), mode="wrap"))
        slope = 4 * (exaggeration * towards - away)
        rate = n / exaggeration * (1 - step / _STEPS)  # falls to nothing, and with it the noise of the samples
        speed = (momentum * speed - rate * slope).astype(np.float32)
        places = places + np.clip(speed, -5, 5)
    return places - places.mean(axis=0)


def _kinds(movies: pl.DataFrame) -> Embeddings:
    """Genres and time, at length 1: films 12 years apart are as like in time as at one standard deviation."""
    genres = unit(genre_vectors(movies)[0])
    years = movies["year"].cast(pl.Float64).to_numpy()  # NaN where not known
    centres = np.arange(1900, 2041, _SPREAD)
    time = np.exp(-(((years[:, None] - centres) / _SPREAD) ** 2))
    time = unit(np.nan_to_num(time).astype(np.float32))
    return unit(np.hstack([np.sqrt(1 - _TIME) * genres, np.sqrt(_TIME) * time]).astype(np.float32))


def _liked_alike(likes: LikesIndex, seed: int) -> Embeddings:
    """Films by who likes them, in few dimensions at length 1: (films, d)."""
    scaled = likes.by_film.multiply(1 / np.sqrt(np.maximum(likes.liked, 1))[:, None]).tocsr().astype(np.float32)
    # People who like much say less of each film.
    eager = np.asarray(likes.by_film.sum(axis=0)).ravel()
    scaled = scaled @ sparse.diags_array((1 / np.sqrt(np.maximum(eager, 1))).astype(np.float32))
    dimensions = min(_DIMENSIONS, min(scaled.shape) - 1)
    first = np.random.default_rng(seed).normal(size=min(scaled.shape)).astype(np.float32)
    left, values, _ = svds(scaled, k=dimensions, v0=first)
    order = np.argsort(-values)
    # The first dimension is how much films are liked at all, which is no taste.
    return unit((left[:, order] * np.sqrt(values[order]))[:, 1:].astype(np.float32))


def _attraction(vectors: Embeddings, k: int) -> Matrix:
    """1 for each of the k nearest neighbours, made symmetric, all in all 1: (n, n)."""
    n = len(vectors)
    near = np.empty((n, k), dtype=np.int64)
    for start in range(0, n, 1024):
        likeness = vectors[start : start + 1024] @ vectors.T
        likeness[np.arange(len(likeness)), np.arange(start, start + len(likeness))] = -np.inf
        near[start : start + 1024] = np.argpartition(-likeness, k - 1, axis=1)[:, :k]
    one_way = Matrix((np.ones(n * k, dtype=np.float32), near.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    both = Matrix(one_way + one_way.T)
    both.data /= both.data.sum()
    return both


def _first_places(vectors: Embeddings, rng: np.random.Generator) -> Embeddings:
    """The first two principal components, small, so that everything can still move: (n, 2)."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, -2:][:, ::-1]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    places = centred @ axes
    places = 1e-2 * places / max(float(places[:, 0].std()), 1e-6)
    # Films that are equal in everything have to part ways somehow.
    return (places + rng.normal(scale=1e-4, size=places.shape)).astype(np.float32)


def _repulsion(places: Embeddings, some: Indices) -> Embeddings:
    """t-SNE's repulsion, estimated from some of the films: (n, 2)."""
    others = places[some]  # (s, 2)
    near = (places[:, :1] - others[:, 0]) ** 2  # (n, s)
    near += (places[:, 1:] - others[:, 1]) ** 2
    near += 1
    np.reciprocal(near, out=near)
    near[some, np.arange(len(some))] = 0
    total = max(float(near.sum()), 1e-12)  # stands for all pairs, times s / n; the factor falls out
    near *= near
    # Small products: threads of a matrix product would take longer to start than it takes.
    return (places * near.sum(axis=1, keepdims=True) - np.einsum("ns,sd->nd", near, others)) / total


def _turned(places: Embeddings, years: npt.NDArray[np.floating]) -> Embeddings:
    """Fitted into the unit square, wide rather than tall, the new films to the right."""
    if len(places) > 2:
        _, axes = np.linalg.eigh(np.cov(places.T))
        places = places @ axes[:, ::-1]
    known = np.isfinite(years.astype(np.float64))
    for axis in (0, 1):
        # The second axis has no direction of its own; the same rule keeps it from turning by chance.
        way = np.cov(places[known, axis], years[known])[0, 1] if known.sum() > 2 else 1.0
        places[:, axis] *= 1 if way >= 0 else -1
    low, high = places.min(axis=0), places.max(axis=0)
    return ((places - low) / np.maximum(high - low, 1e-6)).astype(np.float32)
