import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from matinee.pipeline.movie_identity import MovieIdentity

movies = st.tuples(st.sampled_from(["Heat", "heat", "Hamlet", ""]), st.sampled_from([None, 1948, 1995, 1996]))
catalogues = st.lists(movies, min_size=12, max_size=12)
twelve_rows = st.lists(st.integers(0, 11), max_size=6)


def identity_of(listed: list[tuple[str, int | None]]) -> MovieIdentity:
    schema = {"title": pl.String, "year": pl.Int32}
    return MovieIdentity(pl.DataFrame(listed, schema=schema, orient="row"))


@given(catalogues)
def test_groups_are_equal_for_equal_titles_and_years(listed: list[tuple[str, int | None]]) -> None:
    identity = identity_of(listed)
    same = identity.by_row[:, None] == identity.by_row[None, :]
    assert same.tolist() == [[movie == other for other in listed] for movie in listed]
    assert sorted(set(identity.by_row.tolist())) == list(range(identity.n_groups))


@given(catalogues, twelve_rows)
def test_listings_are_all_rows_of_the_same_movies(listed: list[tuple[str, int | None]], rows: list[int]) -> None:
    titles = {listed[row] for row in rows}
    listings = identity_of(listed).listings_of(np.array(rows, dtype=np.int32))
    assert listings.tolist() == [row for row in range(12) if listed[row] in titles]


@given(catalogues, twelve_rows)
def test_first_listings_keep_one_row_of_each_movie(listed: list[tuple[str, int | None]], rows: list[int]) -> None:
    positions = identity_of(listed).first_listings(np.array(rows, dtype=np.int32)).tolist()
    titles = [listed[row] for row in rows]
    assert positions == [number for number, title in enumerate(titles) if title not in titles[:number]]


def test_an_empty_catalogue_has_no_groups() -> None:
    assert identity_of([]).n_groups == 0
