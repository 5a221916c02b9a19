"""The catalogue as a map: movies with the same fans, or of a similar kind, lie near each other.

A movie is a vector of two parts. Its fans: its likes, divided by the root of their number so that products are cosines,
reduced to few dimensions by a truncated SVD. Its kind: genres and year. The more users like a movie, the more the first
part counts, n / (n + 25) for n likes. A movie without likes has only the second part, and so has every movie where no
ratings can be read.

The map is a neighbour embedding: t-SNE (van der Maaten & Hinton, JMLR 2008), made faster. Attraction acts between the
15 nearest neighbours only, all equally strong, which draws nearly the same map as weights would (Boehm, Berens & Kobak,
"Attraction-repulsion spectrum in neighbor embeddings", JMLR 2022). It starts with the first two principal components
and exaggerated attraction (Kobak & Berens, Nature Communications 2019). Repulsion is estimated from 256 movies at a
time, cycling through all of them, instead of from all pairs, with a step length that falls to zero, as LargeVis samples
(Tang et al., WWW 2016).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.linalg import svds

from matinee.arrays import AnyFloats, Embeddings, Indices
from matinee.features.facts import genre_vectors
from matinee.models.capabilities import unit_rows
from matinee.models.linear.sparse import Matrix
from matinee.pipeline.explore.also_liked import LikesIndex

_DIMENSIONS = 40  # of the likes
_EQUAL_PARTS = 25  # likes at which both parts of a vector count the same
_YEAR_SPREAD = 12.0  # years: the standard deviation of similarity in time
_YEAR_WEIGHT = 0.4  # of a movie's kind; the rest is genres
_NEIGHBOURS = 15
_STEPS = 500
_EARLY, _EXAGGERATION = 150, 12.0
_SAMPLE = 256  # movies that repel all others in one step
_ANCHORS = 5  # movies of the map that position another movie


@dataclass(frozen=True, eq=False)
class TasteMap:
    """Coordinates of movies: x from old movies (left) to new ones, both axes from 0 to 1."""

    rows: Indices  # (n,) of the catalogue, the most-rated movie first
    coordinates: Embeddings  # (n, 2)
    vectors: Embeddings  # (movies, d) of the whole catalogue, at length 1

    def positions_of(self, rows: Indices) -> Embeddings:
        """Coordinates of any rows: other movies lie between the five most similar movies of the map: (n, 2)."""
        coordinates = np.empty((len(rows), 2), dtype=np.float32)
        index = np.full(len(self.vectors), -1)
        index[self.rows] = np.arange(len(self.rows))
        for number, row in enumerate(rows.tolist()):
            if index[row] >= 0:
                coordinates[number] = self.coordinates[index[row]]
                continue
            similarity = self.vectors[self.rows] @ self.vectors[row]
            near = np.argsort(-similarity, kind="stable")[:_ANCHORS]
            weights = np.maximum(similarity[near], 1e-6)
            coordinates[number] = weights @ self.coordinates[near] / weights.sum()
        return coordinates


def build_taste_map(
    movies: pl.DataFrame, likes: LikesIndex | None, rating_counts: Indices, most: int = 3_000, seed: int = 0
) -> TasteMap:
    """The map of the `most` most-rated movies of a catalogue, with `rating_counts` (movies,).

    Takes a few seconds. The same seed gives the same map.
    """
    vectors = movie_vectors(movies, likes, seed)
    rows = np.argsort(-rating_counts, kind="stable")[:most].astype(np.int64)
    if likes is not None:  # of a movie listed twice, the listing with the most ratings
        rows = rows[likes.group_rows[likes.groups[rows]] == rows]
    coordinates = embed(vectors[rows], seed)
    return TasteMap(rows, _oriented(coordinates, movies["year"].gather(rows).to_numpy()), vectors)


def movie_vectors(movies: pl.DataFrame, likes: LikesIndex | None, seed: int = 0) -> Embeddings:
    """Movies by their fans and their kind, at length 1, or zeros for a movie without any data: (movies, d)."""
    kind = _kind_vectors(movies)
    if likes is None or min(likes.by_user.shape) < 3 or not likes.n_users:
        return kind
    counts = likes.like_counts[likes.groups].astype(np.float32)  # (movies,)
    trust = (counts / (counts + _EQUAL_PARTS))[:, None]
    liked = _like_vectors(likes, seed)[likes.groups]  # (movies, d)
    return unit_rows(np.hstack([np.sqrt(trust) * liked, np.sqrt(1 - trust) * kind]).astype(np.float32))


def embed(vectors: Embeddings, seed: int = 0) -> Embeddings:
    """Points in the plane for vectors of length 1, with neighbours near each other: (n, d) -> (n, 2)."""
    n = len(vectors)
    if n <= 3:
        return np.zeros((n, 2), dtype=np.float32) + np.arange(n, dtype=np.float32)[:, None]
    rng = np.random.default_rng(seed)
    attraction = _attraction(vectors, min(_NEIGHBOURS, n - 1))
    owner = np.repeat(np.arange(n), np.diff(attraction.indptr))
    points = _initial_points(vectors, rng)
    speed = np.zeros_like(points)
    order = rng.permutation(n)
    for step in range(_STEPS):
        exaggeration, momentum = (_EXAGGERATION, 0.5) if step < _EARLY else (1.0, 0.8)
        # Attraction: the sum over neighbours of p_ij w_ij (y_i - y_j), with w = 1 / (1 + d^2).
        difference = points[owner] - points[attraction.indices]  # (edges, 2)
        strength = attraction.data / (1 + (difference**2).sum(axis=1))
        weights = Matrix((strength, attraction.indices, attraction.indptr), shape=attraction.shape)
        attracted = points * np.asarray(weights.sum(axis=1)) - weights @ points
        sample = np.take(order, range(step * _SAMPLE, step * _SAMPLE + _SAMPLE), mode="wrap")
        gradient = 4 * (exaggeration * attracted - _repulsion(points, sample))
        rate = n / exaggeration * (1 - step / _STEPS)  # falls to zero, and with it the sampling noise
        speed = (momentum * speed - rate * gradient).astype(np.float32)
        points = points + np.clip(speed, -5, 5)
    return points - points.mean(axis=0)


def _kind_vectors(movies: pl.DataFrame) -> Embeddings:
    """Genres and year, at length 1; similarity in time is a normal density of the difference in years."""
    genres = unit_rows(genre_vectors(movies)[0])
    years = movies["year"].cast(pl.Float64).to_numpy()  # NaN if unknown
    centers = np.arange(1900, 2041, _YEAR_SPREAD)
    time = np.exp(-(((years[:, None] - centers) / _YEAR_SPREAD) ** 2))
    time = unit_rows(np.nan_to_num(time).astype(np.float32))
    return unit_rows(np.hstack([np.sqrt(1 - _YEAR_WEIGHT) * genres, np.sqrt(_YEAR_WEIGHT) * time]).astype(np.float32))


def _like_vectors(likes: LikesIndex, seed: int) -> Embeddings:
    """Movies by who likes them, in few dimensions at length 1: (groups, d)."""
    scaled = likes.by_group.multiply(1 / np.sqrt(np.maximum(likes.like_counts, 1))[:, None]).tocsr().astype(np.float32)
    # Users who like many movies say less about each.
    likes_by_user = np.asarray(likes.by_group.sum(axis=0)).ravel()
    scaled = scaled @ sparse.diags_array((1 / np.sqrt(np.maximum(likes_by_user, 1))).astype(np.float32))
    dimensions = min(_DIMENSIONS, min(scaled.shape) - 1)
    first = np.random.default_rng(seed).normal(size=min(scaled.shape)).astype(np.float32)
    left, values, _ = svds(scaled, k=dimensions, v0=first)
    order = np.argsort(-values)
    # The first dimension is popularity, not taste.
    return unit_rows((left[:, order] * np.sqrt(values[order]))[:, 1:].astype(np.float32))


def _attraction(vectors: Embeddings, k: int) -> Matrix:
    """Equal weights for the k nearest neighbours, made symmetric, with the sum 1: (n, n)."""
    n = len(vectors)
    near = np.empty((n, k), dtype=np.int64)
    for start in range(0, n, 1024):
        similarity = vectors[start : start + 1024] @ vectors.T
        similarity[np.arange(len(similarity)), np.arange(start, start + len(similarity))] = -np.inf
        near[start : start + 1024] = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
    one_way = Matrix((np.ones(n * k, dtype=np.float32), near.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    both = Matrix(one_way + one_way.T)
    both.data /= both.data.sum()
    return both


def _initial_points(vectors: Embeddings, rng: np.random.Generator) -> Embeddings:
    """The first two principal components, scaled down so that every point can still move: (n, 2)."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, -2:][:, ::-1]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    points = centred @ axes
    points = 1e-2 * points / max(float(points[:, 0].std()), 1e-6)
    # Noise separates movies with equal vectors.
    return (points + rng.normal(scale=1e-4, size=points.shape)).astype(np.float32)


