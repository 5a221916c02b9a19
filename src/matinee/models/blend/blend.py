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
from pydantic import Field

from matinee.arrays import Floats, Indices, MovieRows, Scores
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
    """One part of a blend."""

    model: str = Field(description="name of the model")
    settings: dict[str, Any] = Field(default_factory=dict[str, Any], description="its settings besides the defaults")


class BlendConfig(Config):
    """Settings of `blend`."""

    parts: tuple[PartConfig, ...] = Field(
        default=(
            PartConfig(model="slist"),
            PartConfig(model="ease", settings={"half_life": 4.0}),
            PartConfig(model="ease"),
        ),
        description="models to combine, each with its settings",
    )
    sample: int = Field(default=2000, ge=1, description="validation ratings that the weights are learned from, at most")
    max_users: int = Field(
        default=50_000, ge=1, description="users that the parts learn from while the weights are learned, at most"
    )
    head: int | None = Field(default=None, ge=1, description="`head` of those closed forms that set none themselves")
    seed: int = Field(default=0, ge=0, description="seed of both samples")


class Blend(Recommender):
    """A weighted product of other models' scores."""

    name = "blend"
    description = "several models multiplied together, weights learned on validation"
    config_class = BlendConfig
    config: BlendConfig
    weights: Floats  # (parts,)
    floors: Floats  # (parts,): added to scores, which stand in for zeros
    fixed_weights: tuple[Floats, Floats] | None = None  # weights and floors that a fit keeps instead of learning

    def __init__(self, config: Config | None = None, **settings: Any):
        """Make the parts. Raises `ConfigError`, and `NotFoundError` for an unknown model."""
        super().__init__(config, **settings)
        self.parts = [make(part.model, **self._settings(part)) for part in self.config.parts]
        self.uses_timestamps = any(part.uses_timestamps for part in self.parts)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Learn the weights on `validation`, or on ratings held out from `train`, then fit the parts again on both."""
        if self.fixed_weights is not None:
            self.weights, self.floors = self.fixed_weights
            return self._fit_parts(with_validation(train, validation))
        if validation is None or not len(validation.ratings):
            train, validation = _hold_out(train, self.config.seed)
        user_sample = _sample_users(train, self.config.max_users, self.config.seed)
        for part in track(self.parts, "fitting parts to learn their weights"):
            self._fit(
                part, train if part.uses_validation else user_sample, validation if part.uses_validation else None
            )
        histories, targets = self._sample(train, validation)
        scores = [part.score(histories) for part in self.parts]
        logs = [part.log_scores for part in self.parts]
        self.weights, self.floors = learn_weights(scores, histories, targets, logs)
        del scores, user_sample  # hundreds of megabytes
        return self._fit_parts(with_validation(train, validation))

    def unfitted_copy_for_all_data(self) -> Self:
        """Make a blend that keeps these weights and fits its parts; with networks, one that learns weights again."""
        fresh = type(self)(self.config)
        if self.n_movies and not any(part.uses_validation for part in self.parts):
            fresh.fixed_weights = self.weights, self.floors
        return fresh

    def keep_sums(self, folder: Path) -> None:
        """Let the closed forms write the sums of their last fit to `folder`."""
        for part in self.parts:
            if isinstance(part, ClosedForm):
                part.keep_sums(folder)

    def update(self, data: Dataset, delta: DatasetDelta, statistics: Path) -> None:
        """Update each part; weights and floors stay. Raises `RunError` if a part is not a closed form."""
        closed = [part for part in self.parts if isinstance(part, ClosedForm)]
        if len(closed) < len(self.parts):
            other_parts = ", ".join(part.name for part in self.parts if not isinstance(part, ClosedForm))
            raise RunError(f"A blend with {other_parts} cannot be updated, only one of closed forms. Train it again.")
        for part in track(closed, "updating parts"):
            twin = self._twin(part)
            if twin is None:
                part.update(data, delta, statistics)
            else:
                part.weights, part.n_movies = twin.weights, twin.n_movies
        self.n_movies = data.n_movies

    def keep_checkpoints(self, folder: Path) -> None:
        """Write checkpoints of all parts to `folder`."""
        for part in self.parts:
            part.keep_checkpoints(folder)

    def score(self, histories: Histories) -> Scores:
        """Return the weighted sum of the logarithms of the parts' scores."""
        self.require_fitted()
        return self.combine([part.score(histories) for part in self.parts])

    def score_without(self, history: Histories, entries: Indices, movies: MovieRows | None = None) -> Scores:
        """Combine the parts' scores without each entry."""
        self.require_fitted()
        return self.combine([part.score_without(history, entries, movies) for part in self.parts])

    def combine(self, scores_of_parts: Iterable[Scores]) -> Scores:
        """Combine the parts' scores, (n, movies) each, into one: (n, movies)."""
        experts: list[Scores] = []
        weights, floors = self.weights.tolist(), self.floors.tolist()
        for part, scores, weight, floor in zip(self.parts, scores_of_parts, weights, floors, strict=True):
            linked = scores if part.log_scores else np.maximum(scores, 0)
            if not part.log_scores:
                linked += floor
                np.log(linked, out=linked)
            experts.append(weight * linked)
        return sum(experts[1:], start=experts[0])

    def similar(self, movies: MovieRows) -> Scores:
        """Return the similarity of the first part that ignores order: the next movie need not be a similar one."""
        timeless = [part for part in self.parts if not part.uses_timestamps]
        return timeless[0].similar(movies) if timeless else super().similar(movies)

    def state(self) -> State:
        """Return weights, floors, and the arrays of each part under its number. Equal parts are stored once."""
        state: State = {"weights": self.weights, "floors": self.floors}
        for number, part in enumerate(self.parts):
            if self._twin(part) is None:
                state |= {f"{number}.{name}": array for name, array in part.state().items()}
        return state

    def restore(self, state: State) -> None:
        """Take over weights, floors and parts."""
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
        """Return the settings of a part, with the blend's head if it has none of its own."""
        has_head = self.config.head is not None and issubclass(model_class(part.model).config_class, ClosedFormConfig)
        return ({"head": self.config.head} if has_head else {}) | part.settings

    def _twin(self, part: Recommender) -> ClosedForm | None:
        """Find an earlier part with the same weights, which differs at most in how it weighs histories."""
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

    def _fit_parts(self, data: Dataset) -> Self:
        for part in track([part for part in self.parts if not part.uses_validation], "fitting parts on everything"):
            self._fit(part, data, None)
        self.n_movies = data.n_movies
        return self

    def _fit(self, part: Recommender, train: Dataset, validation: Dataset | None) -> None:
        twin = self._twin(part)
        if isinstance(part, ClosedForm) and twin is not None:
            part.weights, part.n_movies = twin.weights, twin.n_movies
        else:
            part.fit(train, validation)

    def _sample(self, train: Dataset, validation: Dataset) -> tuple[Histories, MovieRows]:
        """Draw validation movies of users with a history, and return the history before each."""
        has_past = train.histories.lengths[validation.ratings.user] > 0
        usable = np.flatnonzero(has_past)
        if not len(usable):
            raise ProtocolError("blend cannot learn its weights: no user has ratings in both training and validation.")
        affordable = max(1, _SAMPLE_BYTES // (4 * train.n_movies * len(self.parts)))
        size = min(self.config.sample, affordable, len(usable))
        chosen = np.random.default_rng(self.config.seed).choice(usable, size, replace=False)
        return train.histories_of(validation.ratings.user[chosen]), validation.ratings.movie[chosen]


def _hold_out(train: Dataset, seed: int) -> tuple[Dataset, Dataset]:
    """Hold out a validation part: the last rating of each user, or a tenth at random without timestamps."""
    split = leave_last(train) if train.has_order else None
    if split is None or not len(split.test.ratings):
        split = random_ratings(train, 0.1, seed)
    return split.before_test, split.test


def _sample_users(train: Dataset, max_users: int, seed: int) -> Dataset:
    """Keep the ratings of at most `most` users; more of them no longer change the weights (docs/models.md)."""
    users = np.flatnonzero(train.histories.lengths)
    if len(users) <= max_users:
        return train
    chosen = np.zeros(train.n_users, dtype=np.bool_)
    chosen[np.random.default_rng(seed).choice(users, max_users, replace=False)] = True
    return train.keep(chosen[train.ratings.user])
