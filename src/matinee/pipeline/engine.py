"""The catalogue and the fitted models that answer requests."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from scipy import sparse

from matinee.arrays import AnyRows, Embeddings, Indices, MovieRows
from matinee.errors import RunError
from matinee.features.facts import fact_vectors, genre_vectors
from matinee.models.capabilities import unit_rows
from matinee.models.recommender import Recommender
from matinee.models.runs import Run, load_run
from matinee.pipeline.movie_identity import MovieIdentity
from matinee.pipeline.title_lookup import TitleLookup

FEW_RATINGS = 5  # below this many, the ratings of a movie do not show yet who likes it


@dataclass(frozen=True, eq=False)
class Engine:
    """One catalogue and the fitted models that share it.

    `ranker` orders movies for a history. `rating_model` predicts ratings, shown beside the order. `content_model` ranks
    movies without ratings. The last two are optional.
    """

    movies: pl.DataFrame  # as a run stores it
    ranker: Recommender
    scale: tuple[float, float]  # lowest and highest rating
    rating_model: Recommender | None = None
    content_model: Recommender | None = None
    run: Run | None = None  # of the ranker; None if built in memory

    @property
    def n_movies(self) -> int:
        """The number of catalogue rows."""
        return len(self.movies)

    @cached_property
    def identity(self) -> MovieIdentity:
        """Which rows are the same movie."""
        return MovieIdentity(self.movies)

    @property
    def title_groups(self) -> Indices:
        """A number for each row, equal for rows with the same title and year: (movies,)."""
        return self.identity.by_row

    @cached_property
    def lookup(self) -> TitleLookup:
        """Finds movies by title."""
        return TitleLookup(self.movies)

    @cached_property
    def genre_names(self) -> list[str]:
        """The genres of the catalogue, sorted."""
        return genre_vectors(self.movies)[1]

    @cached_property
    def genres(self) -> Embeddings:
        """Genres at length 1, so that products are cosines; zeros for a movie without genres: (movies, genres)."""
        return unit_rows(genre_vectors(self.movies)[0])

    @cached_property
    def facts(self) -> sparse.csr_array:
        """Sparse vectors of catalogue facts, whose products measure how much two movies share: (movies, facts)."""
        return fact_vectors(self.movies)

    @cached_property
    def rating_counts(self) -> Indices:
        """The number of ratings of each movie when the run was trained: (movies,)."""
        return self.movies["rated"].to_numpy()

    @cached_property
    def recent_rating_counts(self) -> Indices:
        """The number of those among the latest tenth of all ratings: (movies,)."""
        return self.movies["rated_recently"].to_numpy()

    @cached_property
    def by_popularity(self) -> Indices:
        """Rows, the most-rated movie first: (movies,)."""
        return np.argsort(-self.rating_counts, kind="stable")

    @cached_property
    def questions(self) -> MovieRows:
        """Movies to ask a new user about, in that order."""
        ordered = self.movies.with_row_index("row").drop_nulls("question").sort("question")
        return ordered["row"].to_numpy().astype(np.int32)

    def listings_of(self, rows: AnyRows) -> Indices:
        """These rows and every other listing of the same movies."""
        return self.identity.listings_of(rows)


def load_engine(run: Path, rating_run: Path | None = None, content_run: Path | None = None) -> Engine:
    """Load an engine from the folders of runs with the same catalogue. Raises `RunError`."""
    main = load_run(run)
    return Engine(
        main.movies,
        main.model,
        main.scale,
        None if rating_run is None else _companion(main, rating_run, "predicts_ratings", "predict ratings", "bayes_mf"),
        None
        if content_run is None
        else _companion(main, content_run, "scores_new_movies", "rank new movies", "hybrid"),
        main,
    )


def _companion(main: Run, folder: Path, capability: str, purpose: str, example: str) -> Recommender:
    other = load_run(folder)
    if not main.has_same_catalogue(other.movie_ids.ids.tolist()):
        raise RunError(f"{folder} has a different catalogue than {main.folder}. Train both runs on the same data.")
    if not getattr(other.model, capability):
        name = other.model.name
        raise RunError(f"{folder} is a run of {name}, which cannot {purpose}. Use one that can, such as {example}.")
    return other.model
