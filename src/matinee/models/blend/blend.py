"""`blend`: several models joined as a product of experts.

Each part k gives a score s_k; the blend is sum_k w_k log(max(s_k, 0) + floor_k): experts multiplied, so that a
movie has to please all of them, where a sum of scores lets one shout the others down (Hinton, "Training
products of experts by minimizing contrastive divergence", 2002). Scores that are logarithms already, as those
of a network under a softmax are, enter as they are. Weights and floors maximise the likelihood of the
validation movies under a softmax over the movies a user had not seen. They are learned with the parts fitted on
the training part alone; then the closed forms are fitted once more, on training and validation together.
Networks are not: they chose their epoch on validation, and what they learned is the same either way.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field

from matinee.arrays import Floats, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.splits import leave_last, random_ratings
from matinee.errors import ProtocolError, RunError
from matinee.models.blend.blend_weights import learn_weights
from matinee.models.linear.closed_form import ClosedForm, ClosedFormConfig, DatasetDelta
from matinee.models.recommender import Config, Recommender, State, with_validation
from matinee.models.registry import make, model_class
from matinee.progress import track

_SAMPLE_BYTES = 512 << 20  # scores of all parts for the sampled validation movies


class PartConfig(Config):
    """One expert: a model's name and those of its settings that differ from the defaults."""

    model: str
    settings: dict[str, Any] = Field(default_factory=dict[str, Any])


class BlendConfig(Config):
    """Settings of `blend`."""

    parts: tuple[PartConfig, ...] = (
        PartConfig(model="slist"),
        PartConfig(model="ease", settings={"half_life": 4.0}),
        PartConfig(model="ease"),
    )
    sample: int = Field(default=2000, ge=1)  # validation movies that the weights are learned from
    people: int = Field(default=50_000, ge=1)  # whose ratings the parts learn from while weights are learned, at most
    head: int | None = Field(default=None, ge=1)  # of those closed forms among the parts that have no other
    seed: int = Field(default=0, ge=0)  # of that sample


