"""Synthetic movies: release dates, genres, quality, popularity, and the topics of users' interests.

The `topics` decide which users rate which movies: 64 kinds of movies (a genre and a variety of it), each a distribution
over all movies. A user is interested in a few of them; see `users`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matinee.arrays import Floats32
from matinee.data.synthetic.size import Size

N_TOPICS = 64
_FACTORS = 16
_LAST_RELEASE = 2023.75  # MovieLens 32M ends in October 2023
_FIRST_RELEASE = 1902.0
_YEAR = 365.25 * 86_400  # seconds
# Genres with their approximate share of the movies of MovieLens 32M, taken from MovieLens latest of 2016.
GENRES = {
    "Drama": 0.48,
    "Comedy": 0.36,
    "Thriller": 0.19,
    "Action": 0.17,
    "Romance": 0.17,
    "Adventure": 0.12,
    "Crime": 0.12,
    "Horror": 0.10,
    "Sci-Fi": 0.09,
    "Fantasy": 0.07,
    "Children": 0.06,
    "Mystery": 0.06,
    "Documentary": 0.05,
    "Animation": 0.05,
    "Musical": 0.04,
    "War": 0.04,
    "Western": 0.02,
    "Film-Noir": 0.01,
}
# How strongly a topic prefers its own kind of movie: at 0 only popularity counts.
_SHARPNESS = 1.9
_LEAST_FAME = 0.004  # of a movie relative to the mean: nearly every movie of MovieLens 32M has ratings
_QUALITY_OF_FAME = 0.35  # correlation of a movie's mean rating with the logarithm of its number of ratings


@dataclass(frozen=True, eq=False)
class SyntheticCatalogue:
    """Columns of equal length m, ordered by id."""

    ids: npt.NDArray[np.int64]  # (m,) ascending with gaps, as in MovieLens
    release: npt.NDArray[np.int64]  # (m,) seconds since 1970, negative before
    genres: npt.NDArray[np.bool_]  # (m, genres) in the order of GENRES
    quality: Floats32  # (m,) standard normal: mean liking of its viewers
    liking: Floats32  # (topics, m) standardised: liking of a movie by users of a topic
    topics: npt.NDArray[np.float64]  # (topics, m) probability that users of a topic pick a movie; rows sum to 1
    shelf: npt.NDArray[np.int32]  # (m,) movie rows in the order of lists: similar movies together, popular ones first

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def shelf_position(self) -> npt.NDArray[np.int32]:
        """The position of each movie row on the shelf: (m,)."""
        position = np.empty(len(self), dtype=np.int32)
        position[self.shelf] = np.arange(len(self), dtype=np.int32)
        return position

    @cached_property
    def picks(self) -> npt.NDArray[np.float64]:
        """Cumulative sums of all topics, (topics * m,): `z + u` selects a movie of topic z for u from 0 to 1."""
        sums = np.cumsum(self.topics, axis=1)
        sums /= sums[:, -1:]
        return (sums + np.arange(N_TOPICS)[:, None]).ravel()


def make_catalogue(size: Size, rng: np.random.Generator) -> SyntheticCatalogue:
    """`size.movies` movies, some of them with hardly any ratings."""
    m = size.movies
    release = _releases(m, rng)
    kinds = rng.standard_normal((len(GENRES), _FACTORS))
    genres = _genres(m, rng)
    nature = _unit(_unit(genres @ kinds) + _unit(rng.standard_normal((m, _FACTORS))))
    favourites = rng.choice(len(GENRES), N_TOPICS, p=_shares())
    topic_factors = _unit(_unit(kinds[favourites]) + _unit(rng.standard_normal((N_TOPICS, _FACTORS))))
    liking = topic_factors @ nature.T  # (topics, m)
    liking = (liking - liking.mean(axis=1, keepdims=True)) / liking.std(axis=1, keepdims=True)
    fame = rng.exponential(size=m) ** _fame_power(m)
    fame += _LEAST_FAME * fame.mean()
    topics = fame * np.exp(_SHARPNESS * liking)
    topics /= topics.sum(axis=1, keepdims=True)
    return SyntheticCatalogue(
        ids=np.cumsum(rng.integers(1, 6, m)),
        release=release,
        genres=genres,
        quality=_quality(fame, rng),
        liking=liking.astype(np.float32),
        topics=topics,
        shelf=_shelf(liking, fame, rng),
    )


def _fame_power(movies: int) -> float:
    """The length of the tail: popularity is an exponential variate to this power (a Weibull distribution).

    The ratings per movie of MovieLens 1M follow the power 1.5 from their 10th to their 99th percentile, those of
    MovieLens 32M about 3.7. The power here is larger, since tastes and release dates reduce the spread again.
    """
    return max(1.3, 2.0 + 0.85 * np.log(movies / 3_883))


def _releases(m: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """More movies every year: ages have a median of 18 years, as in MovieLens latest."""
    age = rng.gamma(1.3, 18.0, m)
    year = np.maximum(_LAST_RELEASE - age, _FIRST_RELEASE + rng.random(m))
    # Ids follow the order in which movies are added: old movies first, later ones when they come out.
    added = np.where(year < 1996, 1996 + rng.exponential(8.0, m), year)
    return ((year[np.argsort(added, kind="stable")] - 1970) * _YEAR).astype(np.int64)


def _genres(m: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """The genres of each movie, at least one: (m, genres)."""
    main = rng.choice(len(GENRES), m, p=_shares())
    more = rng.random((m, len(GENRES))) < 0.45 * np.array(list(GENRES.values()))
    more[np.arange(m), main] = True
    return more


def _shares() -> npt.NDArray[np.float64]:
    shares = np.array(list(GENRES.values()))
    return shares / shares.sum()


def _quality(fame: npt.NDArray[np.float64], rng: np.random.Generator) -> Floats32:
    log_fame = np.log(fame)
    log_fame = (log_fame - log_fame.mean()) / log_fame.std()
    own = rng.standard_normal(len(fame))
    return (_QUALITY_OF_FAME * log_fame + np.sqrt(1 - _QUALITY_OF_FAME**2) * own).astype(np.float32)


def _shelf(
    liking: npt.NDArray[np.float64], fame: npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.int32]:
    blurred = np.log(fame) + rng.normal(0, 0.5, len(fame))
    return np.lexsort((-blurred, liking.argmax(axis=0))).astype(np.int32)


def _unit(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
