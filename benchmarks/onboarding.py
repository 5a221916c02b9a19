"""What to ask somebody new: how good is a list after a few answers, and does it matter which questions were asked?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import matplotlib as mpl
import numpy as np

from benchmarks.measuring import RESULTS, ml_1m, ml_100k, record
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
ASKED = 400  # questions for those who shall give many answers; our 40 and the greedy 40 are followed by popularity
MODELS = ("ease", "slist", "blend")
NOISES = (0.0, 1.0, 3.0, 10.0, 30.0)
DISCOUNT = 1 / np.log2(np.arange(2, K + 2))

Orders = dict[str, np.ndarray]
Curves = dict[tuple[str, str, str], list[PerUser]]  # (model, "questions" or "answers", questionnaire)


@dataclass(frozen=True)
class People:
    """Some users, of whom a random half of the ratings can be asked about and the other half is to be found."""

    answers: np.ndarray  # (users, movies) true where the answer is a rating
    hidden: Histories

    @classmethod
    def of(cls, data: Dataset, users: np.ndarray, seed: int) -> Self:
        """Those of `users` (n,) who have something to be found."""
        everything = data.histories_of(np.sort(users).astype(np.int32))
        asked = np.random.default_rng(seed).random(len(everything.movies)) < 0.5
        answers = np.zeros((len(users), data.n_movies), dtype=bool)
        answers[everything.owner[asked], everything.movies[asked]] = True
        hidden = everything.with_gaps(asked).without_gaps()
        some = hidden.lengths > 0
        return cls(answers[some], Histories(offsets_of(hidden.lengths[some]), hidden.movies))

    def after(self, order: np.ndarray, n: int, unit: str) -> Histories:
        """What is known after `n` questions, or after as many as it takes for `n` answers; as ordered as asked."""
        given = self.answers[:, order]  # (users, asked)
        given &= (np.arange(len(order)) < n) if unit == "questions" else (np.cumsum(given, axis=1) <= n)
        return Histories(offsets_of(given.sum(axis=1)), order[np.nonzero(given)[1]])


class FromNothing(Recommender):
    """A model, and what most people have seen for those of whom nothing is known, as the pipeline does it."""

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
        """The model's scores, or counts."""
        scores = np.array(self.model.score(histories))
        scores[histories.lengths == 0] = self.counts
        return scores

    def state(self) -> State:
        """Nothing: it is not saved."""
        return {}

    def restore(self, state: State) -> None:
        """Nothing."""


def run() -> None:
    """A tenth of the users, held out whole, in MovieLens 1M and 100K; the noise is chosen on another tenth."""
    answer: dict[str, object] = {}
    figure, axes = plt.subplots(4, len(MODELS), figsize=(11, 12), sharex=True, sharey="row", layout="constrained")
    for number, data in enumerate((ml_1m(), ml_100k())):
        order = np.random.default_rng(0).permutation(data.n_users)
        tenth = data.n_users // 10
        test, validation = order[:tenth], order[tenth : 2 * tenth]
        chosen = _by_noise(data, validation, np.concatenate([test, validation]))
        train = _without(data, test)
        models = {name: FromNothing(make(name)).fit(train) for name in MODELS}
        people = People.of(data, test, seed=1)
        orders = questionnaires(train, models["ease"].model)
        curves = {key: curve for model in MODELS for key, curve in _curves(models[model], model, people, orders)}
        answer[data.name] = {
            "people": len(people.hidden),
            "ratings to be found, on average": round(float(people.hidden.lengths.mean()), 1),
            "noise on validation, mean NDCG@10 over all n and models": chosen,
            "answers": {
                name: {n: round(float(people.after(asked, n, "questions").lengths.mean()), 2) for n in COUNTS}
                for name, asked in orders.items()
            },
            **_figures(curves, len(people.hidden)),
        }
        _draw(axes[2 * number : 2 * number + 2], curves, data.name)
    axes[0, 0].legend()
    figure.supxlabel("n")
    figure.supylabel(f"NDCG@{K}")
    figure.savefig(RESULTS / "onboarding.png", dpi=110)
    question = f"NDCG@{K} of the hidden half of the ratings of people held out whole, after n questions or n answers."
    record("onboarding", question, {"noise": NOISE, **answer})


def questionnaires(train: Dataset, ease: Recommender) -> Orders:
    """Movies in the order in which each way of choosing would ask."""
    counts = train.counts
    popular = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    entropy = np.zeros(train.n_movies)
    for stars in np.unique(train.ratings.rating):
        given = train.ratings.movie[train.ratings.rating == stars]
        share = np.bincount(given, minlength=train.n_movies) / np.maximum(counts, 1)
        entropy -= share * np.log(np.where(share > 0, share, 1))
    rashid = np.argsort(-np.log(np.maximum(counts, 1)) * entropy, kind="stable")
    chosen = {
        "ours": elicitation_order(train.histories, train.n_movies, max(COUNTS)),
        "popularity": popular,
        "log popularity x entropy": rashid,
        "greedy": _greedy(train, ease, popular[:100]),
        "random": np.random.default_rng(2).permutation(popular),
    }
    longer = {name: np.concatenate([asked, np.setdiff1d(popular, asked, True)]) for name, asked in chosen.items()}
    return {name: asked[np.sort(np.unique(asked, return_index=True)[1])][:ASKED] for name, asked in longer.items()}