class Blend(Recommender):
    """A weighted product of other models' scores."""

    name = "blend"
    description = "several models multiplied together, weights learned on validation"
    config_class = BlendConfig
    config: BlendConfig
    weights: Floats  # (parts,)
    floors: Floats  # (parts,): what a score of zero counts as
    settled: tuple[Floats, Floats] | None = None  # both, from a fit that was judged: not to be learned again

    def __init__(self, config: Config | None = None, **settings: Any):
        """Make the parts. Raises `ConfigError` and, for an unknown part, `NotFoundError`."""
        super().__init__(config, **settings)
        self.parts = [make(part.model, **self._settings(part)) for part in self.config.parts]
        self.uses_timestamps = any(part.uses_timestamps for part in self.parts)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Learn the weights on `validation` (held out from `train` if there is none), then refit the parts."""
        if self.settled is not None:  # what to choose by has been learned from already
            self.weights, self.floors = self.settled
            return self._fit_parts(with_validation(train, validation))
        if validation is None or not len(validation.ratings):
            train, validation = _hold_out(train, self.config.seed)
        some = _some_people(train, self.config.people, self.config.seed)
        for part in track(self.parts, "fitting parts to learn their weights"):
            self._fit(part, train if part.uses_validation else some, validation if part.uses_validation else None)
        histories, targets = self._sample(train, validation)
        scores = [part.score(histories) for part in self.parts]
        logs = [part.log_scores for part in self.parts]
        self.weights, self.floors = learn_weights(scores, histories, targets, logs)
        del scores, some  # some hundred megabytes
        return self._fit_parts(with_validation(train, validation))

    def unfitted_copy_for_all_data(self) -> Self:
        """Without networks, which would have to choose anew: a blend that keeps these weights and fits its parts."""
        fresh = type(self)(self.config)
        if self.n_movies and not any(part.uses_validation for part in self.parts):
            fresh.settled = self.weights, self.floors
        return fresh

    def keep_sums(self, folder: Path) -> None:
        """Let the closed forms leave the sums of their last fit."""
        for part in self.parts:
            if isinstance(part, ClosedForm):
                part.keep_sums(folder)

    def update(self, known: Dataset, change: DatasetDelta, statistics: Path) -> None:
        """Update each part, and keep weights and floors. Raises `RunError` for parts that are no closed forms."""
        closed = [part for part in self.parts if isinstance(part, ClosedForm)]
        if len(closed) < len(self.parts):
            others = ", ".join(part.name for part in self.parts if not isinstance(part, ClosedForm))
            raise RunError(
                f"a blend with {others} cannot be updated, only one of ease and slist; expected a new training"
            )
        for part in track(closed, "updating parts"):
            twin = self._twin(part)
            if twin is None:
                part.update(known, change, statistics)
            else:
                part.weights, part.n_movies = twin.weights, twin.n_movies
        self.n_movies = known.n_movies

    def keep_checkpoints(self, folder: Path) -> None:
        """Let each part do so."""
        for part in self.parts:
            part.keep_checkpoints(folder)

    def score(self, histories: Histories) -> Scores:
        """The weighted sum of the logarithms of the parts' scores."""
        self.require_fitted()
        return self.join([part.score(histories) for part in self.parts])

    def score_without(
        self, history: Histories, entries: npt.NDArray[np.int64], movies: npt.NDArray[np.int32] | None = None
    ) -> Scores:
        """The parts' scores without each entry, joined like any."""
        self.require_fitted()
        return self.join([part.score_without(history, entries, movies) for part in self.parts])

    def join(self, scores_of_parts: Iterable[Scores]) -> Scores:
        """What the parts' scores, (n, movies) each, come to together: (n, movies)."""
        experts: list[Scores] = []
        weights, floors = self.weights.tolist(), self.floors.tolist()
        for part, scores, weight, floor in zip(self.parts, scores_of_parts, weights, floors, strict=True):
            linked = scores if part.log_scores else np.maximum(scores, 0)
            if not part.log_scores:
                linked += floor
                np.log(linked, out=linked)
            experts.append(weight * linked)
        return sum(experts[1:], start=experts[0])

    def similar(self, movies: npt.NDArray[np.int32]) -> Scores:
        """Likeness as the first part has it that ignores order: what is rated next need not be alike."""
        timeless = [part for part in self.parts if not part.uses_timestamps]
        return timeless[0].similar(movies) if timeless else super().similar(movies)

    def state(self) -> State:
        """The weights, the floors, and each part's arrays under its number, those of equal parts once."""
        state: State = {"weights": self.weights, "floors": self.floors}
        for number, part in enumerate(self.parts):
            if self._twin(part) is None:
                state |= {f"{number}.{name}": array for name, array in part.state().items()}
        return state

    def restore(self, state: State) -> None:
        """Take weights, floors and parts back."""
        self.weights, self.floors = state["weights"], state["floors"]
        for number, part in enumerate(self.parts):
            prefix = f"{number}."
            part.n_movies = self.n_movies
            own = {name.removeprefix(prefix): array for name, array in state.items() if name.startswith(prefix)}
            twin = None if own else self._twin(part)
            if isinstance(part, ClosedForm) and twin is not None:
                part.weights = twin.weights
            else:
                part.restore(own)

    def _settings(self, part: PartConfig) -> dict[str, Any]:
        """Those of a part, with the blend's head where it has none of its own."""
        has_head = self.config.head is not None and issubclass(model_class(part.model).config_class, ClosedFormConfig)
        return ({"head": self.config.head} if has_head else {}) | part.settings

    def _twin(self, part: Recommender) -> ClosedForm | None:
        """An earlier part with the same weights: it differs at most in how it looks at histories."""
        for other in self.parts:
            if other is part:
                return None
            if (
                isinstance(other, ClosedForm)
                and isinstance(part, ClosedForm)
                and other.solution_key == part.solution_key
            ):
                return other
        return None

    def _fit_parts(self, known: Dataset) -> Self:
        for part in track([part for part in self.parts if not part.uses_validation], "fitting parts on everything"):
            self._fit(part, known, None)
        self.n_movies = known.n_movies
        return self

    def _fit(self, part: Recommender, train: Dataset, validation: Dataset | None) -> None:
        twin = self._twin(part)
        if isinstance(part, ClosedForm) and twin is not None:
            part.weights, part.n_movies = twin.weights, twin.n_movies
        else:
            part.fit(train, validation)

    def _sample(self, train: Dataset, validation: Dataset) -> tuple[Histories, npt.NDArray[np.int32]]:
        """Some validation movies of users with a past, and the history that went before each."""
        has_past = train.histories.lengths[validation.ratings.user] > 0
        usable = np.flatnonzero(has_past)
        if not len(usable):
            raise ProtocolError("blend cannot learn its weights: no user has ratings in both training and validation")
        affordable = max(1, _SAMPLE_BYTES // (4 * train.n_movies * len(self.parts)))
        size = min(self.config.sample, affordable, len(usable))
        chosen = np.random.default_rng(self.config.seed).choice(usable, size, replace=False)
        return train.histories_of(validation.ratings.user[chosen]), validation.ratings.movie[chosen]


def _hold_out(train: Dataset, seed: int) -> tuple[Dataset, Dataset]:
    """Train and validation parts of a training set that came without validation: everybody's last, if known."""
    split = leave_last(train) if train.has_order else None
    if split is None or not len(split.test.ratings):
        split = random_ratings(train, 0.1, seed)
    return split.known, split.test


def _some_people(train: Dataset, most: int, seed: int) -> Dataset:
    """The ratings of at most so many people: what weights come to no longer changes beyond (docs/models.md)."""
    people = np.flatnonzero(train.histories.lengths)
    if len(people) <= most:
        return train
    chosen = np.zeros(train.n_users, dtype=np.bool_)
    chosen[np.random.default_rng(seed).choice(people, most, replace=False)] = True
    return train.keep(chosen[train.ratings.user])
