from dataclasses import replace

import numpy as np
import polars as pl

from matinee.data.histories import Histories
from matinee.models.linear.tfidf import TfIdf
from tests.datasets import dataset_of

MOVIES = pl.DataFrame(
    {
        "director": [["Ann"], ["Ann"], ["Ben"], ["Cem"], ["Dee"]],
        "overview": ["a ship at sea", "a ship in space", "a town at night", "space, and a ship", None],
    }
)


def fitted(half_life: float | None = None) -> TfIdf:
    """Five movies; the last two have no ratings."""
    genres = [["Drama"], ["Sci-Fi"], ["Drama"], ["Sci-Fi"], []]
    data = dataset_of([0, 0, 1], [0, 1, 2], [4.0, 5.0, 3.0], [1, 2, 3], n_users=2, n_movies=5, genres=genres, name="f")
    movies = data.movies.drop([name for name in MOVIES.columns if name in data.movies.columns]).hstack(MOVIES)
    return TfIdf(half_life=half_life).fit(replace(data, movies=movies))


def test_a_movie_without_ratings_is_scored_by_its_facts() -> None:
    scores = fitted().score(Histories.of([[1]]))[0]
    assert int(np.argmax(np.delete(scores, 1))) + 1 == 3  # the other movie of a ship in space
    assert scores[3] > scores[2]


def test_contributions_sum_up_to_the_score() -> None:
    model, history = fitted(2.0), Histories.of([[0, 1, 2]])
    added = model.contributions(history, np.arange(3))
    np.testing.assert_allclose(added.sum(axis=0), model.score(history)[0], rtol=1e-5)
    some = np.array([3, 0], dtype=np.int32)
    np.testing.assert_allclose(model.contributions(history, np.arange(3), some), added[:, some], rtol=1e-5)


def test_of_nothing_there_is_nothing_in_common() -> None:
    assert not fitted().score(Histories.of([[]])).any()
