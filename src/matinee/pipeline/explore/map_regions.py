"""Names for the parts of a taste map: the genre that is commoner there than anywhere else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import kmeans2

_FILMS = 120  # of a region, about
_FEWEST, _MOST = 3, 14  # regions
_USUAL = 5.0  # films of the whole catalogue's mixture that every region is taken to have besides
_SAYS = 0.12  # of a region's films, at least so many are of the genre that names it
_APART = 0.16  # of the map: a name is not written twice nearer than this


@dataclass(frozen=True, eq=False)
class Region:
    """A part of a map."""

    genre: str
    place: tuple[float, float]  # of the film of that genre that is most in the middle of them
    films: npt.NDArray[np.int64]  # of the map, counted from 0
    named: bool  # whether the name is drawn: not beside the same one


def regions_of(places: npt.NDArray[np.floating], genres: Sequence[Sequence[str] | None], seed: int = 0) -> list[Region]:
    """The regions of a map, the largest first; none where no genres are known. `places` is (n, 2), `genres` n lists.

    Films are parted by k-means (Lloyd, 1982). A region has the name of the genre with the most films beyond what
    chance would give, weighed by how many times commoner it is there, of those that make up an eighth of it or so.
    """
    names = sorted({genre for some in genres for genre in some or ()})
    if not names or len(places) < _FEWEST:
        return []
    shares = _shares(genres, names)  # (n, genres)
    usual = shares.sum(axis=0) / max(shares.sum(), 1e-9)
    k = int(np.clip(len(places) // _FILMS, _FEWEST, _MOST))
    _, cell = kmeans2(places.astype(np.float64), k, minit="++", seed=np.random.default_rng(seed))
    regions: list[Region] = []
    for films in sorted((np.flatnonzero(cell == one) for one in range(k)), key=len, reverse=True):
        counts = shares[films].sum(axis=0)
        if not counts.sum():
            continue
        lift = (counts + _USUAL * usual) / (counts.sum() + _USUAL) / np.maximum(usual, 1e-9)
        # A genre of few films may be far commoner than elsewhere, and still say nothing of the others.
        says = counts >= min(_SAYS * counts.sum(), counts.max())
        genre = names[int(np.argmax(np.where(says, counts * np.log(lift), -np.inf)))]
        x, y = _amid(places[films[shares[films, names.index(genre)] > 0]])
        near = any(one.genre == genre and np.hypot(one.place[0] - x, one.place[1] - y) < _APART for one in regions)
        regions.append(Region(genre, (x, y), films, not near))
    return regions


def _amid(places: npt.NDArray[np.floating]) -> tuple[float, float]:
    """The place nearest to the middle of all: the middle itself may lie between two heaps, where there is nothing."""
    apart = ((places - np.median(places, axis=0)) ** 2).sum(axis=1)
    x, y = places[int(np.argmin(apart))].tolist()
    return x, y


def _shares(genres: Sequence[Sequence[str] | None], names: Sequence[str]) -> npt.NDArray[np.float64]:
    """Each film's genres, a film of two half in each: (n, genres)."""
    column = {name: place for place, name in enumerate(names)}
    shares = np.zeros((len(genres), len(names)))
    for film, some in enumerate(genres):
        for genre in some or ():
            shares[film, column[genre]] += 1 / len(some or ())
    return shares