def _repulsion(points: Embeddings, sample: Indices) -> Embeddings:
    """t-SNE's repulsion, estimated from a sample of the movies: (n, 2)."""
    others = points[sample]  # (s, 2)
    kernel = (points[:, :1] - others[:, 0]) ** 2  # (n, s)
    kernel += (points[:, 1:] - others[:, 1]) ** 2
    kernel += 1
    np.reciprocal(kernel, out=kernel)
    kernel[sample, np.arange(len(sample))] = 0
    total = max(float(kernel.sum()), 1e-12)  # estimates the sum over all pairs times s / n; the factor cancels
    kernel *= kernel
    # The products are small: starting the threads of a matrix product would take longer than the product.
    return (points * kernel.sum(axis=1, keepdims=True) - np.einsum("ns,sd->nd", kernel, others)) / total


def _oriented(points: Embeddings, years: AnyFloats) -> Embeddings:
    """Points fitted into the unit square, wide rather than tall, with new movies on the right."""
    if len(points) > 2:
        _, axes = np.linalg.eigh(np.cov(points.T))
        points = points @ axes[:, ::-1]
    dated = np.isfinite(years.astype(np.float64))
    for axis in (0, 1):
        # The second axis has no natural direction; the same rule keeps it from turning by chance.
        direction = np.cov(points[dated, axis], years[dated])[0, 1] if dated.sum() > 2 else 1.0
        points[:, axis] *= 1 if direction >= 0 else -1
    low, high = points.min(axis=0), points.max(axis=0)
    return ((points - low) / np.maximum(high - low, 1e-6)).astype(np.float32)