def _greedy(train: Dataset, ease: Recommender, candidates: np.ndarray) -> np.ndarray:
    """The question that helps the model most, one after the other, tried out on 1500 people of the training set.

    GreedyExtend of Golbandi, Koren & Lempel, "On bootstrapping recommender systems", CIKM 2010, for NDCG and `ease`,
    whose scores are sums over the answers.
    """
    users = np.random.default_rng(3).choice(np.unique(train.ratings.user), min(1500, train.n_users // 2), replace=False)
    people = People.of(train, users, seed=4)
    wanted = np.zeros_like(people.answers)
    wanted[people.hidden.owner, people.hidden.movies] = True
    weights = ease.similar(np.arange(train.n_movies, dtype=np.int32))
    scores, gone = np.zeros(wanted.shape, dtype=np.float32), np.zeros_like(wanted)
    now = _gain(np.tile(train.counts.astype(np.float32), (len(wanted), 1)), wanted)
    asked: list[int] = []
    while len(asked) < min(max(COUNTS), len(candidates)):
        best, most = -1, -np.inf
        for movie in candidates[~np.isin(candidates, asked)].tolist():
            could = np.flatnonzero(people.answers[:, movie])
            then = np.where(gone[could], -np.inf, scores[could] + weights[movie])
            then[:, movie] = -np.inf
            gain = float((_gain(then, wanted[could]) - now[could]).sum())
            if gain > most:
                best, most = movie, gain
        could = np.flatnonzero(people.answers[:, best])
        scores[could] += weights[best]
        gone[could, best] = True
        now[could] = _gain(np.where(gone[could], -np.inf, scores[could]), wanted[could])
        asked.append(best)
    return np.array(asked)


def _gain(scores: Scores, wanted: np.ndarray) -> np.ndarray:
    """NDCG at K: (users, movies) scores and what is wanted -> (users,)."""
    hit = np.take_along_axis(wanted, top_rows(scores, K), axis=1)
    ideal = np.concatenate([[0], np.cumsum(DISCOUNT)])[np.minimum(wanted.sum(axis=1), K)]
    return (hit * DISCOUNT).sum(axis=1) / ideal


def _curve(model: Recommender, people: People, order: np.ndarray, unit: str) -> list[PerUser]:
    """NDCG at each of `COUNTS`."""
    pasts = (people.after(order, n, unit) for n in COUNTS)
    return [accuracy(rank_targets(model, past, people.hidden, K), K)[f"ndcg@{K}"] for past in pasts]


def _curves(model: Recommender, name: str, people: People, orders: Orders) -> Iterator[tuple]:
    for asked, order in orders.items():
        for unit in ("questions", "answers"):
            yield (name, unit, asked), _curve(model, people, order, unit)


def _by_noise(data: Dataset, validation: np.ndarray, left_out: np.ndarray) -> dict[float, float]:
    """For each noise the mean NDCG over models and numbers of questions, of people who are not those of the test."""
    train, people = _without(data, left_out), People.of(data, validation, seed=5)
    models = [FromNothing(make(name)).fit(train) for name in MODELS]
    found: dict[float, float] = {}
    for noise in NOISES:
        order = elicitation_order(train.histories, train.n_movies, max(COUNTS), noise)
        curves = [_curve(model, people, order, "questions") for model in models]
        found[noise] = round(float(np.mean([point.above.mean() for curve in curves for point in curve])), 4)
    print(data.name, "noise", found, flush=True)
    return found


def _without(data: Dataset, users: np.ndarray) -> Dataset:
    return data.keep(~np.isin(data.ratings.user, users))


def _figures(curves: Curves, n_people: int) -> dict[str, object]:
    """Figures of each questionnaire, and paired differences of ours and of popularity from the others, at each n."""
    bootstrap = Bootstrap(n_people, seed=0)
    figures: dict[str, dict] = {}
    for (model, unit, name), points in curves.items():
        found = figures.setdefault(model, {}).setdefault(f"after n {unit}", {})
        found[name] = {n: _rounded(bootstrap.figure(point)) for n, point in zip(COUNTS, points, strict=True)}
        for first in {"ours": (), "popularity": ("ours",)}.get(name, ("ours", "popularity")):
            both = zip(COUNTS, curves[model, unit, first], points, strict=True)
            found[f"{first} minus {name}"] = {n: _rounded(bootstrap.difference(*pair)) for n, *pair in both}
    return figures


def _rounded(figure: object) -> list[float]:
    """Value, and the two ends of the 95% interval."""
    return [round(value, 4) for value in vars(figure).values()]


def _draw(axes: np.ndarray, curves: Curves, data: str) -> None:
    for (model, unit, name), points in curves.items():
        one = axes[("questions", "answers").index(unit), MODELS.index(model)]
        style = {"linewidth": 2.2, "color": "black"} if name == "ours" else {"linewidth": 1.2}
        one.plot(range(len(COUNTS)), [point.above.mean() for point in points], marker=".", label=name, **style)
        one.set_xticks(range(len(COUNTS)), COUNTS)
        one.set_title(f"{data}, {model}, after n {unit}", fontsize=9)
        one.grid(alpha=0.3)
