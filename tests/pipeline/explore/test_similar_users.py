from dataclasses import replace

import numpy as np
import pytest

from matinee.data.histories import Histories
from matinee.errors import RunError
from matinee.pipeline.explore.similar_users import find_similar_users
from tests.datasets import FIRST_USER_ID, checkerboard, dataset_of
from tests.toy_models import Toy


class CircleVectors(Toy):
    """A user's vector is where the mean movie row of their history lies on a circle."""

    def movie_vectors(self) -> np.ndarray:
        return np.zeros((12, 2), dtype=np.float32)

    def user_vectors(self, histories: Histories) -> np.ndarray:
        means = np.bincount(histories.owner, histories.movies, len(histories)) / np.maximum(histories.lengths, 1)
        return np.stack([np.cos(means), np.sin(means)], axis=1).astype(np.float32) * 7


def test_similar_users_by_hand() -> None:
    #  movies of user 0: 0 and 1, mean 0.5; of 1: 1, of 2: 0, 1 and 2 (mean 1), of 3: 3, of 4: none
    data = dataset_of([0, 0, 1, 2, 2, 2, 3], [0, 1, 1, 0, 1, 2, 3], [5, 2, 4, 5, 1, 1, 3], n_users=5, n_movies=12)
    model = CircleVectors().fit(data)
    similar = find_similar_users(model, data, user=0, k=10)
    # Users 1 and 2 are equally near; 4 has no ratings.
    assert [match.user_id - FIRST_USER_ID for match in similar] == [1, 2, 3]
    assert similar[0].similarity == pytest.approx(np.cos(0.5), abs=1e-6)
    assert similar[2].similarity == pytest.approx(np.cos(2.5), abs=1e-6)
    assert [(match.rated, match.rated_by_both) for match in similar] == [(1, 1), (3, 2), (1, 0)]
    assert [match.liked_by_both for match in similar] == [[], ["Movie 100"], []]  # user 0 did not like movie 1
    assert len(find_similar_users(model, data, user=0, k=1)) == 1


def test_without_ratings_all_movies_are_liked() -> None:
    data = dataset_of([0, 0, 1, 1, 2], [3, 4, 4, 3, 4], n_users=3, n_movies=12)
    assert find_similar_users(CircleVectors().fit(data), data, user=0)[0].liked_by_both == ["Movie 103", "Movie 104"]


def test_a_model_without_vectors_is_refused() -> None:
    data = checkerboard()
    with pytest.raises(RunError, match="toy has no user vectors"):
        find_similar_users(Toy().fit(data), data, user=0)


def test_anonymous_users_have_no_row() -> None:
    assert replace(checkerboard(), anonymous=True).histories.users["row"].null_count() == 40
