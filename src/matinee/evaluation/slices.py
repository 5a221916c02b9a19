"""The metrics of a ranking for parts of the users or of the test movies."""

import numpy as np

from matinee.arrays import Indices, Mask
from matinee.data.histories import offsets_of
from matinee.data.splits import Split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import accuracy
from matinee.evaluation.ranking import Ranking, rank_targets
from matinee.message import N_, Message
from matinee.models.recommender import Recommender
from matinee.reports.metrics import METRICS
from matinee.reports.schema import Slice


def slices_of(model: Recommender, ranking: Ranking, split: Split, k: int, seed: int) -> dict[str, Slice]:
    """Measure cold users, tail movies and, if the split hides movies, those movies ranked among themselves."""
    slices = {
        N_("cold users"): _cold_users(ranking, split, k, seed),
        N_("tail movies"): _tail_movies(ranking, split, k, seed),
    }
    if split.hidden is not None:
        alone = rank_targets(model, split.histories, split.targets, k, candidates=split.hidden)
        description = Message("ranked only among the {movies:,} hidden movies", {"movies": int(split.hidden.sum())})
        slices[N_("hidden movies alone")] = _measure(alone, k, seed, description)
    return {name: part for name, part in slices.items() if part is not None}


def _cold_users(ranking: Ranking, split: Split, k: int, seed: int) -> Slice | None:
    lengths = split.histories.lengths
    limit = int(np.quantile(lengths, 0.25, method="lower"))
    return _measure(
        _only(ranking, (lengths <= limit)[_owner(ranking)]),
        k,
        seed,
        Message("the quarter of users with the shortest histories (at most {limit} movies)", {"limit": limit}),
    )


def _tail_movies(ranking: Ranking, split: Split, k: int, seed: int) -> Slice | None:
    counts = split.before_test.counts
    head = np.zeros(len(counts), dtype=bool)
    head[np.argsort(-counts, kind="stable")[: len(counts) // 5]] = True
    tail = 1 - counts[head].sum() / counts.sum()
    return _measure(
        _only(ranking, ~head[ranking.target_movies]),
        k,
        seed,
        Message(
            "test movies outside the most-rated fifth of the catalogue ({share:.0%} of ratings)", {"share": float(tail)}
        ),
    )


def _measure(ranking: Ranking | None, k: int, seed: int, description: Message) -> Slice | None:
    if ranking is None:
        return None
    users = len(ranking.offsets) - 1
    bootstrap = Bootstrap(users, seed)
    keys = {metric.key(k) for metric in METRICS if metric.in_slices}
    figures = bootstrap.figures({key: values for key, values in accuracy(ranking, k).items() if key in keys})
    return Slice(description, users, figures)


def _only(ranking: Ranking, keep: Mask) -> Ranking | None:
    """Reduce a ranking to the targets where `keep` and the users who still have one; None without any."""
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


def _owner(ranking: Ranking) -> Indices:
    return np.repeat(np.arange(len(ranking.offsets) - 1), np.diff(ranking.offsets))
