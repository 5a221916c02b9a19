"""Which measure gives the best "users who liked this also liked" lists?"""

from dataclasses import replace

import numpy as np

from benchmarks.harness import fastest, ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.data.splits import make_split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import PerUser
from matinee.index.top import top_rows
from matinee.pipeline.explore.also_liked import LikesIndex, clearly_liked_entries
from matinee.pipeline.title_lookup import TitleLookup
from matinee.reports.schema import Figure

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
    """Measure the recall of a user's hidden liked movies in the list for one movie that they like.

    Movies that the user has seen are left out of all lists.
    """
    split = make_split(ml_1m(), "random:0.1")
    before_test, likes = split.before_test, LikesIndex(split.before_test)
    hidden, pairs = _test_pairs(split.whole, split.test, likes)
    recall: dict[str, list[float]] = {}
    listed: dict[str, list[int]] = {}
    for user, movie in pairs:
        for measure, groups in _lists_by_measure(
            likes, before_test.histories_of(np.array([user], dtype=np.int32)), movie
        ).items():
            hits = len(hidden[user].intersection(groups))
            recall.setdefault(measure, []).append(hits / min(K, len(hidden[user])))
            listed.setdefault(measure, []).extend(groups)
    bootstrap = Bootstrap(len(pairs), seed=0)
    results = {
        measure: {
            f"recall@{K}": _rounded(bootstrap.figure(PerUser(np.array(values), np.ones(len(values))))),
            "share of users who like a listed movie": round(
                float(np.mean(likes.like_counts[listed[measure]]) / likes.n_users), 3
            ),
            "distinct movies listed": len(set(listed[measure])),
        }
        for measure, values in recall.items()
    }
    movie = int(likes.group_rows[np.argmax(likes.like_counts)])
    one_history = before_test.histories_of(np.array([pairs[0][0]], dtype=np.int32))
    record(
        "also_liked",
        f"MovieLens 1M, random:0.1: of {len(pairs):,} users and a movie that each likes: what else do its fans like?",
        {
            "measures": results,
            "milliseconds for the most-liked movie": round(1e3 * fastest(lambda: likes.also_liked(movie)), 2),
            "the same for one user": round(1e3 * fastest(lambda: likes.also_liked(movie, K, one_history)), 2),
            "examples": _examples(LikesIndex(split.whole)),
        },
    )


def _test_pairs(
    dataset: Dataset, test: Dataset, likes: LikesIndex
) -> tuple[dict[int, set[int]], list[tuple[int, int]]]:
    """Return the hidden movies that each user likes, and users with one movie that they like before the split."""
    liked = clearly_liked_entries(dataset.histories, dataset.scale)
    ratings = dataset.ratings
    all_liked = set(zip(ratings.user[liked].tolist(), ratings.movie[liked].tolist(), strict=True))
    hidden: dict[int, set[int]] = {}
    for user, movie in zip(test.ratings.user.tolist(), test.ratings.movie.tolist(), strict=True):
        if (user, movie) in all_liked:
            hidden.setdefault(user, set()).add(int(likes.groups[movie]))
    rng = np.random.default_rng(0)
    users = [user for user in sorted(hidden) if likes.by_user[user].nnz]
    chosen = rng.choice(users, PAIRS).tolist()
    return hidden, [(user, int(likes.group_rows[rng.choice(likes.by_user[user].indices)])) for user in chosen]


def _lists_by_measure(likes: LikesIndex, history: Histories, movie: int) -> Lists:
    """Return the list of each measure for one user and one movie."""
    group = int(likes.groups[movie])
    fans = likes.by_group[group].indices
    both = np.bincount(likes.by_user[fans].indices, minlength=len(likes.like_counts)).astype(float)
    liked, users = np.maximum(likes.like_counts, 1), likes.n_users
    share = liked / users
    lift = both / (len(fans) * share)
    scores = {
        "count": both,
        "lift, of 5 fans or more": np.where(both >= 5, lift, -np.inf),
        "cosine": both / np.sqrt(len(fans) * liked),
        "correlation": (both - len(fans) * share) / np.sqrt(share * (1 - share)),
    }
    lists: Lists = {}
    for measure, values in scores.items():
        values[likes.groups[history.movies]] = -np.inf
        values[group] = -np.inf
        best = top_rows(values.astype(np.float32)[None], K)[0]
        lists[measure] = best[best >= 0].tolist()
    nothing_liked = replace(history, ratings=np.full(len(history.movies), likes.scale[0], dtype=np.float32))
    for measure, near in (("ours", nothing_liked), ("ours, for one user", history)):
        lists[measure] = [int(likes.groups[other.row]) for other in likes.also_liked(movie, K, near)]
    return lists


def _rounded(figure: Figure) -> list[float]:
    """Return the value and the ends of the 95% interval."""
    return [round(value, 4) for value in (figure.value, figure.low, figure.high)]


def _examples(likes: LikesIndex) -> dict[str, list[str]]:
    """Return the lists for some movies."""
    lookup = TitleLookup(likes.movies)
    examples: dict[str, list[str]] = {}
    for title in TITLES:
        movies = likes.also_liked(lookup.find(title), 6)
        label = f"{title}, {movies[0].fans} fans"
        examples[label] = [f"{movie.title}: {movie.liked_by} ({movie.share:.0%})" for movie in movies]
    return examples
