"""What the benchmarks share: the data, repeated timing, and writing an answer down."""

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
    """The data a benchmark needs is not here; the message says how to get it."""


def ml_1m_folder() -> Path:
    """MovieLens 1M: `$MATINEE_ML1M`, else downloaded. Raises `Skipped`."""
    given = os.environ.get("MATINEE_ML1M")
    if given:
        return Path(given)
    try:
        return get("ml-1m", default_folder()).path
    except MatineeError as error:
        raise Skipped(f"needs MovieLens 1M: set MATINEE_ML1M to its folder ({error})") from error


def ml_1m() -> Dataset:
    """MovieLens 1M, read. Raises `Skipped`."""
    return read_dataset(ml_1m_folder())[0]


def ml_100k() -> Dataset:
    """MovieLens 100K, downloaded. Raises `Skipped`."""
    try:
        return read_dataset(get("ml-100k", default_folder()).path)[0]
    except MatineeError as error:
        raise Skipped(f"needs MovieLens 100K ({error})") from error


def given_folder(variable: str, what: str) -> Path:
    """The file or folder an environment variable names. Raises `Skipped` if it is not set."""
    given = os.environ.get(variable)
    if not given:
        raise Skipped(f"needs {what}: set {variable} to where it is")
    return Path(given)


def tmdb_catalogue() -> Dataset:
    """TMDB's catalogue, `$MATINEE_TMDB`, a CSV file. Raises `Skipped`."""
    return read_dataset(given_folder("MATINEE_TMDB", "a catalogue of TMDB with overviews and votes"))[0]


def ml_latest() -> Dataset:
    """MovieLens latest, `$MATINEE_ML_LATEST`. Raises `Skipped`."""
    return read_dataset(given_folder("MATINEE_ML_LATEST", "MovieLens latest of 2016"))[0]


def synthetic(factor: int) -> Path:
    """Made-up data of so many times MovieLens 1M (32: of MovieLens 32M), in `$MATINEE_SYNTHETIC`, made if missing.

    Raises `Skipped` if the variable is not set: the largest takes a gigabyte.
    """
    folder = given_folder("MATINEE_SYNTHETIC", "a folder for made-up data") / f"{factor}x"
    if not folder.exists():
        size = LIKE["ml-32m"] if factor == 32 else Size.of(factor * LIKE["ml-1m"].ratings)
        write_movielens(World.of(size, seed=0), folder)
    return folder


def film_table() -> pl.DataFrame:
    """The CC0 film table, downloaded. Raises `Skipped`."""
    try:
        return read_movie_table(get("films", default_folder()).path / "movies.db")
    except MatineeError as error:
        raise Skipped(f"needs the film table ({error})") from error


def matinee_evaluate(models: Sequence[str], folder: Path, split: str, *options: str) -> dict[str, Any]:
    """Run `matinee evaluate` as a user would, in a process of its own.

    Returns its report, and under `command`, `seconds` and `peak_memory_mb` what was run and what it took.
    """
    with tempfile.TemporaryDirectory() as temporary:
        written = Path(temporary) / "out.json"
        words = ["evaluate", *models, "--data", str(folder), "--split", split, *options]
        took = matinee_command(*words, "--json", written)
        report = json.loads(written.read_text(encoding="utf-8"))
    shown = " ".join(words).replace(str(folder), folder.name)
    return {
        **report,
        "command": f"matinee {shown} --json out.json",
        "seconds": took["seconds"],
        "peak_memory_mb": took["peak_mb"],
    }


def matinee_command(
    *words: str | Path, environment: Mapping[str, str] | None = None, silent: bool = False
) -> dict[str, float]:
    """Run `matinee` with these words as a user would, in a process of its own: its `seconds` and `peak_mb`."""
    program = [sys.executable, "-c", "from matinee.cli.app import main; main()", *map(str, words)]
    to_nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)] if silent else []
    start = time.perf_counter()
    child = os.posix_spawn(sys.executable, program, os.environ | (environment or {}), file_actions=to_nowhere)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"matinee {' '.join(map(str, words))} failed")
    return {"seconds": round(time.perf_counter() - start, 1), "peak_mb": round(usage.ru_maxrss / 1e3)}


def fastest(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of several runs: the one least disturbed by whatever else the machine did."""
    seconds: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def record(name: str, question: str, answer: dict[str, Any]) -> None:
    """Write `results/<name>.json` and print it."""
    content = {
        "question": question,
        "date": datetime.now(UTC).date().isoformat(),
        "version": matinee.__version__,
        "machine": machine(),
        **answer,
    }
    write_json(RESULTS / f"{name}.json", content)
    print(f"\n{name}: {question}")
    for key, value in answer.items():
        print(f"  {key}: {value}")
