"""How many movies a closed form may solve densely within a given amount of memory, and what that covers."""

from math import isqrt

import numpy as np
import numpy.typing as npt
import psutil

from matinee.errors import ConfigError
from matinee.models.blend.blend import Blend
from matinee.models.linear.closed_form import ClosedForm, ClosedFormConfig
from matinee.models.linear.head_tail import HeadTail
from matinee.models.recommender import Recommender

_SHARE = 0.25  # of what is free
_MOST = 10**9  # beyond, solving takes longer, with the cube of the head, and gains nothing that was measured


def default_budget() -> int:
    """Bytes: a quarter of what is free on this machine, at most 1 GB."""
    return min(int(_SHARE * psutil.virtual_memory().available), _MOST)


def fit_to_memory(model: Recommender, n_movies: int, budget: int) -> Recommender:
    """The same model, unfitted, its dense solutions limited to the head that fits into `budget` bytes.

    Both what a fit needs at its peak and what is kept is counted. The same model itself where all movies fit, where its
    settings name a head already, or where it has no closed form.
    """
    closed = [part for part in _parts(model) if isinstance(part, ClosedForm) and _is_dense(part)]
    if not closed:
        return model
    kept = {part.solution_key: part.bytes_kept for part in closed}
    dense = max(part.bytes_to_fit + 2 * (sum(kept.values()) - part.bytes_kept) for part in closed)
    if dense * n_movies**2 <= budget:
        return model
    limited = max(part.bytes_to_fit + sum(kept.values()) - part.bytes_kept for part in closed)
    head = max(1, min(isqrt(budget // limited), n_movies - 1))
    return type(model)(model.config.model_copy(update={"head": head}))


def updatable(model: Recommender, n_rated: int) -> Recommender:
    """The same model, unfitted, with a head to keep sums of: all rated movies, where its settings name none.

    Raises `ConfigError` for a model that has no closed form to update.
    """
    closed = [part for part in _parts(model) if isinstance(part, ClosedForm)]
    if len(closed) < len(_parts(model)) or any(_settings(part).solver == "sparse" for part in closed):
        raise ConfigError(
            f"{model.name} with these settings cannot be updated; expected ease, slist or a blend of them"
        )
    if any(_is_dense(part) for part in closed):
        return type(model)(model.config.model_copy(update={"head": n_rated}))
    return model


def describe_solver(model: Recommender, counts: npt.NDArray[np.int64]) -> str:
    """What a fitted model solved densely and what it reaches through neighbours, given the ratings of each movie.

    Empty if it has no head.
    """
    told: dict[str, list[str]] = {}
    for part in _parts(model):
        if isinstance(part, ClosedForm) and isinstance(part.weights, HeadTail):
            head = part.weights.head
            share = counts[head].sum() / max(counts.sum(), 1)
            others = int(np.count_nonzero(counts)) - len(head)
            sentence = (
                f"the {len(head):,} most-rated movies densely ({share:.1%} of ratings), {others:,} others through "
                f"neighbours ({1 - share:.1%})"
            )
            if sentence not in told or part.name not in told[sentence]:
                told.setdefault(sentence, []).append(part.name)
    unrated = int(np.count_nonzero(counts == 0))
    said = "; ".join(f"{', '.join(names)}: {sentence}" for sentence, names in told.items())
    return said and said + (f"; {unrated:,} that nobody rated not at all" if unrated else "")


def _parts(model: Recommender) -> list[Recommender]:
    return model.parts if isinstance(model, Blend) else [model]


def _settings(part: ClosedForm) -> ClosedFormConfig:
    return part.config  # pyright: ignore[reportReturnType]


def _is_dense(part: ClosedForm) -> bool:
    return _settings(part).solver == "dense" and _settings(part).head is None
