"""Pages of a table of numbers. The tests of ratings, lists and events use pages too."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import InputError
from matinee.store.paging import Page, read_page
from matinee.store.validation import UtcTime

TABLE = sa.Table(
    "entries", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", UtcTime, nullable=False)
)
KEYS = TABLE.c.at, TABLE.c.id
TIMES = [datetime(2020, 1, day, 12, 0, 0, 1, tzinfo=UTC) for day in range(1, 4)]


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    engine = sa.create_engine("sqlite://")
    yield engine
    engine.dispose()


def pages(connection: sa.Connection, limit: int) -> Iterator[Page[int]]:
    cursor = None
    while True:
        page = read_page(connection, sa.select(TABLE), KEYS, lambda row: row["id"], cursor, limit)
        yield page
        cursor = page.next
        if cursor is None:
            return


@given(days=st.lists(st.integers(0, 2), max_size=12), limit=st.integers(1, 13))
def test_all_pages_together_are_the_whole_list_in_order(engine: sa.Engine, days: list[int], limit: int) -> None:
    with engine.connect() as connection:
        TABLE.create(connection)
        for day in days:
            connection.execute(sa.insert(TABLE).values(at=TIMES[day]))
        all_pages = list(pages(connection, limit))
        connection.rollback()
        TABLE.drop(connection, checkfirst=True)
    expected = sorted(range(1, len(days) + 1), key=lambda number: (days[number - 1], number), reverse=True)
    assert [number for page in all_pages for number in page.items] == expected
    assert all(len(page.items) == limit for page in all_pages[:-1])
    assert len(all_pages[-1].items) <= limit
    assert not expected or all_pages[-1].items  # no empty page at the end


def cursor_of(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "née",
        "!!!!",
        cursor_of("text"),
        cursor_of(7),
        cursor_of([]),
        cursor_of(["2020-01-01T12:00:00+00:00"]),
        cursor_of(["2020-01-01T12:00:00", 1]),
        cursor_of(["yesterday", 1]),
        cursor_of([1, 1]),
        cursor_of(["2020-01-01T12:00:00+00:00", "1"]),
        cursor_of(["2020-01-01T12:00:00+00:00", True]),
        cursor_of(["2020-01-01T12:00:00+00:00", 2**63]),
        cursor_of(["2020-01-01T12:00:00+00:00", 1, 1]),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)
def test_an_invalid_cursor_is_refused(engine: sa.Engine, cursor: str) -> None:
    with engine.connect() as connection, pytest.raises(InputError, match="Use the `next` of the previous page"):
        read_page(connection, sa.select(TABLE), KEYS, lambda row: row["id"], cursor, 10)


@pytest.mark.parametrize("limit", [-1, 0, 1001])
def test_an_invalid_limit_is_refused(engine: sa.Engine, limit: int) -> None:
    with (
        engine.connect() as connection,
        pytest.raises(InputError, match=f"A page cannot have {limit} entries. Use a limit from 1 to 1000"),
    ):
        read_page(connection, sa.select(TABLE), KEYS, lambda row: row["id"], None, limit)
