"""What requests are answered from: a catalogue, and what models learned of it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from matinee.arrays import Embeddings, MovieRows
from matinee.errors import RunError
from matinee.features.facts import fact_vectors
from matinee.features.genres import genre_vectors
from matinee.models.capabilities import unit
from matinee.models.recommender import Recommender
from matinee.models.runs import Run, load_run
from matinee.pipeline.title_lookup import TitleLookup

FEW_RATINGS = 5  # below this many, what people rated says nothing yet of where a movie belongs


@dataclass(frozen=True, eq=False)
class Engine:
    """One catalogue and the fitted models that share it.

    `ranker` orders movies for a history. `stars` predicts ratings, shown beside the order. `content` places movies
    that nobody has rated. The last two may be missing.
    """

    movies: pl.DataFrame  # as a run keeps it
    ranker: Recommender
    scale: tuple[float, float]  # the lowest and highest rating people give here
    stars: Recommender | None = None
    content: Recommender | None = None

    @property
    def n_movies(self) -> int:
        """Movies of the catalogue."""
        return len(self.movies)

    @cached_property
    def title_groups(self) -> npt.NDArray[np.uint32]:
        """A number for each movie, equal where title and year are: catalogues list some films twice. (movies,)."""
        return self.movies.select(pl.struct("title", "year").rank("dense").alias("name"))["name"].to_numpy()

    @cached_property
    def lookup(self) -> TitleLookup:
        """Finds movies by title."""
        return TitleLookup(self.movies)

    @cached_property
    def genres(self) -> Embeddings:
        """Genres at length 1, so that products are cosines; zeros where unknown: (movies, genres)."""
        return unit(genre_vectors(self.movies)[0])

    @cached_property
    def facts(self) -> sparse.csr_array:
        """What the catalogue knows of each movie, so that products say how much two have in common: (movies, facts)."""
        return fact_vectors(self.movies)

    @cached_property
    def rated(self) -> npt.NDArray[np.int64]:
        """How many ratings each movie had when the run was trained: (movies,)."""
        return self.movies["rated"].to_numpy()

    @cached_property
    def rated_recently(self) -> npt.NDArray[np.int64]:
        """How many of them were among the latest tenth of all: (movies,)."""
        return self.movies["rated_lately"].to_numpy()

    @cached_property
    def questions(self) -> MovieRows:
        """Movies to ask somebody about of whom nothing is known, in that order."""
        asked = self.movies.with_row_index("row").drop_nulls("question").sort("question")
        return asked["row"].to_numpy().astype(np.int32)

    def listings_of(self, rows: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
        """These movies and every other listing of them."""
        return np.flatnonzero(np.isin(self.title_groups, self.title_groups[rows]))


def load_engine(run: Path, stars: Path | None = None, content: Path | None = None) -> Engine:
    """A cinema from the folders of runs, all trained on one catalogue. Raises `RunError`."""
    main = load_run(run)
    for column in ("rated", "rated_lately", "question"):
        if column not in main.movies.columns:
            raise RunError(f"{run}: its catalogue lacks '{column}', as of an older version; expected a new training")
    return Engine(
        main.movies,
        main.model,
        main.scale,
        None if stars is None else _companion(main, stars, "predicts_ratings", "predicts stars, such as bayes_mf"),
        None
        if content is None
        else _companion(main, content, "scores_new_movies", "places new movies, such as hybrid"),
    )


def _companion(main: Run, folder: Path, capability: str, wanted: str) -> Recommender:
    other = load_run(folder)
    if other.movie_ids.ids.tolist() != main.movie_ids.ids.tolist():
        raise RunError(f"{folder}: its catalogue is not that of {main.folder}; expected a run trained on the same data")
    if not getattr(other.model, capability):
        raise RunError(f"{folder}: is a run of {other.model.name}; expected one of a model that {wanted}")
    return other.model
