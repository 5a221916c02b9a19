import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.diaries.parsing import CellParser, parse_date, parse_number


@pytest.fixture
def cells() -> CellParser:
    return CellParser(Path("films.csv"))


def kinds(cells: CellParser) -> list[tuple[str, int, int | None]]:
    return [(found.kind, found.count, found.row) for found in cells.findings()]


@pytest.mark.parametrize(
    ("text", "most", "stars"),
    [("4.5", 5, 4.5), ("4,5", 5, 4.5), ("9", 10, 4.5), ("7", 10, 3.5), ("1", 10, 0.5), ("80", 100, 4), ("3", 100, 0.5)],
)
def test_ratings_become_stars(cells: CellParser, text: str, most: float, stars: float) -> None:
    assert cells.rating(text, 2, most) == stars
    assert cells.findings() == []


def test_no_rating_is_none_and_zero_is_told(cells: CellParser) -> None:
    assert [cells.rating(text, line, 5) for line, text in enumerate(["", "0", "0.0"], 2)] == [None, None, None]
    assert cells.rating(None, 9, 5) is None
    assert kinds(cells) == [("zero ratings", 2, 3)]


@pytest.mark.parametrize("text", ["good", "6", "-1", "nan", "inf", "1e0", "★★★", "4/5"])
def test_what_is_no_rating_is_none_and_told(cells: CellParser, text: str) -> None:
    assert cells.rating(text, 4, 5) is None
    assert kinds(cells) == [("unreadable ratings", 1, 4)]


@pytest.mark.parametrize(("text", "year"), [("1995", 1995), ("1995.0", 1995), ("", None), (None, None)])
def test_years(cells: CellParser, text: str | None, year: int | None) -> None:
    assert cells.year(text, 2) == year
    assert cells.findings() == []


@pytest.mark.parametrize("text", ["95", "0", "1066", "3000", "199?", "1995-1998"])
def test_unreadable_years(cells: CellParser, text: str) -> None:
    assert cells.year(text, 2) is None
    assert kinds(cells) == [("unreadable years", 1, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-02",
        "2020/1/2",
        "2020-01-02T23:59:59.000Z",
        "2020-01-02 10:00",
        "2 Jan 2020",
        "02 January 2020",
        "Jan 2, 2020",
        "January 2, 2020",
        "2-Jan-2020",
        "Thu Jan  2 00:00:00 2020",
    ],
)
def test_dates(cells: CellParser, text: str) -> None:
    assert cells.date(text, 2) == datetime.date(2020, 1, 2)


@pytest.mark.parametrize("text", ["03/04/2020", "2020-02-30", "soon", "2020", "3.4.2020", "0000-00-00"])
def test_a_date_that_leaves_a_doubt_is_none(cells: CellParser, text: str) -> None:
    assert cells.date(text, 2) is None
    assert kinds(cells) == [("unreadable dates", 1, 2)]


def test_no_date_is_in_the_future_or_before_sites_had_a_clock(cells: CellParser) -> None:
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    assert cells.date(tomorrow.isoformat(), 2) == tomorrow  # already there, east of Greenwich
    later = tomorrow + datetime.timedelta(days=1)
    assert [cells.date(text, 3) for text in (later.isoformat(), "1970-01-01T00:00:00Z", "1900-01-01")] == [None] * 3
    assert kinds(cells) == [("impossible dates", 3, 3)]


def test_imdb_ids(cells: CellParser) -> None:
    given_texts = ["tt0113277", "https://www.imdb.com/title/tt0113277/", "113277", "TT10872600", ""]
    assert [cells.imdb_id(text, 2) for text in given_texts] == [
        "tt0113277",
        "tt0113277",
        "tt0113277",
        "tt10872600",
        None,
    ]
    assert cells.imdb_id("heat", 5) is None
    assert kinds(cells) == [("unreadable ids", 1, 5)]


def test_tmdb_ids(cells: CellParser) -> None:
    assert [cells.tmdb_id(text, 2) for text in ("949", "949.0", "")] == [949, 949, None]
    assert [cells.tmdb_id(text, 3) for text in ("0", "heat", "9" * 30)] == [None] * 3
    assert kinds(cells) == [("unreadable ids", 3, 3)]


def test_a_finding_shows_the_first_case_and_not_all_of_a_long_one(cells: CellParser) -> None:
    cells.rating("x" * 100, 2, 5)
    cells.rating("y", 3, 5)
    assert cells.findings()[0].message == (
        f"2 ratings cannot be read, first '{'x' * 37}...'; those films have no rating"
    )


def test_numbers() -> None:
    assert [parse_number(text) for text in ("4", "4.25", "4,25", "", ".5", "4.", "٤")] == [
        4,
        4.25,
        4.25,
        None,
        None,
        None,
        4,
    ]


@given(st.dates(datetime.date(1970, 1, 2), datetime.date(2020, 12, 31)))
def test_every_day_is_read_in_every_form(day: datetime.date) -> None:
    forms = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%a %b %d %H:%M:%S %Y")
    assert {parse_date(day.strftime(form)) for form in forms} == {day}


@given(st.text(max_size=30))
def test_any_text_is_read_or_counted(text: str) -> None:
    cells = CellParser(Path("films.csv"))
    read = [
        cells.rating(text, 2, 10),
        cells.year(text, 2),
        cells.date(text, 2),
        cells.imdb_id(text, 2),
        cells.tmdb_id(text, 2),
    ]
    unread = sum(found.count for found in cells.findings())
    assert unread == (read.count(None) if text else 0)
    assert read[0] is None or 0.5 <= read[0] <= 5
