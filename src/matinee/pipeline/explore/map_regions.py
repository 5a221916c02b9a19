"""The regions of a taste map, each named after the genre most over-represented in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.vq import kmeans2

from matinee.arrays import AnyFloats, Floats, Indices

_REGION_SIZE = 120  # movies, about
_FEWEST, _MOST = 3, 14  # regions
_PRIOR_MOVIES = 5.0  # movies of the catalogue's mix added to every region
_MIN_GENRE_SHARE = 0.12  # of a region's movies that have the genre it is named after
_MIN_LABEL_DISTANCE = 0.16  # of the map, between two labels with the same name


@dataclass(frozen=True, eq=False)
class Region:
    """A part of a map."""

    genre: str
    center: tuple[float, float]  # of the most central movie of that genre
    movies: Indices  # positions on the map
    labelled: bool  # the name is drawn: no equal name is near


def find_regions(coordinates: AnyFloats, genres: Sequence[Sequence[str] | None], seed: int = 0) -> list[Region]:
    """The regions of a map, the largest first; none without genres. `coordinates` is (n, 2), `genres` n lists.

    Movies are partitioned by k-means (Lloyd, 1982). A region is named after the genre with the greatest excess of
    movies over chance times the logarithm of its lift, among the genres of at least an eighth of its movies or so.
    """
    names = sorted({genre for movie_genres in genres for genre in movie_genres or ()})
    if not names or len(coordinates) < _FEWEST:
        return []
    shares = _genre_shares(genres, names)  # (n, genres)
    usual = shares.sum(axis=0) / max(shares.sum(), 1e-9)
    k = int(np.clip(len(coordinates) // _REGION_SIZE, _FEWEST, _MOST))
    _, cluster_of = kmeans2(coordinates.astype(np.float64), k, minit="++", seed=np.random.default_rng(seed))
    clusters = sorted((np.flatnonzero(cluster_of == cluster) for cluster in range(k)), key=len, reverse=True)
    regions: list[Region] = []
    for movies in clusters:
        counts = shares[movies].sum(axis=0)
        if not counts.sum():
            continue
        lift = (counts + _PRIOR_MOVIES * usual) / (counts.sum() + _PRIOR_MOVIES) / np.maximum(usual, 1e-9)
        # A genre of few movies may have the greatest lift and still say nothing about the others.
        common = counts >= min(_MIN_GENRE_SHARE * counts.sum(), counts.max())
        genre = names[int(np.argmax(np.where(common, counts * np.log(lift), -np.inf)))]
        x, y = _most_central(coordinates[movies[shares[movies, names.index(genre)] > 0]])
        near = any(
            region.genre == genre and np.hypot(region.center[0] - x, region.center[1] - y) < _MIN_LABEL_DISTANCE
            for region in regions
        )
        regions.append(Region(genre, (x, y), movies, not near))
    return regions


def _most_central(coordinates: AnyFloats) -> tuple[float, float]:
    """The coordinates nearest to the median of all: the median itself may lie in an empty part of the map."""
    distances = ((coordinates - np.median(coordinates, axis=0)) ** 2).sum(axis=1)
    x, y = coordinates[int(np.argmin(distances))].tolist()
    return x, y


def _genre_shares(genres: Sequence[Sequence[str] | None], names: Sequence[str]) -> Floats:
    """Each movie's genres, a movie with two genres half in each: (n, genres)."""
    column = {name: number for number, name in enumerate(names)}
    shares = np.zeros((len(genres), len(names)))
    for movie, movie_genres in enumerate(genres):
        for genre in movie_genres or ():
            shares[movie, column[genre]] += 1 / len(movie_genres or ())
    return shares
