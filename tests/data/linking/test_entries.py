import polars as pl

from matinee.data.linking.entries import catalogue_entries

TABLE = pl.DataFrame(
    {
        "title": ["Shiloh", None],
        "year": [1997, None],
        "genres": [["Children's", "Drama"], None],
        "imdb_id": ["tt1", None],
    }
)


def test_genres_are_normalised():
    entry, unknown = catalogue_entries(TABLE)
    assert (entry.title, entry.year, entry.genres) == ("Shiloh", 1997, {"Family", "Drama"})
    assert (unknown.title, unknown.year, unknown.genres) == ("", None, frozenset())


def test_ids_have_a_fixed_order():
    assert [entry.ids for entry in catalogue_entries(TABLE)] == [(None, "tt1"), (None, None)]
    assert catalogue_entries(TABLE.with_columns(tmdb_id=pl.Series([5, 6])))[1].ids == (6, None)


def test_only_common_ids_distinguish_movies():
    entry, unknown = catalogue_entries(TABLE)
    other = catalogue_entries(TABLE.with_columns(imdb_id=pl.lit("tt2")))[0]
    assert entry.may_be(unknown)
    assert entry.may_be(entry)
    assert not entry.may_be(other)
