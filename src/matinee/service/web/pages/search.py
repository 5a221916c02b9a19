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
def search(context: PageDep, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The page, or what was found."""
    typed = q.strip()
    found = context.run.search.search(typed, _MOST)
    return context.render(
        "search.html",
        title=context.gettext("Search") if not typed else context.gettext("Search: {typed}").format(typed=typed),
        typed=typed,
        hits=[_hit(context.run, row) for row in found.rows],
        more=len(found.rows) == _MOST,  # there may be others
        as_typed=found.as_typed,
        recent=[] if typed else opened_lately(context),
    )


def opened_lately(context: PageContext) -> list[Card]:
    """The films whose pages somebody opened last, the latest first."""
    if context.user is None:
        return []
    events = context.state.store.events.page(context.user.id, kinds=("opened",), limit=_LOOKED_AT)
    rows = [context.run.rows[one.movie_id] for one in events.items if one.movie_id in context.run.rows]
    return plain(context.run, [*dict.fromkeys(rows)][:_RECENT])


def _hit(run: ServedRun, row: int) -> SearchHit:
    known = run.engine.movies.row(row, named=True)
    return SearchHit(run.ids[row], known["title"], known["year"], known.get("director") or [])
