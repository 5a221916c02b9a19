"""Which strategy satisfies all guests of a movie night, and what does it cost? Groups of 2, 4 and 8 users."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.harness import ml_1m, record
from matinee.arrays import Floats, Indices, Ranks
from matinee.data.splits import Split, make_split
from matinee.evaluation.intervals import Bootstrap, holm, sign_flip_p_values
from matinee.evaluation.metrics import PerUser
from matinee.models.popularity_stats import popularity_stats
from matinee.models.registry import make
from matinee.pipeline.engine import Engine
from matinee.pipeline.group.aggregation import STRATEGIES, aggregate
from matinee.pipeline.group.guests import Guest, rank_for_guest, satisfaction
from matinee.progress import track

SIZES = (2, 4, 8)
N_GROUPS = 200  # of each size and kind
K = 3  # movies of a night
TOP = 100
N_CALIBRATION = 2000  # users whose lists are compared with their ratings


def run() -> None:
    """Hide a random tenth of MovieLens 1M, fit `blend` and `bayes_mf` on the rest, and choose movies for groups.

    The weight of predicted ratings in the satisfaction, one half, was chosen on another tenth (seed 0).
    """
    split = make_split(ml_1m(), "random:0.1", seed=1)
    model = make("blend").fit(split.train, split.validation)
    before_test = split.before_test
    movies = before_test.movies.with_columns(popularity_stats(before_test).get_columns())
    nights = Nights(Engine(movies, model, before_test.scale, rating_model=make("bayes_mf").fit(before_test)), split)
    rng = np.random.default_rng(0)
    n_users = len(split.tested_users)
    users = rng.choice(n_users, min(N_CALIBRATION, n_users), replace=False)
    results: dict[str, Any] = {
        "by rank in the user's own list": nights.by_rank(users, with_ratings=False),
        "by rank among predicted ratings": nights.by_rank(users, with_ratings=True),
    }
    liked = _liked(split)
    for size in SIZES:
        random_groups = [rng.choice(n_users, size, replace=False) for _ in range(N_GROUPS)]
        similar_groups = [_similar_users(liked, int(group[0]), size) for group in random_groups]
        for kind, groups in (("random users", random_groups), ("users with similar taste", similar_groups)):
            results[f"{size} {kind}"] = nights.evaluate(groups, with_ratings=False)
            results[f"{size} {kind}, with predicted ratings"] = nights.evaluate(groups, with_ratings=True)
    record(
        "movie_night",
        f"MovieLens 1M, random:0.1, blend without and with bayes_mf: {N_GROUPS} groups, {K} movies each. How "
        "satisfied are the guests with each strategy?",
        results,
    )


class Nights:
    """Movie nights among the test users, whose own lists are computed once."""

    def __init__(self, engine: Engine, split: Split):
        self.engine, self.split = engine, split
        self.lists: dict[int, tuple[Ranks, Ranks]] = {}
        groups = engine.title_groups
        n = int(groups.max()) + 1
        self.rating_counts = np.zeros(n, dtype=np.int64)
        np.maximum.at(self.rating_counts, groups, engine.rating_counts)
        targets = split.targets
        assert targets.ratings is not None
        self.test_ratings = sparse.csr_matrix(  # test ratings by user and title group
            (targets.ratings, (targets.owner, groups[targets.movies])), (len(targets), n)
        )

    def ranks_of(self, user: int) -> tuple[Ranks, Ranks]:
        """Return ranks by title group in the user's own list and among their predicted ratings; 0 for seen movies."""
        if user not in self.lists:
            history = self.split.histories.block(user, user + 1)
            own = rank_for_guest(self.engine, Guest(str(user), history))
            assert own.rating_ranks is not None
            self.lists[user] = own.list_ranks, own.rating_ranks
        return self.lists[user]

    def evaluate(self, groups_of_users: Sequence[Indices], with_ratings: bool) -> dict[str, Any]:
        """Evaluate each strategy on groups, with or without predicted ratings."""
        measurements: dict[str, list[dict[str, float]]] = {}
        for number, group in enumerate(track(groups_of_users, "choosing")):
            ranks = np.stack([self.ranks_of(int(user)) for user in group])  # (members, 2, names + 1)
            groups = np.flatnonzero((ranks > 0).all(axis=(0, 1)))
            list_ranks, liked = ranks[:, 0, groups], ranks[:, 1, groups]
            satisfactions = satisfaction(self.engine, list_ranks, liked if with_ratings else None)
            ratings = self.test_ratings[group][:, groups].toarray()
            for strategy, chosen in self.choices(satisfactions, groups, number):
                measurements.setdefault(strategy, []).append(_measure(satisfactions, list_ranks, ratings, chosen))
            alone = np.argsort(-satisfactions, axis=1, kind="stable")[:, :K]
            measurements.setdefault("alone", []).append(_count_ratings(np.take_along_axis(ratings, alone, axis=1)))
            measurements.setdefault("all movies", []).append(_count_ratings(ratings))
        bootstrap = Bootstrap(len(groups_of_users), seed=0)
        summary = {strategy: _summarize(bootstrap, rows) for strategy, rows in measurements.items()}
        return {**summary, "difference from average": _differences(bootstrap, measurements)}

    def choices(self, satisfactions: Floats, groups: Indices, seed: int) -> Iterator[tuple[str, list[int]]]:
        """Yield the choice of each strategy and of some baselines."""
        yield "random", np.random.default_rng(seed).choice(len(groups), K, replace=False).tolist()
        yield "popularity", np.argsort(-self.rating_counts[groups], kind="stable")[:K].tolist()
        yield "one guest decides", np.argsort(-satisfactions[0], kind="stable")[:K].tolist()
        yield "mean and minimum, half each", _mean_and_minimum(satisfactions)
        for strategy in STRATEGIES:
            yield strategy, aggregate(satisfactions, K, strategy)

    def by_rank(self, users: Indices, with_ratings: bool) -> list[dict[str, Any]]:
        """Count test ratings by rank: is the logarithm the right scale?"""
        n = len(self.rating_counts)
        shown, rated, ratings = np.zeros(n), np.zeros(n), np.zeros(n)
        for user in track(users.tolist(), "computing lists"):
            rank = self.ranks_of(user)[with_ratings]
            shown += np.bincount(rank, minlength=n)
            hit = self.test_ratings[[user]].tocoo()
            rated += np.bincount(rank[hit.col], minlength=n)
            ratings += np.bincount(rank[hit.col], hit.data, minlength=n)
        summary: list[dict[str, Any]] = []
        for first in 2 ** np.arange(int(np.log2(n)) + 1):
            span = slice(int(first), int(min(2 * first, n)))
            summary.append(
                {
                    "ranks": f"{span.start}-{span.stop - 1}",
                    "rated": int(rated[span].sum()),
                    "chance": round(float(rated[span].sum() / shown[span].sum()), 5),
                    "mean rating": round(float(ratings[span].sum() / max(rated[span].sum(), 1)), 3),
                }
            )
        return summary


