"""By which measure do people who liked a movie also like others: famous ones, curious ones, or those that fit?"""

from dataclasses import replace

import numpy as np

from benchmarks.measuring import fastest, ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.splits import make_split
from matinee.evaluation.intervals import Bootstrap, Figure
from matinee.evaluation.metrics import PerUser
from matinee.index.top import top_rows
from matinee.pipeline.explore.also_liked import LikesIndex, liked_mask
from matinee.pipeline.title_lookup import TitleLookup

K = 10
PAIRS = 4000
TITLES = (
    "Toy Story",
    "Heat (1995)",
    "Alien",
    "Pulp Fiction",
    "Life Is Beautiful (1997)",
    "Seven Samurai",
    "Hoop Dreams",
    "A Nightmare on Elm Street (1984)",
    "Ace Ventura: Pet Detective",
    "Mary Poppins",
    "Delicatessen",
    "Microcosmos",
)

Lists = dict[str, list[int]]


def run() -> None:
    """For a person and a movie they liked: how much of what else they like, hidden, is among the ten films named?

    Films the person has seen are left out, whatever the measure.
    """
    split = make_split(ml_1m(), "random:0.1")
    known, likes = split.known, LikesIndex(split.known)
    hidden, pairs = _pairs(split.whole, split.test, likes)
    recall: dict[str, list[float]] = {}
    named: dict[str, list[int]] = {}
    for user, movie in pairs:
        for measure, films in _lists(likes, known.histories_of(np.array([user], dtype=np.int32)), movie).items():
            found = len(hidden[user].intersection(films)) / min(K, len(hidden[user]))
            recall.setdefault(measure, []).append(found)
            named.setdefault(measure, []).extend(films)
    bootstrap = Bootstrap(len(pairs), seed=0)
    answer = {
        measure: {
            f"recall@{K}": _rounded(bootstrap.figure(PerUser(np.array(values), np.ones(len(values))))),
            "share of everybody who likes a film named": round(
                float(np.mean(likes.liked[named[measure]]) / likes.people), 3
            ),
            "films ever named": len(set(named[measure])),
        }
        for measure, values in recall.items()
    }
    movie = int(likes.row[np.argmax(likes.liked)])
    someone = known.histories_of(np.array([pairs[0][0]], dtype=np.int32))
    record(
        "also_liked",
        f"MovieLens 1M, random:0.1: of {len(pairs):,} people and a movie each liked, what else do its fans like?",
        {
            "measures": answer,
            "milliseconds for the most-liked film": round(1e3 * fastest(lambda: likes.also_liked(movie)), 2),
            "the same for one person": round(1e3 * fastest(lambda: likes.also_liked(movie, K, someone)), 2),
            "examples": _examples(LikesIndex(split.whole)),
        },
    )


def _pairs(everything: Dataset, test: Dataset, likes: LikesIndex) -> tuple[dict[int, set[int]], list[tuple[int, int]]]:
    """The hidden films each person likes, and people with one of the movies they are known to like."""
    liked = liked_mask(everything.histories, everything.scale)
    ratings = everything.ratings
    all_liked = set(zip(ratings.user[liked].tolist(), ratings.movie[liked].tolist(), strict=True))
    hidden: dict[int, set[int]] = {}
    for user, movie in zip(test.ratings.user.tolist(), test.ratings.movie.tolist(), strict=True):
        if (user, movie) in all_liked:
            hidden.setdefault(user, set()).add(int(likes.film[movie]))
    rng = np.random.default_rng(0)
    people = [user for user in sorted(hidden) if likes.by_person[user].nnz]
    chosen = rng.choice(people, PAIRS).tolist()
    return hidden, [(user, int(likes.row[rng.choice(likes.by_person[user].indices)])) for user in chosen]


def _lists(likes: LikesIndex, history: Histories, movie: int) -> Lists:
    """Films by each measure, for one person and one movie."""
    asked = int(likes.film[movie])
    fans = likes.by_film[asked].indices
    both = np.bincount(likes.by_person[fans].indices, minlength=len(likes.liked)).astype(float)
    liked, people = np.maximum(likes.liked, 1), likes.people
    share = liked / people
    lift = both / (len(fans) * share)
    scores = {
        "count": both,
        "lift, of 5 fans or more": np.where(both >= 5, lift, -np.inf),
        "cosine": both / np.sqrt(len(fans) * liked),
        "correlation": (both - len(fans) * share) / np.sqrt(share * (1 - share)),
    }
    lists: Lists = {}
    for measure, values in scores.items():
        values[likes.film[history.movies]] = -np.inf
        values[asked] = -np.inf
        best = top_rows(values.astype(np.float32)[None], K)[0]
        lists[measure] = best[best >= 0].tolist()
    nothing_liked = replace(history, ratings=np.full(len(history.movies), likes.scale[0], dtype=np.float32))
    for measure, near in (("ours", nothing_liked), ("ours, near the person", history)):
        lists[measure] = [int(likes.film[one.row]) for one in likes.also_liked(movie, K, near)]
    return lists


def _rounded(figure: Figure) -> list[float]:
    """Value, and the two ends of the 95% interval."""
    return [round(value, 4) for value in (figure.value, figure.low, figure.high)]


def _examples(likes: LikesIndex) -> dict[str, list[str]]:
    """What is said of some films."""
    lookup = TitleLookup(likes.movies)
    said: dict[str, list[str]] = {}
    for title in TITLES:
        found = likes.also_liked(lookup.find(title), 6)
        said[f"{title}, {found[0].fans} fans"] = [f"{one.title}: {one.liked_by} ({one.share:.0%})" for one in found]
    return said
