"""Which way of choosing together serves everybody, and what does it cost? Companies of 2, 4 and 8 people."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from benchmarks.measuring import ml_1m, record
from matinee.data.splits import Split, make_split
from matinee.evaluation.intervals import Bootstrap, holm, sign_flip_p_values
from matinee.evaluation.metrics import PerUser
from matinee.models.popularity_stats import popularity_stats
from matinee.models.registry import make
from matinee.pipeline.engine import Engine
from matinee.pipeline.group.aggregation import STRATEGIES, aggregate
from matinee.pipeline.group.movie_night import Guest, guest_ranking, satisfaction
from matinee.progress import track

SIZES = (2, 4, 8)
COMPANIES = 200  # of each size and kind
K = 3  # movies of a night
TOP = 100
CALIBRATED = 2000  # people whose lists are held against what they rated

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]
Company = npt.NDArray[np.int64]  # (members,) positions among the tested users


def run() -> None:
    """MovieLens 1M, a random tenth of all ratings hidden; `blend` and `bayes_mf` fitted on the rest.

    That stars enter delight, and by half, was decided on another tenth (seed 0).
    """
    split = make_split(ml_1m(), "random:0.1", seed=1)
    model = make("blend").fit(split.train, split.validation)
    known = split.known
    movies = known.movies.with_columns(popularity_stats(known).get_columns())
    nights = Nights(Engine(movies, model, known.scale, stars=make("bayes_mf").fit(known)), split)
    rng = np.random.default_rng(0)
    n_people = len(split.tested_users)
    people = rng.choice(n_people, min(CALIBRATED, n_people), replace=False)
    answer: dict[str, Any] = {
        "by place in one's own list": nights.by_place(people, stars=False),
        "by place among one's predicted stars": nights.by_place(people, stars=True),
    }
    liked = _liked(split)
    for size in SIZES:
        drawn = [rng.choice(n_people, size, replace=False) for _ in range(COMPANIES)]
        alike = [_nearest(liked, int(company[0]), size) for company in drawn]
        for kind, companies in (("at random", drawn), ("alike in taste", alike)):
            answer[f"{size} people {kind}"] = nights.judged(companies, stars=False)
            answer[f"{size} people {kind}, with stars"] = nights.judged(companies, stars=True)
    record(
        "movie_night",
        f"MovieLens 1M, random:0.1, blend without and with bayes_mf: {COMPANIES} companies, {K} movies each. How well "
        "does each way of choosing serve whom?",
        answer,
    )


class Nights:
    """Movie nights among the tested users, whose own lists are made once."""

    def __init__(self, engine: Engine, split: Split):
        self.cinema, self.split = engine, split
        self.lists: dict[int, tuple[Places, Places]] = {}
        names = engine.title_groups
        n = int(names.max()) + 1
        self.rated = np.zeros(n, dtype=np.int64)
        np.maximum.at(self.rated, names, engine.rated)
        targets = split.targets
        assert targets.ratings is not None
        self.given = sparse.csr_matrix(  # stars each tested user gave in the test part, by the movie's name
            (targets.ratings, (targets.owner, names[targets.movies])), (len(targets), n)
        )

    def places(self, person: int) -> tuple[Places, Places]:
        """By the movie's name, in this person's own list and among their predicted stars; 0 for what they have seen."""
        if person not in self.lists:
            history = self.split.histories.block(person, person + 1)
            own = guest_ranking(self.cinema, Guest(str(person), history))
            assert own.liked is not None
            self.lists[person] = own.wanted, own.liked
        return self.lists[person]

    def judged(self, companies: Sequence[Company], stars: bool) -> dict[str, Any]:
        """Each way of choosing, by the companies it chose for; whether predicted stars enter delight."""
        measured: dict[str, list[dict[str, float]]] = {}
        for number, company in enumerate(track(companies, "choosing")):
            both = np.stack([self.places(int(user)) for user in company])  # (members, 2, names + 1)
            names = np.flatnonzero((both > 0).all(axis=(0, 1)))
            wanted, liked = both[:, 0, names], both[:, 1, names]
            delight = satisfaction(self.cinema, wanted, liked if stars else None)
            given = self.given[company][:, names].toarray()
            for way, picked in self.ways(delight, names, number):
                measured.setdefault(way, []).append(_measured(delight, wanted, given, picked))
            alone = np.argsort(-delight, axis=1, kind="stable")[:, :K]
            measured.setdefault("alone", []).append(_hidden(np.take_along_axis(given, alone, axis=1)))
            measured.setdefault("everything", []).append(_hidden(given))
        bootstrap = Bootstrap(len(companies), seed=0)
        told = {way: _told(bootstrap, rows) for way, rows in measured.items()}
        return {**told, "less average": _differences(bootstrap, measured)}

    def ways(self, delight: Floats, names: Company, seed: int) -> Iterator[tuple[str, list[int]]]:
        """Our strategies, and what they have to beat."""
        yield "random", np.random.default_rng(seed).choice(len(names), K, replace=False).tolist()
        yield "popularity", np.argsort(-self.rated[names], kind="stable")[:K].tolist()
        yield "one of them decides", np.argsort(-delight[0], kind="stable")[:K].tolist()
        yield "mean and least, half each", _mean_and_least(delight)
        for strategy in STRATEGIES:
            yield strategy, aggregate(delight, K, strategy)

    def by_place(self, people: Company, stars: bool) -> list[dict[str, Any]]:
        """What people rated in the test part, by its place: is the logarithm the right scale?"""
        n = len(self.rated)
        shown, rated, given = np.zeros(n), np.zeros(n), np.zeros(n)
        for user in track(people.tolist(), "making own lists"):
            place = self.places(user)[stars]
            shown += np.bincount(place, minlength=n)
            hit = self.given[[user]].tocoo()
            rated += np.bincount(place[hit.col], minlength=n)
            given += np.bincount(place[hit.col], hit.data, minlength=n)
        told: list[dict[str, Any]] = []
        for first in 2 ** np.arange(int(np.log2(n)) + 1):
            span = slice(int(first), int(min(2 * first, n)))
            told.append(
                {
                    "places": f"{span.start}-{span.stop - 1}",
                    "rated": int(rated[span].sum()),
                    "chance": round(float(rated[span].sum() / shown[span].sum()), 5),
                    "stars": round(float(given[span].sum() / max(rated[span].sum(), 1)), 3),
                }
            )
        return told


def _mean_and_least(delight: Floats) -> list[int]:
    """One after the other the movie after which mean and smallest of what members have had are greatest, half each.

    Greedy-LM of Xiao et al., "Fairness-aware group recommendation with Pareto-efficiency", RecSys 2017.
    """
    had, picked = np.zeros((len(delight), 1)), list[int]()
    for _ in range(K):
        then = had + delight
        value = then.mean(axis=0) + then.min(axis=0)
        value[picked] = -np.inf
        picked.append(int(np.argmax(value)))
        had = had + delight[:, [picked[-1]]]
    return picked


def _measured(delight: Floats, wanted: Places, given: Floats, picked: list[int]) -> dict[str, float]:
    served = delight[:, picked]  # (members, K)
    had = served.sum(axis=1)
    best = delight.max(axis=1)
    return {
        "first: mean delight": served[:, 0].mean(),
        "first: smallest delight": served[:, 0].min(),
        "first: in the top 100 of": (wanted[:, picked[0]] <= TOP).mean(),
        "first: cost": (best - served[:, 0]).mean(),
        "all: mean delight": served.mean(),
        "all: delight of the worst served": had.min() / served.shape[1],
        "all: in the top 100 of": (wanted[:, picked] <= TOP).mean(),
        "all: cost": (best[:, None] - served).mean(),
        "all: Jain's index": had.sum() ** 2 / (len(had) * (had**2).sum()),
        **_hidden(given[:, picked]),
    }


def _hidden(stars: Floats) -> dict[str, float]:
    """What members gave to some movies (members, movies), 0 for what they did not rate in the test part."""
    return {"stars": float(stars.sum()), "rated": float(np.count_nonzero(stars))}


def _told(bootstrap: Bootstrap, rows: list[dict[str, float]]) -> dict[str, Any]:
    columns = {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}
    stars, rated = columns.pop("stars"), columns.pop("rated")
    told: dict[str, Any] = {
        name: vars(bootstrap.figure(PerUser(values, np.ones(len(values))))) for name, values in columns.items()
    }
    return {**told, "hidden ratings": int(rated.sum()), "hidden stars": vars(bootstrap.figure(PerUser(stars, rated)))}


def _differences(bootstrap: Bootstrap, measured: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    """Of each strategy from `average`: paired, with p-values corrected for their number (Holm)."""
    found: dict[str, PerUser] = {}
    for way in STRATEGIES:
        for name in ("all: mean delight", "all: delight of the worst served", "first: smallest delight"):
            values = np.array([row[name] for row in measured[way]]) - [row[name] for row in measured["average"]]
            if way != "average":
                found[f"{way}, {name}"] = PerUser(values, np.ones(len(values)))
    p_values = holm(sign_flip_p_values(np.stack([one.above for one in found.values()]), seed=0))
    return {
        name: {**vars(bootstrap.figure(one)), "p": round(float(p), 4)}
        for (name, one), p in zip(found.items(), p_values, strict=True)
    }


def _liked(split: Split) -> sparse.csr_matrix:
    """Movies each tested user rated at least as high as they usually rate, at length 1: (users, movies)."""
    known = split.histories
    assert known.ratings is not None
    medians = np.array([np.median(one) for one in np.split(known.ratings, known.offsets[1:-1])])
    liked = known.ratings >= medians[known.owner]
    matrix = sparse.csr_matrix(
        (np.ones(liked.sum()), (known.owner[liked], known.movies[liked])), (len(known), split.known.n_movies)
    )
    lengths = np.sqrt(np.diff(matrix.indptr))
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(lengths, 1)) @ matrix)


def _nearest(liked: sparse.csr_matrix, person: int, size: int) -> Company:
    """A person and those who liked the most alike: the greatest cosine of what they liked."""
    cosine = (liked @ liked[[person]].T).toarray().ravel()
    cosine[person] = np.inf
    return np.argsort(-cosine, kind="stable")[:size]
