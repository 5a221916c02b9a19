from datetime import date

import pytest
from pydantic import ValidationError

from matinee.data.fetching.tmdb_responses import TmdbMovie, TmdbSearchHit, TmdbSearchPage, parse_date
from tests.data.fetching.tmdb_server import tmdb_movie


def test_directors_and_cast_are_read_in_the_order_of_the_credits() -> None:
    whole = TmdbMovie.model_validate(tmdb_movie(949, "Heat", "1995-12-15"))
    assert whole.directors == ["Director of Heat"]
    assert whole.cast[:3] == ["Actor 0", "Actor 1", "Actor 2"]


def test_each_name_is_listed_once() -> None:
    twice = {
        "cast": [{"name": "Ann", "order": 1}, {"name": "Ann", "order": 2}, {"name": "Ben", "order": 0}],
        "crew": [{"name": "Cleo", "job": "Director"}, {"name": "Cleo", "job": "Director"}],
    }
    whole = TmdbMovie.model_validate({"id": 1, "credits": twice})
    assert (whole.directors, whole.cast) == (["Cleo"], ["Ben", "Ann"])


def test_the_short_form_keeps_directors_and_cast() -> None:
    whole = TmdbMovie.model_validate(tmdb_movie(949, "Heat", "1995-12-15"))
    short = whole.without_minor_crew()
    assert len(short.model_dump_json()) < len(whole.model_dump_json()) / 2
    assert short.directors == whole.directors
    assert short.cast == whole.cast[:20]


def test_empty_fields_are_accepted() -> None:
    bare = TmdbMovie.model_validate(
        {"id": 1, "runtime": None, "overview": None, "release_date": "", "poster_path": None}
    )
    assert (bare.directors, bare.cast, bare.runtime) == ([], [], None)
    assert TmdbSearchHit(id=1, release_date="").year is None
    assert TmdbSearchHit(id=1, release_date="1995-12-15").year == 1995


@pytest.mark.parametrize("response", [{}, {"id": "x"}, {"id": 1, "genres": "Drama"}, {"id": 1, "credits": []}])
def test_other_schemas_are_refused(response: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TmdbMovie.model_validate(response)
    with pytest.raises(ValidationError):
        TmdbSearchPage.model_validate({"success": True})


@pytest.mark.parametrize(
    ("text", "expected"), [("1995-12-15", date(1995, 12, 15)), ("", None), (None, None), ("1995", None)]
)
def test_dates_are_parsed(text: str | None, expected: date | None) -> None:
    assert parse_date(text) == expected
