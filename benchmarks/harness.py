"""Shared by the benchmarks: data, repeated timing, and writing results."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

import matinee
from matinee.data.dataset import Dataset
from matinee.data.fetching.download import default_folder, get
from matinee.data.files import write_json
from matinee.data.readers.formats import read_dataset
from matinee.data.synthetic.size import LIKE, Size
from matinee.data.synthetic.world import World
from matinee.data.synthetic.writing import write_movielens
from matinee.errors import MatineeError
from matinee.evaluation.resources import machine
from matinee.store.movie_table import read_movie_table

RESULTS = Path(__file__).parent / "results"


class Skipped(Exception):  # noqa: N818
    """The data of a benchmark is missing. The message says how to get it."""


def ml_1m_folder() -> Path:
    """Return the folder of MovieLens 1M: `$MATINEE_ML1M`, or a download. Raises `Skipped`."""
    folder = os.environ.get("MATINEE_ML1M")
    if folder:
        return Path(folder)
    try:
        return get("ml-1m", default_folder()).path
    except MatineeError as error:
        raise Skipped(f"needs MovieLens 1M: set MATINEE_ML1M to its folder ({error})") from error


def ml_1m() -> Dataset:
    """Load MovieLens 1M. Raises `Skipped`."""
    return read_dataset(ml_1m_folder())[0]


def ml_100k() -> Dataset:
    """Load MovieLens 100K from a download. Raises `Skipped`."""
    try:
        return read_dataset(get("ml-100k", default_folder()).path)[0]
    except MatineeError as error:
        raise Skipped(f"needs MovieLens 100K ({error})") from error


def path_from_environment(variable: str, content: str) -> Path:
    """Return the path in an environment variable. Raises `Skipped` if it is not set."""
    path = os.environ.get(variable)
    if not path:
        raise Skipped(f"needs {content}: set {variable} to its path")
    return Path(path)


def tmdb_catalogue() -> Dataset:
    """Load the TMDB catalogue in `$MATINEE_TMDB`, a CSV file. Raises `Skipped`."""
    return read_dataset(path_from_environment("MATINEE_TMDB", "a TMDB catalogue with overviews and votes"))[0]


def ml_latest() -> Dataset:
    """Load MovieLens latest from `$MATINEE_ML_LATEST`. Raises `Skipped`."""
    return read_dataset(path_from_environment("MATINEE_ML_LATEST", "MovieLens latest of 2016"))[0]


def synthetic(factor: int) -> Path:
    """Return synthetic data of `factor` times MovieLens 1M (32: as MovieLens 32M) in `$MATINEE_SYNTHETIC`.

    Missing data is generated. Raises `Skipped` if the variable is not set, since the largest set takes a gigabyte.
    """
    folder = path_from_environment("MATINEE_SYNTHETIC", "a folder for synthetic data") / f"{factor}x"
    if not folder.exists():
        size = LIKE["ml-32m"] if factor == 32 else Size.of(factor * LIKE["ml-1m"].ratings)
        write_movielens(World.of(size, seed=0), folder)
    return folder


def movie_table() -> pl.DataFrame:
    """Load the CC0 movie table from a download. Raises `Skipped`."""
    try:
        return read_movie_table(get("movie-table", default_folder()).path / "movies.db")
    except MatineeError as error:
        raise Skipped(f"needs the movie table ({error})") from error


def matinee_evaluate(models: Sequence[str], folder: Path, split: str, *options: str) -> dict[str, Any]:
    """Run `matinee evaluate` in a separate process.

    Returns the report with `command`, `seconds` and `peak_memory_mb`.
    """
    with tempfile.TemporaryDirectory() as temporary:
        output = Path(temporary) / "out.json"
        words = ["evaluate", *models, "--data", str(folder), "--split", split, *options]
        cost = matinee_command(*words, "--json", output)
        report = json.loads(output.read_text(encoding="utf-8"))
    shown = " ".join(words).replace(str(folder), folder.name)
    return {
        **report,
        "command": f"matinee {shown} --json out.json",
        "seconds": cost["seconds"],
        "peak_memory_mb": cost["peak_mb"],
    }


def matinee_command(
    *words: str | Path, environment: Mapping[str, str] | None = None, silent: bool = False
) -> dict[str, float]:
    """Run `matinee` with these arguments in a separate process. Returns its `seconds` and `peak_mb`."""
    program = [sys.executable, "-c", "from matinee.cli.app import main; main()", *map(str, words)]
    to_nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)] if silent else []
    start = time.perf_counter()
    child = os.posix_spawn(sys.executable, program, os.environ | (environment or {}), file_actions=to_nowhere)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"matinee {' '.join(map(str, words))} failed")
    return {"seconds": round(time.perf_counter() - start, 1), "peak_mb": round(usage.ru_maxrss / 1e3)}


def fastest(work: Callable[[], object], times: int = 5) -> float:
    """Return the seconds of the fastest run, the one least disturbed by other work on the machine."""
    seconds: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def record(name: str, question: str, results: dict[str, Any]) -> None:
    """Write `results/<name>.json` and print it."""
    content = {
        "question": question,
        "date": datetime.now(UTC).date().isoformat(),
        "version": matinee.__version__,
        "machine": machine(),
        **results,
    }
    write_json(RESULTS / f"{name}.json", content)
    print(f"\n{name}: {question}")
    for key, value in results.items():
        print(f"  {key}: {value}")
