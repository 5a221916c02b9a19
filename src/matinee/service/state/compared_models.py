"""The models that can be held against each other for one person: the run that serves, its parts, and further runs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matinee.errors import RunError
from matinee.models.baselines.popularity import Popularity
from matinee.models.blend.blend import Blend, PartConfig
from matinee.models.recommender import Recommender
from matinee.models.runs import Run, load_run
from matinee.pipeline.candidates import ranked_candidates
from matinee.pipeline.engine import Engine
from matinee.pipeline.request import Request
from matinee.service.state.lru_cache import LRUCache
from matinee.service.state.served_run import ServedRun

_KEPT = 1  # stage: that of now; an older one would hold its whole run in memory


@dataclass(frozen=True, eq=False)
class ComparedModel:
    """One model, over the catalogue that is served. Its name is its own among the contenders."""

    name: str
    engine: Engine

    def top_rows(self, request: Request) -> list[int]:
        """The first k films of a request, best first."""
        return ranked_candidates(self.engine, request).rows[: request.k].tolist()


class ComparedModels:
    """The contenders of each stage. Further runs are loaded once, when the house opens."""

    def __init__(self, folders: Sequence[Path], run: ServedRun):
        """Load the runs. Raises `RunError` for what is no run, or one of another catalogue than the stage's."""
        self._rivals = [load_run(folder) for folder in folders]
        for rival in self._rivals:
            if not _shares_catalogue(rival, run):
                raise RunError(
                    f"{rival.folder}: its catalogue is not that of {run.paths.run}; expected, to be compared with "
                    "it, a run trained on the same data"
                )
        self._made: LRUCache[str, dict[str, ComparedModel]] = LRUCache(_KEPT)

    def get(self, run: ServedRun) -> dict[str, ComparedModel]:
        """By name, the model that serves first. A further run whose catalogue is no longer the stage's is left out."""
        made = self._made.get(run.version)
        if made is None:
            made = self._made.put(run.version, self._contenders(run))
        return made

    def _contenders(self, run: ServedRun) -> dict[str, ComparedModel]:
        engine = run.engine
        found = [(run.model, engine)]
        if isinstance(engine.ranker, Blend):
            names = _names_of_parts(engine.ranker.config.parts)
            found += [(name, _cinema(run, part)) for name, part in zip(names, engine.ranker.parts, strict=True)]
        if engine.ranker.name != Popularity.name:
            found.append((Popularity.name, _cinema(run, _popularity(engine))))
        found += [(one.model.name, _cinema(run, one.model)) for one in self._rivals if _shares_catalogue(one, run)]
        contenders: dict[str, ComparedModel] = {}
        for name, one in found:
            own = name
            number = 2
            while own in contenders:
                own, number = f"{name} #{number}", number + 1
            contenders[own] = ComparedModel(own, one)
        return contenders


def _shares_catalogue(other: Run, run: ServedRun) -> bool:
    return other.movies["movie_id"].to_list() == run.engine.movies["movie_id"].to_list()


def _cinema(run: ServedRun, ranker: Recommender) -> Engine:
    return Engine(run.engine.movies, ranker, run.engine.scale)


def _popularity(engine: Engine) -> Popularity:
    """The model, of the counts that the run kept."""
    model = Popularity()
    model.n_movies = engine.n_movies
    model.restore({"counts": engine.rated.astype(np.float32)})
    return model


def _names_of_parts(parts: Sequence[PartConfig]) -> list[str]:
    """`slist`; of a model that is several parts, those with settings say which: `ease (half_life 4)`."""
    times = Counter(part.model for part in parts)

    def name(part: PartConfig) -> str:
        told = ", ".join(
            f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}" for key, value in part.settings.items()
        )
        return f"{part.model} ({told})" if told and times[part.model] > 1 else part.model

    return [name(part) for part in parts]
