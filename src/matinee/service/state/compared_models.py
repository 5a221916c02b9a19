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

    def __init__(self, folders: Sequence[Path], stage: ServedRun):
        """Load the runs. Raises `RunError` for what is no run, or one of another catalogue than the stage's."""
        self._rivals = [load_run(folder) for folder in folders]
        for rival in self._rivals:
            if not _shares_catalogue(rival, stage):
                raise RunError(
                    f"{rival.folder}: its catalogue is not that of {stage.paths.run}; expected, to be compared with "
                    "it, a run trained on the same data"
                )
        self._made: LRUCache[str, dict[str, ComparedModel]] = LRUCache(_KEPT)

    def get(self, stage: ServedRun) -> dict[str, ComparedModel]:
        """By name, the model that serves first. A further run whose catalogue is no longer the stage's is left out."""
        made = self._made.get(stage.version)
        if made is None:
            made = self._made.put(stage.version, self._contenders(stage))
        return made

    def _contenders(self, stage: ServedRun) -> dict[str, ComparedModel]:
        cinema = stage.engine
        found = [(stage.model, cinema)]
        if isinstance(cinema.ranker, Blend):
            names = _names_of_parts(cinema.ranker.config.parts)
            found += [(name, _cinema(stage, part)) for name, part in zip(names, cinema.ranker.parts, strict=True)]
        if cinema.ranker.name != Popularity.name:
            found.append((Popularity.name, _cinema(stage, _popularity(cinema))))
        found += [(one.model.name, _cinema(stage, one.model)) for one in self._rivals if _shares_catalogue(one, stage)]
        contenders: dict[str, ComparedModel] = {}
        for name, one in found:
            own = name
            number = 2
            while own in contenders:
                own, number = f"{name} #{number}", number + 1
            contenders[own] = ComparedModel(own, one)
        return contenders


def _shares_catalogue(run: Run, stage: ServedRun) -> bool:
    return run.movies["movie_id"].to_list() == stage.engine.movies["movie_id"].to_list()


def _cinema(stage: ServedRun, ranker: Recommender) -> Engine:
    return Engine(stage.engine.movies, ranker, stage.engine.scale)


def _popularity(cinema: Engine) -> Popularity:
    """The model, of the counts that the run kept."""
    model = Popularity()
    model.n_movies = cinema.n_movies
    model.restore({"counts": cinema.rated.astype(np.float32)})
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
