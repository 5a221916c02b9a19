from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.dataset import Dataset
from matinee.data.histories import GAP, Histories
from matinee.errors import ConfigError
from matinee.pipeline.explore.also_liked import AlsoLiked, LikesIndex
from matinee.pipeline.feedback_rules import clearly_liked_entries
from tests.datasets import FIRST_MOVIE_ID, dataset_of, small_ratings


def watched(*histories_of: set[int], n_movies: int = 8) -> Dataset:
    """Users who watched these movies, and liked them, since there are no ratings."""
    users = [user for user, movies in enumerate(histories_of) for _ in movies]
    movies = [movie for user_movies in histories_of for movie in sorted(user_movies)]
    return dataset_of(users, movies, n_users=len(histories_of), n_movies=n_movies)


def rows(matches: list[AlsoLiked]) -> list[int]:
    return [match.row for match in matches]


def test_counts_shares_and_order_by_hand() -> None:
    """Of 10 users 5 like movie 0. Only four of these like movie 1; all five and three others like movie 2.

    Movie 1: expected 5 x 0.4 = 2, (4 - 2) / sqrt(2 x 0.6 + 3) = 0.98. Movie 2: (5 - 4) / sqrt(4 x 0.2 + 3) = 0.51.
    """
    is_liked = LikesIndex(watched(*[{0, 1, 2}] * 4, {0, 2}, {2}, {2}, {2}, {3}, {3}))
    matches = is_liked.also_liked(0)
    assert matches == [
        AlsoLiked(1, FIRST_MOVIE_ID + 1, "Movie 101", 1971, liked_by=4, fans=5, share=0.4),
        AlsoLiked(2, FIRST_MOVIE_ID + 2, "Movie 102", 1972, liked_by=5, fans=5, share=0.8),
    ]
    assert rows(is_liked.also_liked(0, k=1)) == [1]
    # Of the 8 who like movie 2: movie 0 has (5 - 4) / sqrt(2 + 3) = 0.45, movie 1 (4 - 3.2) / sqrt(1.92 + 3) = 0.36.
    assert rows(is_liked.also_liked(2)) == [0, 1]


def test_neither_famous_nor_obscure_movies_come_first() -> None:
    """Of 100 users 20 like movie 0. Each line: fans who like a movie, of all users who do, and its residual.

    movie 1   19 of 90   (19 - 18) / sqrt(1.8 + 3)  = 0.46
    movie 2   10 of 30   (10 - 6) / sqrt(4.2 + 3)   = 1.49
    movie 3    3 of 3    (3 - 0.6) / sqrt(0.58 + 3) = 1.27
    movie 4   20 of 80   (20 - 16) / sqrt(3.2 + 3)  = 1.61

    By count the order would be 4, 1, 2, 3, and by lift 3, 2, 4, 1.
    """
    fans, all_users = {1: 19, 2: 10, 3: 3, 4: 20}, {1: 90, 2: 30, 3: 3, 4: 80}
    histories_of: list[set[int]] = [{0} if user < 20 else {5} for user in range(100)]
    for movie, liked in all_users.items():
        for user in [*range(fans[movie]), *range(20, 20 + liked - fans[movie])]:
            histories_of[user].add(movie)
    assert rows(LikesIndex(watched(*histories_of)).also_liked(0)) == [4, 2, 3, 1]


def test_unspecific_and_rarely_liked_movies_are_not_listed() -> None:
    all_users_like_1 = watched(*[{0, 1}] * 5, *[{1}] * 5)
    assert LikesIndex(all_users_like_1).also_liked(0) == []
    two_fans_of_1 = watched({0, 1}, {0, 1}, {0}, *[{3}] * 5)
    assert LikesIndex(two_fans_of_1).also_liked(0) == []
    assert rows(LikesIndex(watched({0, 1}, {0, 1}, {0, 1}, *[{3}] * 5)).also_liked(0)) == [1]
    assert LikesIndex(two_fans_of_1).also_liked(7) == []  # no user has seen it


def test_similar_fans_count_more_and_seen_movies_are_left_out() -> None:
    """Three fans of movie 0 like 1 and 4, three others 2 and 5: a tie, until a user who likes 4 asks."""
    is_liked = LikesIndex(watched(*[{0, 1, 4}] * 3, *[{0, 2, 5}] * 3, *[{6}] * 4))
    assert rows(is_liked.also_liked(0)) == [1, 2, 4, 5]
    assert rows(is_liked.also_liked(0, near=Histories.of([[4]]))) == [1]  # none of the near fans likes 2 or 5
    assert is_liked.also_liked(0, near=Histories.of([[4]]))[0].liked_by == 3  # counts are those of all fans
    assert rows(is_liked.also_liked(0, near=Histories.of([[4, 2]]))) == [1, 5]  # all fans share one of the two


def test_the_more_similar_group_of_fans_decides() -> None:
    """A user who likes 3, 4, 5 and 7 has cosine 2 / 4 with the first fans and 1 / sqrt(12) with the others."""
    is_liked = LikesIndex(watched(*[{0, 1, 3, 4}] * 3, *[{0, 2, 5}] * 3, *[{6}] * 9))
    assert rows(is_liked.also_liked(0, near=Histories.of([[3, 4, 5, 7]]))) == [1, 2]
    # A user who likes 3, 5 and 7 has 1 / sqrt(12) with the first and 1 / sqrt(9) with the others; 4 is as good as 1.
    assert rows(is_liked.also_liked(0, near=Histories.of([[5, 3, 7]]))) == [2, 1, 4]


