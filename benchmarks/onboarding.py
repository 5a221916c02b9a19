"""How good is a list after a few answers of a new user, and does the choice of questions matter?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import matplotlib as mpl
import numpy as np

from benchmarks.harness import RESULTS, ml_1m, ml_100k, record
from matinee.arrays import Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories, offsets_of
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import PerUser, accuracy
from matinee.evaluation.ranking import rank_targets
from matinee.index.top import top_rows
from matinee.models.elicitation import NOISE, elicitation_order
from matinee.models.recommender import Recommender, State
from matinee.models.registry import make

mpl.use("Agg")
from matplotlib import pyplot as plt

K = 10
COUNTS = (0, 1, 2, 3, 5, 10, 20, 40)
MAX_QUESTIONS = 400  # our 40 and the greedy 40 are followed by popularity
MODELS = ("ease", "slist", "blend")
NOISES = (0.0, 1.0, 3.0, 10.0, 30.0)
DISCOUNT = 1 / np.log2(np.arange(2, K + 2))

Orders = dict[str, np.ndarray]
Curves = dict[tuple[str, str, str], list[PerUser]]  # (model, "questions" or "answers", questionnaire)


@dataclass(frozen=True)
class HeldOutUsers:
    """Users with one random half of their ratings as answers and the other half hidden."""

    answers: np.ndarray  # (users, movies) true where the answer is a rating
    hidden: Histories

    @classmethod
    def of(cls, data: Dataset, users: np.ndarray, seed: int) -> Self:
        """Split the ratings of `users` (n,). Users without hidden ratings are left out."""
        histories = data.histories_of(np.sort(users).astype(np.int32))
        is_question = np.random.default_rng(seed).random(len(histories.movies)) < 0.5
        answers = np.zeros((len(users), data.n_movies), dtype=bool)
        answers[histories.owner[is_question], histories.movies[is_question]] = True
        hidden = histories.with_gaps(is_question).without_gaps()
        has_hidden = hidden.lengths > 0
        return cls(answers[has_hidden], Histories(offsets_of(hidden.lengths[has_hidden]), hidden.movies))

    def after(self, order: np.ndarray, n: int, unit: str) -> Histories:
        """Return the histories after `n` questions, or after enough questions for `n` answers, in that order."""
        answered = self.answers[:, order]  # (users, questions)
        answered &= (np.arange(len(order)) < n) if unit == "questions" else (np.cumsum(answered, axis=1) <= n)
        return Histories(offsets_of(answered.sum(axis=1)), order[np.nonzero(answered)[1]])


class FromNothing(Recommender):
    """A model that falls back on popularity for empty histories, as the pipeline does."""

    name = "from_nothing"

    def __init__(self, model: Recommender):
        super().__init__()
        self.model = model

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Fit the model."""
        self.n_movies, self.counts = train.n_movies, train.counts
        self.model.fit(train, validation)
        return self

    def score(self, histories: Histories) -> Scores:
        """Return the model's scores, or counts for empty histories."""
        scores = np.array(self.model.score(histories))
        scores[histories.lengths == 0] = self.counts
        return scores

    def state(self) -> State:
        """Return no arrays: it is not saved."""
        return {}

    def restore(self, state: State) -> None:
        """Restore nothing."""


