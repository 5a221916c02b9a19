"""The lines of an imported diary, as the import page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from matinee.message import Message
from matinee.service.web.page_context import PageContext
from matinee.service.web.views.cards import Card, movie_cards
from matinee.store.imports import Import, ImportRow

GROUPS = ("ambiguous", "missed", "seen", "matched", "left out")  # lines that need a decision come first
_SEARCH_HITS = 6


@dataclass(frozen=True)
class ImportLine:
    """One movie of a diary, its match in the catalogue, and other candidates."""

    number: int
    kind: str  # rating, watchlist, seen
    group: str
    title: str
    year: int | None
    stars: float | None
    stars_from: str  # median, upper quartile, or one for all; empty if the diary has a rating
    at: datetime | None
    source: str  # file and line
    reason: str
    match: Card | None
    choices: list[Card]
    query: str  # a search by title for this line, or empty
    hits: list[Card]


def import_lines(
    context: PageContext, diary_import: Import, numbers: Iterable[int], searched: int = -1, query: str = ""
) -> list[ImportLine]:
    """Lines by number; the line `searched` comes with movies whose titles match the query."""
    return [
        _line(context, diary_import.rows[number], number, query if number == searched else "") for number in numbers
    ]


def group_of(row: ImportRow) -> str:
    """The group that a line is listed in."""
    return str(row.entry.get("group", ""))


def _line(context: PageContext, row: ImportRow, number: int, query: str) -> ImportLine:
    entry = row.entry
    return ImportLine(
        number=number,
        kind=row.kind,
        group=group_of(row),
        title=entry["title"] or "?",
        year=entry["year"],
        stars=row.rating,
        stars_from=entry["rating_source"],
        at=row.at,
        source=f"{entry['file']}, {entry['line']}",
        reason=context.translate(Message.from_json(entry["reason"])),
        match=next(iter(_cards(context, [row.movie_id or ""])), None),
        choices=_cards(context, entry["choices"]),
        query=query,
        hits=_cards_with_counts(context, context.run.search.find(query, _SEARCH_HITS)) if query else [],
    )


def _cards(context: PageContext, movie_ids: Iterable[str]) -> list[Card]:
    """Movies of the current catalogue, which may be newer than the import."""
    rows = context.run.rows
    return _cards_with_counts(context, [rows[movie_id] for movie_id in movie_ids if movie_id in rows])


def _cards_with_counts(context: PageContext, rows: Iterable[int]) -> list[Card]:
    """Cards with the number of ratings, which tells two listings of one movie apart."""
    counts = context.run.engine.rating_counts
    return [
        card
        for row in rows
        for card in movie_cards(context.run, [row], context.gettext("rated by {n}", n=int(counts[row])))
    ]
