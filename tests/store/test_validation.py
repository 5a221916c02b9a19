from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from matinee.errors import InputError
from matinee.store.validation import UtcTime, as_one_of, as_rating, as_source, as_text, as_time


def test_times_are_converted_to_utc() -> None:
    in_tokyo = datetime(2026, 1, 1, 8, 30, tzinfo=timezone(timedelta(hours=9)))
    assert as_time(in_tokyo, "rated_at") == datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert as_time(in_tokyo, "rated_at").tzinfo is UTC


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgres"])
def test_times_are_stored_and_read_unchanged(dialect: Dialect) -> None:
    in_tokyo = datetime(2026, 1, 1, 8, 30, tzinfo=timezone(timedelta(hours=9)))
    stored = UtcTime().process_bind_param(in_tokyo, dialect)
    assert stored is not None
    assert stored.replace(tzinfo=None) == datetime(2025, 12, 31, 23, 30)  # noqa: DTZ001
    assert UtcTime().process_result_value(stored, dialect) == in_tokyo


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match=r"Rated_at 2026-01-01T08:30:00 has no time zone. Use a time such as"):
        as_time(datetime(2026, 1, 1, 8, 30), "rated_at")  # noqa: DTZ001


@pytest.mark.parametrize(
    "value",
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=9))),
    ],
)
def test_times_out_of_range_are_refused(value: datetime) -> None:
    with pytest.raises(InputError, match="Use a year from 1000 to 9999"):
        as_time(value, "rated_at")


@pytest.mark.parametrize("value", [0.5, 1, 3.7, 5])
def test_ratings_from_half_to_five_are_valid(value: float) -> None:
    assert as_rating(value) == value


@pytest.mark.parametrize("value", [0, 0.49, 5.01, -1, float("nan"), float("inf")])
def test_other_ratings_are_refused(value: float) -> None:
    with pytest.raises(InputError, match=r"Invalid rating .*\. Use 0\.5 to 5"):
        as_rating(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Name is empty. Use 1 to 200 characters"),
        (" \t", "Name is empty"),
        ("x" * 201, "Name has 201 characters. Use at most 200"),
        ("a\x00b", r"Name has the character U\+0000, which cannot be stored"),
        ("a\ud800", r"Name has the character U\+D800"),
    ],
)
def test_text_that_cannot_be_stored_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        as_text(text, "name")


def test_valid_text_is_unchanged() -> None:
    assert as_text(" Amélie 電影 🎬\n", "name") == " Amélie 電影 🎬\n"


@pytest.mark.parametrize("source", ["web", "api", "import:12"])
def test_valid_sources(source: str) -> None:
    assert as_source(source) == source


@pytest.mark.parametrize("source", ["", "import:", "import:x", "Web", "web ", "web\n"])
def test_invalid_sources_are_refused(source: str) -> None:
    with pytest.raises(InputError, match="Use web, api or import:<number>"):
        as_source(source)


def test_values_outside_a_set_are_refused() -> None:
    assert as_one_of("dark", ("light", "dark"), "theme") == "dark"
    with pytest.raises(InputError, match=r"Invalid theme 'pink'. Use one of light, dark"):
        as_one_of("pink", ("light", "dark"), "theme")