def _mean_and_minimum(satisfactions: Floats) -> list[int]:
    """Choose one movie after another to maximise the mean plus the minimum of the total satisfaction.

    Greedy-LM of Xiao et al., "Fairness-aware group recommendation with Pareto-efficiency", RecSys 2017.
    """
    total, chosen = np.zeros((len(satisfactions), 1)), list[int]()
    for _ in range(K):
        then = total + satisfactions
        value = then.mean(axis=0) + then.min(axis=0)
        value[chosen] = -np.inf
        chosen.append(int(np.argmax(value)))
        total = total + satisfactions[:, [chosen[-1]]]
    return chosen


def _measure(satisfactions: Floats, list_ranks: Ranks, ratings: Floats, chosen: list[int]) -> dict[str, float]:
    of_chosen = satisfactions[:, chosen]  # (members, K)
    total = of_chosen.sum(axis=1)
    best = satisfactions.max(axis=1)
    return {
        "first: mean satisfaction": of_chosen[:, 0].mean(),
        "first: minimum satisfaction": of_chosen[:, 0].min(),
        "first: in the top 100 of": (list_ranks[:, chosen[0]] <= TOP).mean(),
        "first: cost": (best - of_chosen[:, 0]).mean(),
        "all: mean satisfaction": of_chosen.mean(),
        "all: satisfaction of the least satisfied": total.min() / of_chosen.shape[1],
        "all: in the top 100 of": (list_ranks[:, chosen] <= TOP).mean(),
        "all: cost": (best[:, None] - of_chosen).mean(),
        "all: Jain's index": total.sum() ** 2 / (len(total) * (total**2).sum()),
        **_count_ratings(ratings[:, chosen]),
    }


def _count_ratings(ratings: Floats) -> dict[str, float]:
    """Sum and count test ratings (members, movies), 0 for none."""
    return {"sum": float(ratings.sum()), "rated": float(np.count_nonzero(ratings))}


def _summarize(bootstrap: Bootstrap, rows: list[dict[str, float]]) -> dict[str, Any]:
    columns = {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}
    total, rated = columns.pop("sum"), columns.pop("rated")
    summary: dict[str, Any] = {
        name: vars(bootstrap.figure(PerUser(values, np.ones(len(values))))) for name, values in columns.items()
    }
    return {
        **summary,
        "hidden ratings": int(rated.sum()),
        "mean hidden rating": vars(bootstrap.figure(PerUser(total, rated))),
    }


def _differences(bootstrap: Bootstrap, measurements: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    """Return paired differences of each strategy from `average`, with Holm-corrected p-values."""
    differences: dict[str, PerUser] = {}
    for strategy in STRATEGIES:
        for name in (
            "all: mean satisfaction",
            "all: satisfaction of the least satisfied",
            "first: minimum satisfaction",
        ):
            values = np.array([row[name] for row in measurements[strategy]]) - [
                row[name] for row in measurements["average"]
            ]
            if strategy != "average":
                differences[f"{strategy}, {name}"] = PerUser(values, np.ones(len(values)))
    p_values = holm(sign_flip_p_values(np.stack([values.above for values in differences.values()]), seed=0))
    return {
        name: {**vars(bootstrap.figure(values)), "p": round(float(p), 4)}
        for (name, values), p in zip(differences.items(), p_values, strict=True)
    }


def _liked(split: Split) -> sparse.csr_matrix:
    """Return the movies that each user rated from their median up, at length 1: (users, movies)."""
    before_test = split.histories
    assert before_test.ratings is not None
    medians = np.array([np.median(values) for values in np.split(before_test.ratings, before_test.offsets[1:-1])])
    liked = before_test.ratings >= medians[before_test.owner]
    matrix = sparse.csr_matrix(
        (np.ones(liked.sum()), (before_test.owner[liked], before_test.movies[liked])),
        (len(before_test), split.before_test.n_movies),
    )
    lengths = np.sqrt(np.diff(matrix.indptr))
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(lengths, 1)) @ matrix)


def _similar_users(liked: sparse.csr_matrix, user: int, size: int) -> Indices:
    """Return a user and those with the most similar liked movies, by cosine."""
    cosine = (liked @ liked[[user]].T).toarray().ravel()
    cosine[user] = np.inf
    return np.argsort(-cosine, kind="stable")[:size]