def run() -> None:
    """Hold out a tenth of the users of MovieLens 1M and 100K. The noise is chosen on another tenth."""
    results: dict[str, object] = {}
    figure, axes = plt.subplots(4, len(MODELS), figsize=(11, 12), sharex=True, sharey="row", layout="constrained")
    for number, data in enumerate((ml_1m(), ml_100k())):
        order = np.random.default_rng(0).permutation(data.n_users)
        tenth = data.n_users // 10
        test, validation = order[:tenth], order[tenth : 2 * tenth]
        orders = _mean_by_noise(data, validation, np.concatenate([test, validation]))
        train = _without(data, test)
        models = {name: FromNothing(make(name)).fit(train) for name in MODELS}
        users = HeldOutUsers.of(data, test, seed=1)
        orders = questionnaires(train, models["ease"].model)
        curves = {key: curve for model in MODELS for key, curve in _curves(models[model], model, users, orders)}
        results[data.name] = {
            "users": len(users.hidden),
            "mean hidden ratings": round(float(users.hidden.lengths.mean()), 1),
            "mean NDCG@10 by noise on validation": orders,
            "answers": {
                name: {n: round(float(users.after(order, n, "questions").lengths.mean()), 2) for n in COUNTS}
                for name, order in orders.items()
            },
            **_summarize(curves, len(users.hidden)),
        }
        _plot(axes[2 * number : 2 * number + 2], curves, data.name)
    axes[0, 0].legend()
    figure.supxlabel("n")
    figure.supylabel(f"NDCG@{K}")
    figure.savefig(RESULTS / "onboarding.png", dpi=110)
    question = f"NDCG@{K} of the hidden half of the ratings of held-out users, after n questions or n answers."
    record("onboarding", question, {"noise": NOISE, **results})


def questionnaires(train: Dataset, ease: Recommender) -> Orders:
    """Return the movies in the order of each questionnaire."""
    counts = train.counts
    popular = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    entropy = np.zeros(train.n_movies)
    for rating in np.unique(train.ratings.rating):
        answered = train.ratings.movie[train.ratings.rating == rating]
        share = np.bincount(answered, minlength=train.n_movies) / np.maximum(counts, 1)
        entropy -= share * np.log(np.where(share > 0, share, 1))
    log_popularity_entropy = np.argsort(-np.log(np.maximum(counts, 1)) * entropy, kind="stable")
    orders = {
        "ours": elicitation_order(train.histories, train.n_movies, max(COUNTS)),
        "popularity": popular,
        "log popularity x entropy": log_popularity_entropy,
        "greedy": _greedy(train, ease, popular[:100]),
        "random": np.random.default_rng(2).permutation(popular),
    }
    longer = {name: np.concatenate([order, np.setdiff1d(popular, order, True)]) for name, order in orders.items()}
    return {
        name: order[np.sort(np.unique(order, return_index=True)[1])][:MAX_QUESTIONS] for name, order in longer.items()
    }


