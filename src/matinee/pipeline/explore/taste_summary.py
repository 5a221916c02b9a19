"""A user's taste in a few figures: the last liked movie, the favourite genre, and shares beside the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from matinee.arrays import AnyFloats, AnyRows, Floats, MovieRows
from matinee.data.histories import GAP, Histories
from matinee.pipeline.engine import Engine
from matinee.pipeline.feedback_rules import favourite_entries
from matinee.pipeline.filters import Filters
from matinee.pipeline.rerank import mmr

ENOUGH_RATINGS = 10  # from which shares and a taste map begin to mean something
_GENRES, _DIRECTORS = 12, 8  # shown
_DIRECTOR_MOVIES = 2  # movies by a director that the user must have rated
_PRIOR_MOVIES = 3.0  # movies of the catalogue's mix added to the favourites, so that one movie makes no favourite genre
_POOL = 6  # times the length of a row, from which a varied row is chosen
_VARIETY = 0.5


@dataclass(frozen=True)
class CategoryShare:
    """One genre, decade or director."""

    name: str
    movies: float  # of the user's; a movie with two genres is half in each
    user_share: float  # 0-1, of the user's movies
    catalogue_share: float  # 0-1, of all movies
    mean_rating: float  # the user's
    catalogue_movies: int = 0  # by a director


def last_liked_movie(engine: Engine, history: Histories) -> int | None:
    """The row of the latest favourite."""
    favourites = _favourites(engine, history)
    return int(favourites[-1]) if len(favourites) else None


def favourite_genre(engine: Engine, history: Histories) -> str | None:
    """The genre most over-represented among the favourites compared with the catalogue; None without favourites."""
    favourites = _favourites(engine, history)
    if not len(favourites):
        return None
    genres = engine.movies["genres"]
    names = engine.genre_names
    own = _genre_counts(names, genres.gather(favourites).to_list())
    all_counts = _genre_counts(names, genres.to_list())
    usual = all_counts / max(all_counts.sum(), 1)
    lift = (own + _PRIOR_MOVIES * usual) / (own.sum() + _PRIOR_MOVIES) / np.maximum(usual, 1e-9)
    weight = np.where(own >= 1, np.log(np.maximum(lift, 1e-9)) * own, -np.inf)
    return names[int(np.argmax(weight))] if np.isfinite(weight).any() else None


def popular_and_varied(engine: Engine, filters: Filters, k: int) -> list[int]:
    """Rows of k movies for a user without ratings: the most rated ones, with varied genres."""
    allowed = filters.allowed(engine.movies)
    rows = engine.by_popularity
    rows = rows[allowed[rows]][: _POOL * k]
    return rows[mmr(engine.genres[rows], k, _VARIETY)].tolist()


def rating_count_quantile(engine: Engine, quantile: float) -> int:
    """The number of ratings that this share of the rated movies does not exceed."""
    counts = engine.rating_counts[engine.rating_counts > 0]
    return int(np.quantile(counts, quantile)) if len(counts) else 0


def category_shares(engine: Engine, history: Histories) -> dict[str, list[CategoryShare]]:
    """Genres (largest share first), decades (in order) and directors (most movies first) of the rated movies."""
    rows = history.movies
    real = rows != GAP
    ratings = history.ratings if history.ratings is not None else np.zeros(len(rows))
    rows, ratings = rows[real], ratings[real]
    if not len(rows):
        return {"genres": [], "decades": [], "directors": []}
    return {
        "genres": _genre_shares(engine, rows, ratings),
        "decades": _decade_shares(engine, rows, ratings),
        "directors": _director_shares(engine, rows, ratings),
    }


def _favourites(engine: Engine, history: Histories) -> MovieRows:
    return history.movies[favourite_entries(history, engine.scale)]


def _genre_counts(names: list[str], genre_lists: list[list[str] | None]) -> Floats:
    """Movies of each genre, a movie with two genres half in each: (genres,)."""
    column = {name: number for number, name in enumerate(names)}
    counts = np.zeros(len(names))
    for genres in genre_lists:
        for genre in genres or []:
            counts[column[genre]] += 1 / len(genres or [])
    return counts


def _genre_shares(engine: Engine, rows: AnyRows, ratings: AnyFloats) -> list[CategoryShare]:
    has = engine.genres > 0  # (movies, genres)
    parts = has / np.maximum(has.sum(axis=1, keepdims=True), 1)
    shares = _shares(engine.genre_names, parts[rows], parts.sum(axis=0), ratings)
    return sorted(shares, key=lambda share: (-share.user_share, -share.catalogue_share))[:_GENRES]


def _decade_shares(engine: Engine, rows: AnyRows, ratings: AnyFloats) -> list[CategoryShare]:
    years = engine.movies["year"].cast(pl.Float64).to_numpy()
    movie_decades = np.floor(years[:, None] / 10) * 10  # (movies, 1)
    decades = np.unique(movie_decades[np.isfinite(movie_decades)])
    has = movie_decades == decades  # (movies, decades)
    names = [str(decade) for decade in decades.astype(int).tolist()]
    shares = _shares(names, has[rows].astype(float), has.sum(axis=0), ratings)
    # From the first to the last decade with a rated movie: an empty decade between them is information too.
    rated = [number for number, share in enumerate(shares) if share.movies]
    return shares[rated[0] : rated[-1] + 1] if rated else []


def _director_shares(engine: Engine, rows: AnyRows, ratings: AnyFloats) -> list[CategoryShare]:
    movies = engine.movies
    if "director" not in movies.columns:
        return []
    column = movies["director"] if movies["director"].dtype == pl.List else movies["director"].reshape((-1, 1))
    ratings_by_name: dict[str, list[float]] = {}
    for names, rating in zip(column.gather(rows).to_list(), ratings.tolist(), strict=True):
        for name in {name for name in names or () if name}:
            ratings_by_name.setdefault(name, []).append(rating)
    directors = [name for name in ratings_by_name if len(ratings_by_name[name]) >= _DIRECTOR_MOVIES]
    directors = sorted(directors, key=lambda name: _director_order(ratings_by_name, name))[:_DIRECTORS]
    all_directors = column.explode()
    counts = dict(all_directors.filter(all_directors.is_in(directors)).value_counts().iter_rows())
    return [
        CategoryShare(
            name,
            len(ratings_by_name[name]),
            len(ratings_by_name[name]) / len(rows),
            counts[name] / len(movies),
            sum(ratings_by_name[name]) / len(ratings_by_name[name]),
            counts[name],
        )
        for name in directors
    ]


def _director_order(ratings_by_name: Mapping[str, list[float]], name: str) -> tuple[int, float, str]:
    ratings = ratings_by_name[name]
    return -len(ratings), -sum(ratings) / len(ratings), name


def _shares(names: list[str], parts: AnyFloats, catalogue: AnyFloats, ratings: AnyFloats) -> list[CategoryShare]:
    """Shares of n names, from the part of each rated movie in each (movies, n) and the catalogue's sums (n,)."""
    movies = parts.sum(axis=0)
    mean_rating = ratings @ parts / np.maximum(movies, 1e-9)
    user_share, catalogue_share = movies / max(movies.sum(), 1e-9), catalogue / max(catalogue.sum(), 1e-9)
    columns = (movies.tolist(), user_share.tolist(), catalogue_share.tolist(), mean_rating.tolist())
    return [CategoryShare(*values) for values in zip(names, *columns, strict=True)]
