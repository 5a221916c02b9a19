"""The models that users can compare: the served model, its parts, popularity, and further runs."""

import threading
from collections import Counter
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cachetools import LRUCache

from matinee.errors import RunError
from matinee.models.baselines.popularity import Popularity
from matinee.models.blend.blend import Blend, PartConfig
from matinee.models.recommender import Recommender
from matinee.models.runs import load_run
from matinee.pipeline.candidates import rank_candidates
from matinee.pipeline.engine import Engine
from matinee.pipeline.request import Request
from matinee.service.state.served_run import ServedRun

_MAX_RUNS = 1  # the current run only, because an older one would stay in memory


@dataclass(frozen=True, eq=False)
class ComparedModel:
    """One model on the served catalogue, under a unique name."""

    name: str
    engine: Engine

    def top_rows(self, request: Request) -> list[int]:
        """The rows of the first k movies for a request, best first."""
        return rank_candidates(self.engine, request).rows[: request.k].tolist()


class ComparedModels:
    """The compared models of each served run. Further runs are loaded once, at the start."""

    def __init__(self, folders: Sequence[Path], run: ServedRun):
        """Load the further runs. Raises `RunError` if a folder is no run or has another catalogue."""
        self._further_runs = [load_run(folder) for folder in folders]
        for further_run in self._further_runs:
            if not further_run.has_same_catalogue(run.engine.movies["movie_id"].to_list()):
                raise RunError(
                    f"{further_run.folder} has another catalogue than {run.paths.run}. "
                    "Compare runs that were trained on the same data."
                )
        self._cache: MutableMapping[str, dict[str, ComparedModel]] = LRUCache(_MAX_RUNS)
        self._lock = threading.Lock()

    def get(self, run: ServedRun) -> dict[str, ComparedModel]:
        """Return the models by name, the served model first. Further runs with another catalogue are left out."""
        with self._lock:
            models = self._cache.get(run.version)
            if models is None:
                models = self._cache[run.version] = self._build(run)
            return models

    def _build(self, run: ServedRun) -> dict[str, ComparedModel]:
        engine = run.engine
        named_engines = [(run.model, engine)]
        if isinstance(engine.ranker, Blend):
            names = _part_names(engine.ranker.config.parts)
            parts = zip(names, engine.ranker.parts, strict=True)
            named_engines += [(name, _with_ranker(engine, part)) for name, part in parts]
        if engine.ranker.name != Popularity.name:
            named_engines.append((Popularity.name, _with_ranker(engine, _popularity(engine))))
        movie_ids = engine.movies["movie_id"].to_list()
        named_engines += [
            (further_run.model.name, _with_ranker(engine, further_run.model))
            for further_run in self._further_runs
            if further_run.has_same_catalogue(movie_ids)
        ]
        models: dict[str, ComparedModel] = {}
        for name, model_engine in named_engines:
            unique_name, number = name, 2
            while unique_name in models:
                unique_name, number = f"{name} #{number}", number + 1
            models[unique_name] = ComparedModel(unique_name, model_engine)
        return models


def _with_ranker(engine: Engine, ranker: Recommender) -> Engine:
    return Engine(engine.movies, ranker, engine.scale)


def _popularity(engine: Engine) -> Popularity:
    """Build the popularity model from the rating counts of the run."""
    model = Popularity()
    model.n_movies = engine.n_movies
    model.restore({"counts": engine.rating_counts.astype(np.float32)})
    return model


def _part_names(parts: Sequence[PartConfig]) -> list[str]:
    """Name the parts of a blend: `slist`, or with its settings if the model occurs twice: `ease (reg 4)`."""
    counts = Counter(part.model for part in parts)

    def name(part: PartConfig) -> str:
        settings = ", ".join(
            f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}" for key, value in part.settings.items()
        )
        return f"{part.model} ({settings})" if settings and counts[part.model] > 1 else part.model

    return [name(part) for part in parts]
