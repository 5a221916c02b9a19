from datetime import date

import pytest
from pydantic import ValidationError

from matinee.data.fetching.tmdb_answers import TmdbMovie, TmdbPage, TmdbSearchHit, day
from tests.data.fetching.tmdb_server import film


def test_directors_and_cast_are_read_in_the_order_of_the_credits() -> None:
    whole = TmdbMovie.model_validate(film(949, "Heat", "1995-12-15"))
    assert whole.directors == ["Director of Heat"]
    assert whole.cast[:3] == ["Actor 0", "Actor 1", "Actor 2"]


def test_nobody_is_listed_twice() -> None:
    twice = {
        "cast": [{"name": "Ann", "order": 1}, {"name": "Ann", "order": 2}, {"name": "Ben", "order": 0}],
        "crew": [{"name": "Cleo", "job": "Director"}, {"name": "Cleo", "job": "Director"}],
    }
    whole = TmdbMovie.model_validate({"id": 1, "credits": twice})
    assert (whole.directors, whole.cast) == (["Cleo"], ["Ben", "Ann"])


def test_what_is_kept_is_small_and_says_the_same() -> None:
    whole = TmdbMovie.model_validate(film(949, "Heat", "1995-12-15"))
    kept = whole.worth_keeping()
    assert len(kept.model_dump_json()) < len(whole.model_dump_json()) / 2
    assert kept.directors == whole.directors
    assert kept.cast == whole.cast[:20]


def test_empty_fields_are_understood() -> None:
    bare = TmdbMovie.model_validate(
        {"id": 1, "runtime": None, "overview": None, "release_date": "", "poster_path": None}
    )
    assert (bare.directors, bare.cast, bare.runtime) == ([], [], None)
    assert TmdbSearchHit(id=1, release_date="").year is None
    assert TmdbSearchHit(id=1, release_date="1995-12-15").year == 1995


@pytest.mark.parametrize("answer", [{}, {"id": "x"}, {"id": 1, "genres": "Drama"}, {"id": 1, "credits": []}])
def test_another_form_is_refused(answer: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TmdbMovie.model_validate(answer)
    with pytest.raises(ValidationError):
        TmdbPage.model_validate({"success": True})


@pytest.mark.parametrize(
    ("text", "expected"), [("1995-12-15", date(1995, 12, 15)), ("", None), (None, None), ("1995", None)]
)
def test_days(text: str | None, expected: date | None) -> None:
    assert day(text) == expected
