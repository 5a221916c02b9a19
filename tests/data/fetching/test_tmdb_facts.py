from datetime import date

import polars as pl

from matinee.data.fetching.tmdb_facts import COLUMNS, fill_facts, movie_facts
from matinee.data.fetching.tmdb_responses import TmdbMovie
from matinee.data.readers.columns import MOVIE_TYPES
from tests.data.fetching.tmdb_server import tmdb_movie

HEAT = TmdbMovie.model_validate(tmdb_movie(949, "Heat", "1995-12-15", (80, 18)))
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
    movies, filled = fill_facts(catalogue(), {0: HEAT})
    heat = movies.row(0, named=True)
    assert heat["overview"] == "What happens in Heat."
    assert (heat["runtime"], heat["language"], heat["director"]) == (139, ["en"], ["Director of Heat"])
    assert heat["cast"] == [f"Actor {n}" for n in range(8)]
    assert (heat["release_date"], heat["imdb_id"], heat["tmdb_id"]) == (date(1995, 12, 15), "tt0000949", 949)
    assert (heat["genres"], heat["poster"]) == (["Crime", "Drama"], "/poster949.jpg")
    assert heat["year"] == 1996  # a value in the catalogue is kept
    assert all(movies.schema[name] == MOVIE_TYPES[name] for name in filled)
    assert set(filled) == {*COLUMNS} - {"year"}
    assert movies.columns[:4] == catalogue().columns


def test_only_empty_cells_are_filled() -> None:
    partly_filled = catalogue().with_columns(
        pl.Series("overview", ["Ours.", None, None]),
        pl.Series("genres", [["Noir"], [], []]),
        pl.Series("tmdb_id", [None, None, 7], dtype=pl.Int64),
        pl.Series("year", [None, None, None], dtype=pl.Int32),
        pl.Series("runtime", ["long", None, None]),  # of another type: not changed
    )
    movies, filled = fill_facts(partly_filled, {0: HEAT, 1: HEAT.model_copy(update={"overview": "Theirs."})})
    assert movies["overview"].to_list() == ["Ours.", "Theirs.", None]
    assert movies["genres"].to_list() == [["Noir"], ["Crime", "Drama"], []]
    assert movies["tmdb_id"].to_list() == [949, 949, 7]
    assert movies["year"].to_list() == [1995, 1995, None]
    assert movies["runtime"].to_list() == ["long", None, None]
    assert "runtime" not in filled
    assert "overview" in filled


def test_unknown_facts_stay_empty() -> None:
    facts = movie_facts(BARE)
    assert {name: value for name, value in facts.items() if value} == {"tmdb_id": 5}
    movies, filled = fill_facts(catalogue(), {1: BARE})
    assert filled == ("tmdb_id",)
    assert movies.columns == [*catalogue().columns, "tmdb_id"]
    assert fill_facts(catalogue(), {})[0].equals(catalogue())


def test_votes_and_popularity_are_not_added() -> None:
    movies, _ = fill_facts(catalogue(), {0: HEAT})
    assert not {"vote_average", "vote_count", "popularity"} & set(movies.columns)


def test_the_separator_is_removed_from_names() -> None:
    named = HEAT.model_copy(update={"original_language": "e|n"})
    assert movie_facts(named)["language"] == ["e n"]


def test_empty_lists_stay_lists() -> None:
    movies, _ = fill_facts(catalogue(), {0: HEAT})
    assert movies["director"].to_list() == [["Director of Heat"], [], []]
