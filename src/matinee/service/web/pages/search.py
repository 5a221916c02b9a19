"""Search: find a film by its title, or by who made it, while it is typed."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from matinee.service.state.served_run import ServedRun
from matinee.service.web.page_context import PageContext, PageDep
from matinee.service.web.views.cards import Card, plain

router = APIRouter(include_in_schema=False)

_MOST = 20  # films found
_RECENT = 12  # films opened lately
_LOOKED_AT = 60  # events, some of one film


@dataclass(frozen=True)
class SearchHit:
    """A film that was found."""

    movie_id: str
    title: str
    year: int | None
    directors: list[str]


@router.get("/search")
def search(visit: PageDep, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The page, or what was found."""
    typed = q.strip()
    found = visit.run.search.search(typed, _MOST)
    return visit.render(
        "search.html",
        title=visit.gettext("Search") if not typed else visit.gettext("Search: {typed}").format(typed=typed),
        typed=typed,
        hits=[_hit(visit.run, row) for row in found.rows],
        more=len(found.rows) == _MOST,  # there may be others
        as_typed=found.as_typed,
        recent=[] if typed else opened_lately(visit),
    )


def opened_lately(visit: PageContext) -> list[Card]:
    """The films whose pages somebody opened last, the latest first."""
    if visit.user is None:
        return []
    events = visit.state.store.events.page(visit.user.id, kinds=("opened",), limit=_LOOKED_AT)
    rows = [visit.run.rows[one.movie_id] for one in events.items if one.movie_id in visit.run.rows]
    return plain(visit.run, [*dict.fromkeys(rows)][:_RECENT])


def _hit(stage: ServedRun, row: int) -> SearchHit:
    known = stage.engine.movies.row(row, named=True)
    return SearchHit(stage.ids[row], known["title"], known["year"], known.get("director") or [])
