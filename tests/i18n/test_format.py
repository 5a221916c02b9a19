from datetime import UTC, date, datetime

import pytest

from matinee.i18n.format import comma_list, day, number, percent


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(1682, 0, "1,682"), (3, 0, "3"), (0.25, 3, "0.250"), (4, 1, "4.0")]
)
def test_numbers_have_separated_thousands(value: float, digits: int, text: str) -> None:
    assert number("en", value, digits) == number("zh", value, digits) == text


def test_shares_are_percents() -> None:
    assert percent("en", 0.374) == "37%"
    assert percent("zh", 0.374, 1) == "37.4%"


def test_dates_follow_the_language() -> None:
    assert day("en", date(2026, 11, 28)) == "28 Nov 2026"
    assert day("zh", datetime(2026, 11, 28, 23, 59, tzinfo=UTC)) == "2026年11月28日"


def test_lists_have_the_separator_of_the_language() -> None:
    assert comma_list("en", ["Drama", "War"]) == "Drama, War"
    assert comma_list("zh", iter(["剧情片", "战争片"])) == "剧情片、战争片"