def test_equally_similar_fans_count_fully() -> None:
    """Of 100 users 20 are fans. Only 4 fans like movie 1; 10 fans and 20 others like movie 2: residuals 1.65 and 1.49.

    If the weights of 0.1 were simply added up to 2 fans, these would be 0.32 / sqrt(3.08) and 0.4 / sqrt(3.42).
    """
    fans = [*[{0, 1}] * 4, *[{0, 2}] * 10, *[{0, 3}] * 6]
    is_liked = LikesIndex(watched(*fans, *[{2}] * 20, *[{3}] * 60, n_movies=60))
    assert rows(is_liked.also_liked(0)) == [1, 2]
    assert rows(is_liked.also_liked(0, near=Histories.of([[0, *range(4, 53)]]))) == [1, 2]


def test_liking_both_listings_counts_once() -> None:
    data = watched(*[{0, 1, 3}] * 3, *[{0, 2, 5, 7}] * 3, *[{6}] * 9)
    titles = ["A", "B", "C", "D", "E", "Twin", "F", "Twin"]
    movies = data.movies.with_columns(title=pl.Series(titles), year=pl.lit(1990, dtype=pl.Int32))
    is_liked = LikesIndex(replace(data, movies=movies))
    assert rows(is_liked.also_liked(0, near=Histories.of([[3, 5]]))) == [1, 2]  # equally near: in row order


def test_without_known_likes_the_order_is_that_of_all_users() -> None:
    is_liked = LikesIndex(watched(*[{0, 1, 4}] * 3, *[{0, 2, 5}] * 3, *[{6}] * 4))
    all_users = is_liked.also_liked(0)
    assert is_liked.also_liked(0, near=Histories.of([[]])) == all_users
    assert is_liked.also_liked(0, near=Histories.of([[7, GAP]])) == all_users
    assert is_liked.also_liked(0, near=Histories.of([[7, 4]], [[5.0, 1.0]])) == [
        match for match in all_users if match.row != 4
    ]


def test_users_are_not_their_own_fans() -> None:
    """Movie 5 is liked by 7 of 10 users and by 3 of the 4 fans of movie 0; the fourth fan is the user who asks.

    Counted as their own nearest fan, with weight 1 beside three of 2 / sqrt(12), they would pull its share down to 63%.
    """
    is_liked = LikesIndex(watched({0, 1, 2, 3}, *[{0, 3, 5}] * 3, *[{5}] * 4, {6}, {6}))
    assert rows(is_liked.also_liked(0, near=Histories.of([[0, 1, 2, 3]]))) == [5]


def test_listings_of_one_movie_are_counted_together() -> None:
    """Movies 1 and 7 are the same movie, as are 2 and 6, of unknown year. A like of both listings counts once."""
    data = watched({0, 1, 7}, {0, 1}, {0, 7, 2}, {0, 7}, {1, 2}, {6}, {6, 2}, *[{3}] * 6)
    movies = data.movies.with_columns(
        title=pl.Series(["A", "Twin", "Other", "B", "C", "D", "Other", "Twin"]),
        year=pl.Series([1990, 1995, None, 1990, 1990, 1990, None, 1995], dtype=pl.Int32),
    )
    is_liked = LikesIndex(replace(data, movies=movies))
    matches = is_liked.also_liked(0)
    assert [(match.row, match.liked_by, match.fans) for match in matches] == [
        (1, 4, 4)
    ]  # three ratings each: the first row
    assert matches[0].share == pytest.approx(5 / 13, abs=1e-6)
    assert [(match.row, match.liked_by, match.fans) for match in is_liked.also_liked(7)] == [(0, 4, 5)]
    assert is_liked.also_liked(7) == is_liked.also_liked(1)
    assert is_liked.also_liked(0, near=Histories.of([[7]])) == []  # seen under its other id


def test_near_takes_one_history() -> None:
    with pytest.raises(ConfigError, match="one history, not 2"):
        LikesIndex(watched({0, 1})).also_liked(0, near=Histories.of([[0], [1]]))


@given(st.integers(0, 10_000), st.integers(0, 18), st.integers(1, 12), st.booleans(), st.booleans())
def test_all_numbers_match_plain_python(seed: int, movie: int, k: int, rated: bool, personal: bool) -> None:
    """Count every number again, user by user."""
    data = small_ratings(seed, n_users=60, rated=rated)
    histories = data.histories
    liked: dict[int, set[int]] = {row: set() for row in range(data.n_movies)}
    for user, row, is_liked in zip(
        histories.owner, histories.movies, clearly_liked_entries(histories, data.scale), strict=True
    ):
        if is_liked:
            liked[int(row)].add(int(user))
    all_users = set().union(*liked.values())
    near = histories.block(0, 1) if personal else None
    matches = LikesIndex(data).also_liked(movie, k, near)
    assert len(matches) <= k
    assert len(set(rows(matches))) == len(matches)
    for match in matches:
        assert match.row != movie
        assert not personal or match.row not in histories.block(0, 1).movies
        assert match.fans == len(liked[movie])
        assert match.liked_by == len(liked[movie] & liked[match.row]) >= 3
        assert match.share == pytest.approx(len(liked[match.row]) / len(all_users), abs=1e-6)
        assert match.liked_by / match.fans > len(liked[match.row]) / len(all_users)
