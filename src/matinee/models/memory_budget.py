"""Memory budgets: how many movies a closed form may solve densely, and which share of the ratings that covers."""

from math import isqrt

import numpy as np
import psutil

from matinee.arrays import Indices
from matinee.errors import ConfigError
from matinee.message import Message
from matinee.models.blend.blend import Blend
from matinee.models.linear.closed_form import ClosedForm, ClosedFormConfig
from matinee.models.linear.head_tail import HeadTail
from matinee.models.recommender import Recommender

_SHARE = 0.25  # of the free memory
_MAX_BUDGET = 10**9  # a larger head takes longer, with its cube, and gained nothing that was measured


def default_budget() -> int:
    """Return a quarter of the memory that is free on this machine, at most 1 GB, in bytes."""
    return min(int(_SHARE * psutil.virtual_memory().available), _MAX_BUDGET)


def fit_to_memory(model: Recommender, n_movies: int, budget: int) -> Recommender:
    """Return an unfitted copy whose dense solutions are limited to the head that fits into `budget` bytes.

    Both the peak of a fit and the weights that are kept count. Returns the model itself if all movies fit, if its
    settings have a head already, or if it has no closed form.
    """
    closed = [part for part in _parts(model) if isinstance(part, ClosedForm) and _is_dense(part)]
    if not closed:
        return model
    bytes_kept = {part.solution_key: part.bytes_kept for part in closed}
    dense_bytes = max(part.bytes_to_fit + 2 * (sum(bytes_kept.values()) - part.bytes_kept) for part in closed)
    if dense_bytes * n_movies**2 <= budget:
        return model
    bytes_per_pair = max(part.bytes_to_fit + sum(bytes_kept.values()) - part.bytes_kept for part in closed)
    head = max(1, min(isqrt(budget // bytes_per_pair), n_movies - 1))
    return type(model)(model.config.model_copy(update={"head": head}))


def make_updatable(model: Recommender, n_rated: int) -> Recommender:
    """Return an unfitted copy with a head whose sums can be kept: all rated movies, unless its settings have a head.

    Raises `ConfigError` for a model that cannot be updated.
    """
    closed = [part for part in _parts(model) if isinstance(part, ClosedForm)]
    if len(closed) < len(_parts(model)) or any(_settings(part).solver == "sparse" for part in closed):
        raise ConfigError(
            f"{model.name} cannot be updated with these settings. Use a dense closed form, or a blend of them."
        )
    if any(_is_dense(part) for part in closed):
        return type(model)(model.config.model_copy(update={"head": n_rated}))
    return model


def describe_solver(model: Recommender, counts: Indices) -> list[Message]:
    """Describe which movies a fitted model solved densely and which through neighbours, given each movie's ratings.

    Empty if it has no head.
    """
    parts_of_size: dict[int, list[str]] = {}  # head size -> names of the parts that have it
    heads: dict[int, Indices] = {}
    for part in _parts(model):
        if isinstance(part, ClosedForm) and isinstance(part.weights, HeadTail):
            head = part.weights.head
            heads[len(head)] = head
            names = parts_of_size.setdefault(len(head), [])
            if part.name not in names:
                names.append(part.name)
    messages = [_head_message(names, heads[size], counts) for size, names in parts_of_size.items()]
    unrated = int(np.count_nonzero(counts == 0))
    if messages and unrated:
        messages.append(
            Message(
                "{n:,} movie without ratings has no weights",
                plural="{n:,} movies without ratings have no weights",
                n=unrated,
            )
        )
    return messages


def _head_message(names: list[str], head: Indices, counts: Indices) -> Message:
    share = float(counts[head].sum() / max(counts.sum(), 1))
    others = int(np.count_nonzero(counts)) - len(head)
    return Message(
        "{models}: the {head:,} most-rated movies densely ({share:.1%} of ratings), "
        "{others:,} others through neighbours ({rest:.1%})",
        {"models": ", ".join(names), "head": len(head), "share": share, "others": others, "rest": 1 - share},
    )


def _parts(model: Recommender) -> list[Recommender]:
    return model.parts if isinstance(model, Blend) else [model]


def _settings(part: ClosedForm) -> ClosedFormConfig:
    return part.config  # pyright: ignore[reportReturnType]


def _is_dense(part: ClosedForm) -> bool:
    return _settings(part).solver == "dense" and _settings(part).head is None
