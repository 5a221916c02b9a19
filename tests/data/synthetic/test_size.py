import pytest

from matinee.data.synthetic.size import LIKE, Size
from matinee.errors import ConfigError


def test_missing_numbers_scale_like_movielens() -> None:
    assert Size.of(1_000_209) == LIKE["ml-1m"]
    assert Size.of(32_000_204) == LIKE["ml-32m"]
    between = Size.of(10_000_000)
    assert LIKE["ml-1m"].users < between.users < LIKE["ml-32m"].users
    assert LIKE["ml-1m"].movies < between.movies < LIKE["ml-32m"].movies
    assert Size.of(10_000, users=80, movies=4_000) == Size(10_000, 80, 4_000)


@pytest.mark.parametrize(
    ("ratings", "users", "movies", "message"),
    [
        (1_999, 100, 300, "Use 2,000 (20 per user) to 3,000 ratings (10% of all pairs)"),
        (3_001, 100, 300, "Use 2,000 (20 per user) to 3,000 ratings (10% of all pairs)"),
        (2_000, 100, 199, "and 200 movies"),
        (2_000, 0, 300, "at least 1 user and"),
    ],
)
def test_impossible_sizes_are_refused(ratings: int, users: int, movies: int, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Size(ratings, users, movies)
    assert message in str(refused.value)
