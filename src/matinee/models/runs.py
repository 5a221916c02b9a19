"""Runs: a fitted model with its catalogue, as a folder that can be passed on.

A run holds `settings.json` (model, config, package version, data fingerprint), `weights.safetensors`,
`catalogue.parquet` (the movies, in row order, with counts of their ratings) and what documents came with it
(`metrics.json`, `MODEL_CARD.md`, `curves.png`). It holds nobody's ratings: those stay in the data folder it was
trained on, whose path it remembers. Reading a run runs no code from it.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

import matinee
from matinee.data.dataset import Dataset
from matinee.data.files import write_bytes, write_parquet
from matinee.data.vocabulary import Vocabulary
from matinee.errors import RunError
from matinee.models.incremental import STATISTICS_FOLDER, USERS_FILE, user_digests
from matinee.models.memory_budget import describe_solver
from matinee.models.popularity_stats import popularity_stats
from matinee.models.recommender import SETTINGS_FILE, Recommender
from matinee.models.registry import model_class

CATALOGUE_FILE = "catalogue.parquet"
_DOCUMENTS = ("metrics.json", "MODEL_CARD.md", "curves.png")


@dataclass(frozen=True, eq=False)
class Run:
    """A fitted model and the catalogue its rows stand for."""

    folder: Path
    model: Recommender
    movies: pl.DataFrame  # in row order
    movie_ids: Vocabulary
    settings: dict[str, Any]

    @property
    def scale(self) -> tuple[float, float]:
        """The lowest and highest rating of the data it was trained on."""
        low, high = self.settings["data"]["scale"]
        return float(low), float(high)


def save_run(
    folder: Path,
    model: Recommender,
    dataset: Dataset,
    source: Path,
    documents: Mapping[str, bytes] | None = None,
    statistics: Path | None = None,
) -> Run:
    """Write a run for a model fitted on `dataset`, which was read from `source`; an older run there is replaced.

    `statistics` is a folder of sums that the fit left, which is moved into the run so that it can be updated. The
    folder appears complete or not at all. Raises `RunError` if `folder` exists and is not a run.
    """
    if folder.exists() and not is_run(folder) and any(folder.iterdir()):
        raise RunError(f"{folder}: exists and is not a run; expected a new folder, an empty one, or an older run")
    data = {"name": dataset.name, "path": str(source.resolve()), "fingerprint": dataset.fingerprint}
    data |= {"ratings": len(dataset.ratings), "users": dataset.n_users, "scale": list(dataset.scale)}
    about = {
        "version": matinee.__version__,
        "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": data,
        "covers": describe_solver(model, dataset.counts),
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
    try:
        model.save(temporary, about)
        write_parquet(temporary / CATALOGUE_FILE, dataset.movies.with_columns(popularity_stats(dataset).get_columns()))
        for name, content in (documents or {}).items():
            write_bytes(temporary / name, content)
        if statistics is not None:
            write_parquet(statistics / USERS_FILE, user_digests(dataset))
            shutil.move(statistics, temporary / STATISTICS_FOLDER)
        temporary.chmod(0o755)
        _swap(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return load_run(folder)


def documents_of(run: Run, update: str) -> dict[str, bytes]:
    """The documents of a run that has been updated since: its figures as they were, and a card that says so."""
    kept = {name: (run.folder / name).read_bytes() for name in _DOCUMENTS if (run.folder / name).is_file()}
    if "MODEL_CARD.md" in kept:
        day = datetime.now(UTC).date().isoformat()
        kept["MODEL_CARD.md"] += f"\nUpdated on {day} with {update}; the figures above are of before.\n".encode()
    return kept


def is_run(folder: Path) -> bool:
    """Whether a folder looks like a run."""
    return (folder / SETTINGS_FILE).is_file() and (folder / CATALOGUE_FILE).is_file()


def load_run(folder: Path) -> Run:
    """Read a run. Raises `RunError` for what is missing, damaged or does not fit together."""
    if not is_run(folder):
        raise RunError(f"{folder}: not a run; expected a folder written by 'matinee train' with {SETTINGS_FILE} in it")
    try:
        settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        movies = pl.read_parquet(folder / CATALOGUE_FILE)
        model = model_class(settings["model"]).load(folder)
        data = settings["data"]
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
        raise RunError(f"{folder}: a damaged run ({error})") from error
    if len(movies) != model.n_movies or "fingerprint" not in data:
        raise RunError(f"{folder}: its catalogue has {len(movies):,} movies and its model {model.n_movies:,}")
    return Run(folder, model, movies, Vocabulary(movies["movie_id"].to_numpy().copy()), settings)


def _swap(new: Path, target: Path) -> None:
    """Put `new` in `target`'s place; an older `target` is moved aside first and removed last."""
    if not target.exists():
        new.replace(target)
        return
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=".old")) / target.name
    target.replace(aside)
    new.replace(target)
    shutil.rmtree(aside.parent)
