"""The same ranking seen through one part of the users or of the movies."""

import numpy as np
import numpy.typing as npt

from matinee.data.histories import offsets_of
from matinee.data.splits import Split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import accuracy
from matinee.evaluation.ranking import Ranking, rank_targets
from matinee.evaluation.report import Slice
from matinee.models.recommender import Recommender

_SHOWN = ("hr", "recall", "ndcg")


def slices_of(model: Recommender, ranking: Ranking, split: Split, k: int, seed: int) -> dict[str, Slice]:
    """Cold users, tail movies and, where a split hides movies, those movies ranked among themselves."""
    found = {
        "cold users": _cold_users(ranking, split, k, seed),
        "tail movies": _tail_movies(ranking, split, k, seed),
    }
    if split.hidden is not None:
        alone = rank_targets(model, split.histories, split.targets, k, candidates=split.hidden)
        n = int(split.hidden.sum())
        found["hidden movies alone"] = _measured(alone, k, seed, f"ranked only among the {n:,} hidden movies")
    return {name: part for name, part in found.items() if part is not None}


def _cold_users(ranking: Ranking, split: Split, k: int, seed: int) -> Slice | None:
    lengths = split.histories.lengths
    limit = int(np.quantile(lengths, 0.25, method="lower"))
    return _measured(
        _only(ranking, (lengths <= limit)[_owner(ranking)]),
        k,
        seed,
        f"the quarter of users with the shortest histories (at most {limit} movies)",
    )


def _tail_movies(ranking: Ranking, split: Split, k: int, seed: int) -> Slice | None:
    counts = split.known.counts
    head = np.zeros(len(counts), dtype=bool)
    head[np.argsort(-counts, kind="stable")[: len(counts) // 5]] = True
    tail = 1 - counts[head].sum() / counts.sum()
    return _measured(
        _only(ranking, ~head[ranking.target_movies]),
        k,
        seed,
        f"test movies outside the most-rated fifth of the catalogue ({tail:.0%} of ratings)",
    )


def _measured(ranking: Ranking | None, k: int, seed: int, about: str) -> Slice | None:
    if ranking is None:
        return None
    users = len(ranking.offsets) - 1
    bootstrap = Bootstrap(users, seed)
    wanted = {f"{name}@{k}" for name in _SHOWN}
    figures = bootstrap.figures({name: metric for name, metric in accuracy(ranking, k).items() if name in wanted})
    return Slice(about, users, figures)


def _only(ranking: Ranking, keep: npt.NDArray[np.bool_]) -> Ranking | None:
    """The ranking of the targets where `keep`, of the users who still have one; None if nobody has."""
    lengths = np.bincount(_owner(ranking)[keep], minlength=len(ranking.offsets) - 1)
    users = lengths > 0
    if not users.any():
        return None
    return Ranking(
        offsets_of(lengths[users]),
        ranking.ranks[keep],
        ranking.target_movies[keep],
        ranking.target_scores[keep],
        ranking.top[users],
    )


def _owner(ranking: Ranking) -> npt.NDArray[np.int64]:
    return np.repeat(np.arange(len(ranking.offsets) - 1), np.diff(ranking.offsets))
