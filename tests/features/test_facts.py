import numpy as np
import polars as pl
import pytest

from matinee.features.facts import KINDS, fact_vectors, genre_vectors

MOVIES = pl.DataFrame(
    {
        "title": ["A", "B", "C", "D"],
        "year": [1991, 1995, 2001, None],
        "genres": [["Drama", "Noir"], ["Drama"], ["Drama"], []],
        "director": [["X"], ["X", "X"], None, ["Y"]],
        "overview": ["A heist in Paris", "a quiet heist", None, ""],
    }
)


def similarity(movies: pl.DataFrame, *kinds: str) -> np.ndarray:
    vectors = fact_vectors(movies, kinds or KINDS)
    return (vectors @ vectors.T).toarray()


def test_rare_facts_count_by_the_logarithm_of_their_rarity() -> None:
    """Drama, which three of four have, counts log(4/3), and Noir log 4."""
    drama, noir = np.log(4 / 3), np.log(4)
    cosine = drama / np.hypot(drama, noir)
    similarities = similarity(MOVIES, "genres")
    assert similarities[0].tolist() == pytest.approx([1, cosine, cosine, 0], rel=1e-5)
    assert similarities[1, 2] == pytest.approx(1)


def test_kinds_have_equal_weight_and_missing_ones_add_nothing() -> None:
    similarities = similarity(MOVIES, "genres", "director", "decade")
    np.testing.assert_allclose(
        similarities,
        similarity(MOVIES, "genres") + similarity(MOVIES, "director") + similarity(MOVIES, "decade"),
        atol=1e-6,
    )
    assert similarities[3].tolist() == pytest.approx([0, 0, 0, 1])  # its director, and no more
    assert similarity(MOVIES, "director")[0, 1] == pytest.approx(1)  # named twice is named
    assert similarity(MOVIES, "decade")[0].tolist() == pytest.approx([1, 1, 0, 0])


def test_overviews_share_words() -> None:
    similarities = similarity(MOVIES, "overview")
    assert 0 < similarities[0, 1] < 1
    assert not similarities[2:].any()


def test_a_catalogue_that_knows_titles_alone_has_no_facts() -> None:
    bare = pl.DataFrame(
        {"title": ["A", "B"], "year": [None, None], "genres": [None, None]},
        schema_overrides={"year": pl.Int32, "genres": pl.List(pl.String)},
    )
    assert not similarity(bare).any()
    assert fact_vectors(bare).shape[0] == 2
    assert fact_vectors(bare.head(0)).shape[0] == 0


def test_a_fact_of_all_movies_has_no_weight() -> None:
    same = pl.DataFrame({"year": [1990, 1990], "genres": [["Drama"], ["Drama"]]})
    assert not similarity(same).any()


def test_rows_stay_sparse() -> None:
    n = 500
    many = pl.DataFrame({"year": [1900 + row % 100 for row in range(n)], "director": [[f"D{row}"] for row in range(n)]})
    vectors = fact_vectors(many)
    assert vectors.dtype == np.float32
    assert vectors.nnz == 2 * n


def movies(genres: list[list[str] | None]) -> pl.DataFrame:
    return pl.DataFrame({"genres": pl.Series(genres, dtype=pl.List(pl.String))})


def test_genres_become_columns_in_alphabetical_order() -> None:
    vectors, names = genre_vectors(movies([["Drama", "Action"], [], ["Drama"], None, ["Western", "Drama"]]))
    assert names == ["Action", "Drama", "Western"]
    assert vectors.tolist() == [[1, 1, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 1, 1]]
    assert vectors.dtype == np.float32


def test_a_genre_named_twice_counts_once() -> None:
    vectors, _ = genre_vectors(movies([["Drama", "Drama"]]))
    assert vectors.tolist() == [[1]]


@pytest.mark.parametrize("genres", [[], [[], []], [None]])
def test_without_genres_there_are_no_columns(genres: list[list[str] | None]) -> None:
    vectors, names = genre_vectors(movies(genres))
    assert vectors.shape == (len(genres), 0)
    assert names == []


def test_lists_that_are_all_empty_may_have_no_type() -> None:
    vectors, names = genre_vectors(pl.DataFrame({"genres": [[], []]}))
    assert (vectors.shape, names) == ((2, 0), [])
