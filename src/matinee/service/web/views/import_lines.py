"""Lines of a diary that was brought, as its page shows them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from matinee.pipeline.words import Language
from matinee.service.web.page_context import PageContext
from matinee.service.web.views.cards import Card, plain
from matinee.service.web.words import gettext
from matinee.store.imports import Import, ImportRow

GROUPS = ("ambiguous", "missed", "seen", "matched", "left out")  # what needs a word first
_FOUND = 6  # films a search for a line shows


@dataclass(frozen=True)
class ImportLine:
    """One film of a diary, what it was taken for, and what else it may be."""

    number: int
    kind: str  # rating, watchlist, seen
    group: str
    title: str
    year: int | None
    stars: float | None
    stars_from: str  # median, upper quartile, or one for all; empty where the diary has them
    at: datetime | None
    where: str  # file and line
    reason: str
    film: Card | None
    choices: list[Card]
    asked: str  # what was searched for by title
    found: list[Card]


def lines_of(
    context: PageContext, brought: Import, numbers: Iterable[int], searched: int = -1, q: str = ""
) -> list[ImportLine]:
    """Some lines; for the one of the number `searched` with what has a title like `q`."""
    return [_line(context, brought.rows[number], number, q if number == searched else "") for number in numbers]


def group_of(row: ImportRow) -> str:
    """The group that a line is listed in."""
    return str(row.entry.get("group", ""))


def _line(context: PageContext, row: ImportRow, number: int, q: str) -> ImportLine:
    entry = row.entry
    return ImportLine(
        number=number,
        kind=row.kind,
        group=group_of(row),
        title=entry["title"] or "?",
        year=entry["year"],
        stars=row.stars,
        stars_from=entry["stars_from"],
        at=row.at,
        where=f"{entry['file']}, {entry['line']}",
        reason=reason_in(context.language, entry["reason"]),
        film=next(iter(_cards(context, [row.movie_id or ""])), None),
        choices=_cards(context, entry["choices"]),
        asked=q,
        found=_with_fame(context, context.run.search.find(q, _FOUND)) if q else [],
    )


def _cards(context: PageContext, movie_ids: Iterable[str]) -> list[Card]:
    """Films of the catalogue of now: the import may have waited since another one."""
    rows = context.run.rows
    return _with_fame(context, [rows[one] for one in movie_ids if one in rows])


def _with_fame(context: PageContext, rows: Iterable[int]) -> list[Card]:
    """Cards that say how many rated a film, by which two listings of one film are told apart."""
    told, rated = context.gettext("rated by {n}"), context.run.engine.rated
    return [card for row in rows for card in plain(context.run, [row], told.format(n=int(rated[row])))]


# How matching says why, in the pages' words; numbers and years go over as they are.
_REASONS = (
    (r"the same id", "the same id"),
    (r"nearly the same title", "nearly the same title"),
    (r"the only movie of this title", "the only film of this title"),
    (r"the same title, a year apart", "the same title, a year apart"),
    (r"the same title and year", "the same title and year"),
    (r"the same title, written differently", "the same title, written differently"),
    (r"only a part of the title is the same", "only a part of the title is the same"),
    (r"several films of the diary fit this movie", "several films of the diary fit this one"),
    (r"no year is given, and (\d+) movies have this title", "no year is given, and {n} films have this title"),
    (r"(\d+) movies fit", "{n} films fit"),
    (r"no movie of the catalogue has this title within a year of (\d+)", "no film here has this title around {n}"),
    (r"no movie of the catalogue has this title", "no film here has this title"),
    (r"chosen by you", "chosen by you"),
)


def reason_in(language: Language, reason: str) -> str:
    """Why a line was taken for a film, or for none."""
    for pattern, told in _REASONS:
        found = re.fullmatch(pattern, reason)
        if found:
            return gettext(language, told).format(n="".join(found.groups()))
    return reason