def _greedy(train: Dataset, ease: Recommender, candidates: np.ndarray) -> np.ndarray:
    """Choose the question that helps the model most, one after another, on 1500 training users.

    GreedyExtend of Golbandi, Koren & Lempel, "On bootstrapping recommender systems", CIKM 2010, for NDCG and `ease`,
    whose scores are sums over the answers.
    """
    users = np.random.default_rng(3).choice(np.unique(train.ratings.user), min(1500, train.n_users // 2), replace=False)
    users = HeldOutUsers.of(train, users, seed=4)
    relevant = np.zeros_like(users.answers)
    relevant[users.hidden.owner, users.hidden.movies] = True
    weights = ease.similar(np.arange(train.n_movies, dtype=np.int32))
    scores, rated_mask = np.zeros(relevant.shape, dtype=np.float32), np.zeros_like(relevant)
    gains = _gain(np.tile(train.counts.astype(np.float32), (len(relevant), 1)), relevant)
    order: list[int] = []
    while len(order) < min(max(COUNTS), len(candidates)):
        best, best_gain = -1, -np.inf
        for movie in candidates[~np.isin(candidates, order)].tolist():
            can_answer = np.flatnonzero(users.answers[:, movie])
            new_scores = np.where(rated_mask[can_answer], -np.inf, scores[can_answer] + weights[movie])
            new_scores[:, movie] = -np.inf
            gain = float((_gain(new_scores, relevant[can_answer]) - gains[can_answer]).sum())
            if gain > best_gain:
                best, best_gain = movie, gain
        can_answer = np.flatnonzero(users.answers[:, best])
        scores[can_answer] += weights[best]
        rated_mask[can_answer, best] = True
        gains[can_answer] = _gain(np.where(rated_mask[can_answer], -np.inf, scores[can_answer]), relevant[can_answer])
        order.append(best)
    return np.array(order)


def _gain(scores: Scores, relevant: np.ndarray) -> np.ndarray:
    """Return NDCG at K: (users, movies) scores and relevant movies -> (users,)."""
    hit = np.take_along_axis(relevant, top_rows(scores, K), axis=1)
    ideal = np.concatenate([[0], np.cumsum(DISCOUNT)])[np.minimum(relevant.sum(axis=1), K)]
    return (hit * DISCOUNT).sum(axis=1) / ideal


def _curve(model: Recommender, users: HeldOutUsers, order: np.ndarray, unit: str) -> list[PerUser]:
    """Return NDCG at each of `COUNTS`."""
    pasts = (users.after(order, n, unit) for n in COUNTS)
    return [accuracy(rank_targets(model, past, users.hidden, K), K)[f"ndcg@{K}"] for past in pasts]


def _curves(model: Recommender, name: str, users: HeldOutUsers, orders: Orders) -> Iterator[tuple]:
    for questionnaire, order in orders.items():
        for unit in ("questions", "answers"):
            yield (name, unit, questionnaire), _curve(model, users, order, unit)


def _mean_by_noise(data: Dataset, validation: np.ndarray, left_out: np.ndarray) -> dict[float, float]:
    """Return the mean NDCG over models and numbers of questions for each noise, on validation users."""
    train, users = _without(data, left_out), HeldOutUsers.of(data, validation, seed=5)
    models = [FromNothing(make(name)).fit(train) for name in MODELS]
    figures_of: dict[float, float] = {}
    for noise in NOISES:
        order = elicitation_order(train.histories, train.n_movies, max(COUNTS), noise)
        curves = [_curve(model, users, order, "questions") for model in models]
        figures_of[noise] = round(float(np.mean([point.above.mean() for curve in curves for point in curve])), 4)
    print(data.name, "noise", figures_of, flush=True)
    return figures_of


def _without(data: Dataset, users: np.ndarray) -> Dataset:
    return data.keep(~np.isin(data.ratings.user, users))


def _summarize(curves: Curves, n_users: int) -> dict[str, object]:
    """Return figures of each questionnaire, and paired differences of ours and of popularity from the others."""
    bootstrap = Bootstrap(n_users, seed=0)
    figures: dict[str, dict] = {}
    for (model, unit, name), points in curves.items():
        figures_of = figures.setdefault(model, {}).setdefault(f"after n {unit}", {})
        figures_of[name] = {n: _rounded(bootstrap.figure(point)) for n, point in zip(COUNTS, points, strict=True)}
        for first in {"ours": (), "popularity": ("ours",)}.get(name, ("ours", "popularity")):
            pairs = zip(COUNTS, curves[model, unit, first], points, strict=True)
            figures_of[f"{first} minus {name}"] = {n: _rounded(bootstrap.difference(*pair)) for n, *pair in pairs}
    return figures


def _rounded(figure: object) -> list[float]:
    """Return the value and the ends of the 95% interval."""
    return [round(value, 4) for value in vars(figure).values()]


def _plot(axes: np.ndarray, curves: Curves, data: str) -> None:
    for (model, unit, name), points in curves.items():
        panel = axes[("questions", "answers").index(unit), MODELS.index(model)]
        style = {"linewidth": 2.2, "color": "black"} if name == "ours" else {"linewidth": 1.2}
        panel.plot(range(len(COUNTS)), [point.above.mean() for point in points], marker=".", label=name, **style)
        panel.set_xticks(range(len(COUNTS)), COUNTS)
        panel.set_title(f"{data}, {model}, after n {unit}", fontsize=9)
        panel.grid(alpha=0.3)
