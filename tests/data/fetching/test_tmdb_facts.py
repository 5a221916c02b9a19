from datetime import date

import polars as pl

from matinee.data.fetching.tmdb_answers import TmdbMovie
from matinee.data.fetching.tmdb_facts import COLUMNS, facts_of, with_facts
from matinee.data.readers.columns import MOVIE_TYPES
from tests.data.fetching.tmdb_server import film

HEAT = TmdbMovie.model_validate(film(949, "Heat", "1995-12-15", (80, 18)))
BARE = TmdbMovie(id=5, overview=" ", runtime=0, original_language="", poster_path=None, release_date="")


def catalogue() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "movie_id": [1, 2, 3],
            "title": ["Heat", "Bare", "Unasked"],
            "year": [1996, None, None],
            "genres": [[], [], []],
        },
        schema={"movie_id": pl.Int64, "title": pl.String, "year": pl.Int32, "genres": pl.List(pl.String)},
    )


def test_facts_have_our_names_and_types() -> None:
    movies, gained = with_facts(catalogue(), {0: HEAT})
    heat = movies.row(0, named=True)
    assert heat["overview"] == "What happens in Heat."
    assert (heat["runtime"], heat["language"], heat["director"]) == (139, ["en"], ["Director of Heat"])
    assert heat["cast"] == [f"Actor {n}" for n in range(8)]
    assert (heat["release_date"], heat["imdb_id"], heat["tmdb_id"]) == (date(1995, 12, 15), "tt0000949", 949)
    assert (heat["genres"], heat["poster"]) == (["Crime", "Drama"], "/poster949.jpg")
    assert heat["year"] == 1996  # what is known stays
    assert all(movies.schema[name] == MOVIE_TYPES[name] for name in gained)
    assert set(gained) == {*COLUMNS} - {"year"}
    assert movies.columns[:4] == catalogue().columns


def test_only_empty_cells_are_filled() -> None:
    known = catalogue().with_columns(
        pl.Series("overview", ["Ours.", None, None]),
        pl.Series("genres", [["Noir"], [], []]),
        pl.Series("tmdb_id", [None, None, 7], dtype=pl.Int64),
        pl.Series("year", [None, None, None], dtype=pl.Int32),
        pl.Series("runtime", ["long", None, None]),  # of another type: left as it is
    )
    movies, gained = with_facts(known, {0: HEAT, 1: HEAT.model_copy(update={"overview": "Theirs."})})
    assert movies["overview"].to_list() == ["Ours.", "Theirs.", None]
    assert movies["genres"].to_list() == [["Noir"], ["Crime", "Drama"], []]
    assert movies["tmdb_id"].to_list() == [949, 949, 7]
    assert movies["year"].to_list() == [1995, 1995, None]
    assert movies["runtime"].to_list() == ["long", None, None]
    assert "runtime" not in gained
    assert "overview" in gained


def test_what_tmdb_does_not_know_stays_empty() -> None:
    facts = facts_of(BARE)
    assert {name: value for name, value in facts.items() if value} == {"tmdb_id": 5}
    movies, gained = with_facts(catalogue(), {1: BARE})
    assert gained == ("tmdb_id",)
    assert movies.columns == [*catalogue().columns, "tmdb_id"]
    assert with_facts(catalogue(), {})[0].equals(catalogue())


def test_later_facts_are_not_taken() -> None:
    movies, _ = with_facts(catalogue(), {0: HEAT})
    assert not {"vote_average", "vote_count", "popularity"} & set(movies.columns)


def test_the_bar_that_parts_names_is_taken_out_of_them() -> None:
    named = HEAT.model_copy(update={"original_language": "e|n"})
    assert facts_of(named)["language"] == ["e n"]


def test_empty_lists_stay_lists() -> None:
    movies, _ = with_facts(catalogue(), {0: HEAT})
    assert movies["director"].to_list() == [["Director of Heat"], [], []]
