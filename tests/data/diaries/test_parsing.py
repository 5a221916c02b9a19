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
    return [(issue.kind, issue.count, issue.row) for issue in cells.issues()]


@pytest.mark.parametrize(
    ("text", "max_rating", "stars"),
    [("4.5", 5, 4.5), ("4,5", 5, 4.5), ("9", 10, 4.5), ("7", 10, 3.5), ("1", 10, 0.5), ("80", 100, 4), ("3", 100, 0.5)],
)
def test_ratings_become_stars(cells: CellParser, text: str, max_rating: float, stars: float) -> None:
    assert cells.rating(text, 2, max_rating) == stars
    assert cells.issues() == []


def test_empty_and_zero_ratings_are_none(cells: CellParser) -> None:
    assert [cells.rating(text, line, 5) for line, text in enumerate(["", "0", "0.0"], 2)] == [None, None, None]
    assert cells.rating(None, 9, 5) is None
    assert kinds(cells) == [("zero ratings", 2, 3)]


@pytest.mark.parametrize("text", ["good", "6", "-1", "nan", "inf", "1e0", "★★★", "4/5"])
def test_unreadable_ratings_are_counted(cells: CellParser, text: str) -> None:
    assert cells.rating(text, 4, 5) is None
    assert kinds(cells) == [("unreadable ratings", 1, 4)]


@pytest.mark.parametrize(("text", "year"), [("1995", 1995), ("1995.0", 1995), ("", None), (None, None)])
def test_years(cells: CellParser, text: str | None, year: int | None) -> None:
    assert cells.year(text, 2) == year
    assert cells.issues() == []


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
def test_unclear_dates_are_counted(cells: CellParser, text: str) -> None:
    assert cells.date(text, 2) is None
    assert kinds(cells) == [("unreadable dates", 1, 2)]


def test_impossible_dates_are_counted(cells: CellParser) -> None:
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    assert cells.date(tomorrow.isoformat(), 2) == tomorrow  # already today east of Greenwich
    later = tomorrow + datetime.timedelta(days=1)
    assert [cells.date(text, 3) for text in (later.isoformat(), "1970-01-01T00:00:00Z", "1900-01-01")] == [None] * 3
    assert kinds(cells) == [("impossible dates", 3, 3)]


def test_imdb_ids(cells: CellParser) -> None:
    texts = ["tt0113277", "https://www.imdb.com/title/tt0113277/", "113277", "TT10872600", ""]
    assert [cells.imdb_id(text, 2) for text in texts] == [
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


def test_an_issue_shows_the_start_of_the_first_case(cells: CellParser) -> None:
    cells.rating("x" * 100, 2, 5)
    cells.rating("y", 3, 5)
    assert cells.issues()[0].message == (
        f"2 ratings cannot be read, first '{'x' * 37}...'; these movies have no rating"
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
def test_every_date_is_parsed_in_every_format(day: datetime.date) -> None:
    patterns = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%a %b %d %H:%M:%S %Y")
    assert {parse_date(day.strftime(pattern)) for pattern in patterns} == {day}


@given(st.text(max_size=30))
def test_any_text_is_parsed_or_counted(text: str) -> None:
    cells = CellParser(Path("films.csv"))
    read = [
        cells.rating(text, 2, 10),
        cells.year(text, 2),
        cells.date(text, 2),
        cells.imdb_id(text, 2),
        cells.tmdb_id(text, 2),
    ]
    unreadable = sum(issue.count for issue in cells.issues())
    assert unreadable == (read.count(None) if text else 0)
    assert read[0] is None or 0.5 <= read[0] <= 5
