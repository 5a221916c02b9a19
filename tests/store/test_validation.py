from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from matinee.errors import InputError
from matinee.store.validation import UtcTime, as_one_of, as_source, as_stars, as_text, as_time


def test_times_come_out_in_utc() -> None:
    in_tokyo = datetime(2026, 1, 1, 8, 30, tzinfo=timezone(timedelta(hours=9)))
    assert as_time(in_tokyo, "rated_at") == datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert as_time(in_tokyo, "rated_at").tzinfo is UTC


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgres"])
def test_a_moment_is_the_same_moment_in_and_out_of_a_database(dialect: Dialect) -> None:
    in_tokyo = datetime(2026, 1, 1, 8, 30, tzinfo=timezone(timedelta(hours=9)))
    stored = UtcTime().process_bind_param(in_tokyo, dialect)
    assert stored is not None
    assert stored.replace(tzinfo=None) == datetime(2025, 12, 31, 23, 30)  # noqa: DTZ001
    assert UtcTime().process_result_value(stored, dialect) == in_tokyo


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="rated_at is 2026-01-01T08:30:00, without a zone; expected a time such as"):
        as_time(datetime(2026, 1, 1, 8, 30), "rated_at")  # noqa: DTZ001


@pytest.mark.parametrize(
    "given",
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=9))),
    ],
)
def test_times_that_databases_cannot_move_between_zones_are_refused(given: datetime) -> None:
    with pytest.raises(InputError, match="expected a year from 1000 to 9999"):
        as_time(given, "rated_at")


@pytest.mark.parametrize("stars", [0.5, 1, 3.7, 5])
def test_stars_from_a_half_to_five(stars: float) -> None:
    assert as_stars(stars) == stars


@pytest.mark.parametrize("stars", [0, 0.49, 5.01, -1, float("nan"), float("inf")])
def test_other_stars_are_refused(stars: float) -> None:
    with pytest.raises(InputError, match=r"stars; expected 0\.5 to 5"):
        as_stars(stars)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "name is empty; expected 1 to 200 characters"),
        (" \t", "name is empty"),
        ("x" * 201, "name has 201 characters; expected at most 200"),
        ("a\x00b", r"name holds the character U\+0000; expected text without it"),
        ("a\ud800", r"name holds the character U\+D800"),
    ],
)
def test_text_no_database_stores_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        as_text(text, "name")


def test_text_stays_as_it_is() -> None:
    assert as_text(" Amélie 電影 🎬\n", "name") == " Amélie 電影 🎬\n"


@pytest.mark.parametrize("source", ["web", "api", "import:12"])
def test_known_sources(source: str) -> None:
    assert as_source(source) == source


@pytest.mark.parametrize("source", ["", "import:", "import:x", "Web", "web ", "web\n"])
def test_unknown_sources_are_refused(source: str) -> None:
    with pytest.raises(InputError, match="expected web, api or import:<number>"):
        as_source(source)


def test_one_of_says_which_there_are() -> None:
    assert as_one_of("dark", ("light", "dark"), "theme") == "dark"
    with pytest.raises(InputError, match="theme 'pink'; expected light, dark"):
        as_one_of("pink", ("light", "dark"), "theme")
