import numpy as np
import polars as pl
import pytest

from matinee.errors import ProtocolError
from matinee.features.content import VOTES, Content, content_features, tutorial_features

N = 24


def catalogue(**columns: object) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "title": [f"Movie {row}" for row in range(N)],
            "year": pl.Series([1950 + 2 * row for row in range(N)], dtype=pl.Int32),
            "genres": [["Drama"] if row % 2 else ["Comedy", "Drama"] for row in range(N)],
            **columns,
        }
    )


def listed(names: list[list[str]]) -> pl.Series:
    return pl.Series(names, dtype=pl.List(pl.String))


def test_titles_years_and_genres_are_enough() -> None:
    content = content_features(catalogue())
    assert list(content.blocks) == ["genres", "decade", "years", "genres_by_decade"]
    assert content.values.dtype == np.float32
    assert content.values.shape == (N, content.blocks["genres_by_decade"].stop)
    assert content.values[:, content.blocks["genres"]].shape == (N, 1)  # everything is a drama, which says nothing
    assert content.values[:, content.blocks["decade"]].shape == (N, 5)


def test_columns_that_are_there_become_blocks() -> None:
    names = listed([["Ann"] if row % 3 else ["Ben", "Cy"] for row in range(N)])
    more = {
        "overview": ["a whale at sea" if row % 2 else "a rocket to Mars" for row in range(N)],
        "director": names,
        "cast": names,
        "country": names,
        "runtime": [80 + row for row in range(N)],
        "writer": listed([[] for _ in range(N)]),
    }
    blocks = content_features(catalogue(**more)).blocks
    assert list(blocks)[4:] == ["overview", "director", "cast", "country", "runtime"]
    assert [part.start for part in blocks.values()] == [0, *(part.stop for part in blocks.values())][:-1]


def test_missing_values_count_as_average() -> None:
    """Missing values are zeros, and the mean over the others is zero: no weight can separate them."""
    available = np.arange(N) % 4 > 0
    more = {
        "overview": [
            ("a whale at sea" if row % 3 else "a rocket to Mars") if available[row] else None for row in range(N)
        ],
        "cast": listed([["Ann", f"Zoe {row % 5}"] if available[row] else [] for row in range(N)]),
        "runtime": [80 + row if available[row] else None for row in range(N)],
    }
    content = content_features(catalogue(**more))
    for name in more:
        block = content.values[:, content.blocks[name]]
        assert block[available].any(axis=1).all()
        assert not block[~available].any()
        np.testing.assert_allclose(block[available].mean(axis=0), 0, atol=1e-6)


def test_a_year_is_near_the_next_and_far_from_others() -> None:
    content = content_features(catalogue())
    years = content.values[:, content.blocks["years"]]
    apart = np.linalg.norm(years[5] - years, axis=1)
    assert apart[6] < apart[8] < apart[20]


def test_slips_do_not_stretch_the_years() -> None:
    more = pl.concat([catalogue()] * 10).with_columns(pl.Series("year", [3] + [1990] * (10 * N - 1), dtype=pl.Int32))
    content = content_features(more)
    assert content.values.shape[1] < 20


def test_names_with_one_movie_are_left_out() -> None:
    content = content_features(catalogue(director=listed([[f"Only {row}"] for row in range(N)])))
    assert "director" not in content.blocks


def test_facts_that_came_later_are_not_read() -> None:
    later = {name: [float(row) for row in range(N)] for name in (*VOTES[1:], "critics_score", "oscars", "metacritic")}
    np.testing.assert_array_equal(content_features(catalogue(**later)).values, content_features(catalogue()).values)


def test_as_written_scales_four_numbers() -> None:
    votes = {name: [float(row) for row in range(N)] for name in VOTES[1:]}
    overviews = ["a whale at sea" if row % 2 else "a rocket to Mars" for row in range(N)]
    content = tutorial_features(catalogue(overview=overviews, **votes))
    numbers = content.values[:, content.blocks["numbers"]]
    assert list(content.blocks) == ["overview", "genres", "numbers"]
    np.testing.assert_allclose(numbers, np.linspace(0, 1, N)[:, None].repeat(4, axis=1), atol=1e-6)


@pytest.mark.parametrize("missing", VOTES)
def test_tutorial_features_name_the_missing_column(missing: str) -> None:
    votes = {"overview": ["a whale"] * N} | {name: [1.0] * N for name in VOTES[1:]}
    with pytest.raises(ProtocolError, match=rf"has no {missing}\."):
        tutorial_features(catalogue(**{name: values for name, values in votes.items() if name != missing}))


def test_no_blocks_are_no_columns() -> None:
    assert Content.of({"nothing": np.zeros((3, 0), dtype=np.float32)}).values.shape == (3, 0)
