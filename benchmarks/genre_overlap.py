"""Do similar movies of a hybrid share genres, and does the tutorial's table come out the same?"""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.harness import ml_latest, record, tmdb_catalogue
from matinee.data.dataset import Dataset, Ratings
from matinee.data.linking.catalogue_matching import match_catalogues
from matinee.index.top import top_rows
from matinee.models.capabilities import SimilarityKind
from matinee.models.neural.hybrid import Hybrid

TITLES = ("Inception", "The Dark Knight", "Parasite", "Spirited Away")
KINDS: tuple[SimilarityKind, ...] = ("content", "cf", "hybrid")
K = 10
RECIPE = Path(__file__).parent.parent / "recipes" / "hybrid-as-written.toml"


def run() -> None:
    """Measure the share of the ten most similar movies with a common genre, for four movies and for all."""
    catalogue = tmdb_catalogue()
    rated = _add_ratings(catalogue, ml_latest())
    settings = tomllib.loads(RECIPE.read_text(encoding="utf-8"))["settings"]
    models = {"as written": Hybrid(**settings).fit(catalogue), "fixed": Hybrid().fit(rated)}
    record(
        "genre_overlap",
        "TMDB's catalogue: the share of the 10 most similar movies that share a genre, as written and fixed.",
        {
            "movies": catalogue.n_movies,
            "movies_with_ratings": int((rated.counts > 0).sum()),
            "ratings": len(rated.ratings),
            "ratings_of_these_movies": {title: int(rated.counts[_row(rated, title)]) for title in TITLES},
            "chance": _chance(catalogue),
            "models": {
                name: {"table": _table(model, catalogue), "last_epoch": _figures(model)}
                for name, model in models.items()
            },
        },
    )


def _add_ratings(catalogue: Dataset, ratings: Dataset) -> Dataset:
    """Add the ratings of MovieLens to the movies of the TMDB catalogue."""
    catalogue_rows = match_catalogues(ratings.movies, catalogue.movies).rows
    rows = catalogue_rows[ratings.ratings.movie]
    matched = ratings.ratings.keep(rows >= 0)
    linked = Ratings(matched.user, rows[rows >= 0].astype(np.int32), matched.rating, matched.timestamp)
    return replace(catalogue, ratings=linked.ordered(), users=ratings.users, user_ids=ratings.user_ids)


def _table(model: Hybrid, data: Dataset) -> dict[str, dict[str, float]]:
    """Return the genre overlap of the four movies and the mean of the catalogue (`all`) for each kind of similarity."""
    rows = np.array([_row(data, title) for title in TITLES], dtype=np.int32)
    all_rows = np.arange(data.n_movies, dtype=np.int32)
    table: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        shares = [_overlap(model, data, block, kind) for block in (rows, all_rows)]
        shares_of_titles = {title: round(float(share), 3) for title, share in zip(TITLES, shares[0], strict=True)}
        table[kind] = shares_of_titles | {"all": round(float(shares[1].mean()), 3)}
    return table


def _overlap(model: Hybrid, data: Dataset, rows: np.ndarray, kind: SimilarityKind) -> np.ndarray:
    genres = [set(names) for names in data.movies["genres"].to_list()]
    shares: list[float] = []
    for block in np.array_split(rows, max(1, len(rows) // 1000)):
        scores = model.similar_by(block, kind)
        scores[np.arange(len(block)), block] = -np.inf
        for row, top in zip(block, top_rows(scores, K), strict=True):
            shares.append(np.mean([bool(genres[row] & genres[other]) for other in top]))
    return np.array(shares)


def _chance(data: Dataset) -> float:
    """Return the share of all pairs of movies with a common genre."""
    from matinee.features.facts import genre_vectors

    vectors, _ = genre_vectors(data.movies)
    sharing = (vectors @ vectors.T > 0).mean()
    return round(float(sharing), 3)


def _figures(model: Hybrid) -> dict[str, float]:
    return {name: round(value, 5) for name, value in model.curve[-1].items()}


def _row(data: Dataset, title: str) -> int:
    """Return the row of the first movie with this title, as in the tutorial."""
    return data.movies["title"].to_list().index(title)
