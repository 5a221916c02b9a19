"""The demo: download MovieLens 100K, evaluate six models, train two, and recommend movies to one user."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matinee.arrays import MovieRows
from matinee.data.dataset import Dataset
from matinee.data.fetching.download import default_folder, get
from matinee.data.histories import Histories
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.data.readers.dataset_writer import write_dataset
from matinee.data.readers.formats import read_dataset
from matinee.data.splits import make_split
from matinee.evaluation.documents import run_documents
from matinee.evaluation.evaluate import evaluate
from matinee.models.registry import make
from matinee.models.runs import Run, save_run
from matinee.reports.schema import Report
from matinee.store.movie_table import read_movie_table

RATING_RUN = "rating-run"  # folder of the run that predicts ratings

_MODELS = ("random", "popularity", "item_cf", "ease", "slist", "blend")
_FOLDER = "ml-100k-linked"  # MovieLens 100K joined with the CC0 movie table


@dataclass(frozen=True)
class DemoData:
    """MovieLens 100K, its movies joined with the movie table."""

    dataset: Dataset
    folder: Path
    notes: tuple[str, ...] = ()  # about the download and the join, if they were done now


@dataclass(frozen=True, eq=False)
class Demo:
    """The evaluation of six models, two trained runs, and a user to recommend to."""

    report: Report
    run: Run  # a blend
    rating_run: Run  # a model that predicts ratings
    history: Histories  # of one user with a typical number of ratings


def load_demo_data() -> DemoData:
    """Load MovieLens 100K with the movie table. The first call downloads and joins them."""
    folder = default_folder() / _FOLDER
    notes: list[str] = []
    if not folder.exists():
        ratings, movies = get("ml-100k", default_folder()), get("movie-table", default_folder())
        dataset, _ = read_dataset(ratings.path)
        joined, matches = join_catalogue(dataset, read_movie_table(movies.path / "movies.db"))
        write_dataset(joined, folder)
        notes = [
            ratings.note,
            f"{matches.matched:,} of {joined.n_movies:,} movies, with {matches.ratings_covered:.0%} of the ratings, "
            "are in the movie table",
        ]
    return DemoData(read_dataset(folder)[0], folder, tuple(notes))


def build_demo(data: DemoData, folder: Path) -> Demo:
    """Evaluate six models on `data`, then train a blend and a model of ratings, and save both runs in `folder`."""
    dataset = data.dataset
    report = evaluate({name: make(name) for name in _MODELS}, make_split(dataset, "leave-last"))
    model, rating_model = make("blend").fit(dataset), make("bayes_mf").fit(dataset)
    run = save_run(folder / "run", model, dataset, data.folder, run_documents(report, "blend", model))
    rating_run = save_run(folder / RATING_RUN, rating_model, dataset, data.folder)
    return Demo(report, run, rating_run, dataset.histories_of(_typical_user(dataset)))


def _typical_user(dataset: Dataset) -> MovieRows:
    """Return the row of the user with the median number of ratings."""
    lengths = dataset.histories.lengths
    return np.array([np.argsort(lengths, kind="stable")[len(lengths) // 2]], dtype=np.int32)
