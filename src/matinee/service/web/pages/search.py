"""Search: movies by title, director or cast, found as the query is typed."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from matinee.message import N_
from matinee.service.state.served_run import ServedRun
from matinee.service.web.page_context import MenuEntry, PageContext, PageDep
from matinee.service.web.views.cards import Card, movie_cards

router = APIRouter(include_in_schema=False)
MENU_ENTRY = MenuEntry(2, "/search", N_("Search"))

_MAX_HITS = 20
_RECENT = 12  # movies
_RECENT_EVENTS = 60  # searched for them: a movie may have several


@dataclass(frozen=True)
class SearchHit:
    """A movie that matches the query."""

    movie_id: str
    title: str
    year: int | None
    directors: list[str]


@router.get("/search")
def search(context: PageDep, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The page, with or without results."""
    query = q.strip()
    matches = context.run.search.search(query, _MAX_HITS)
    return context.render(
        "search.html",
        title=context.gettext("Search: {query}", query=query) if query else context.gettext("Search"),
        query=query,
        hits=[_hit(context.run, row) for row in matches.rows],
        has_more=len(matches.rows) == _MAX_HITS,
        as_typed=matches.as_typed,
        recent=[] if query else recently_viewed(context),
    )


def recently_viewed(context: PageContext) -> list[Card]:
    """The movies whose pages the user opened last, newest first."""
    if context.user is None:
        return []
    events = context.state.store.events.page(context.user.id, kinds=("clicked",), limit=_RECENT_EVENTS)
    rows = [context.run.rows[event.movie_id] for event in events.items if event.movie_id in context.run.rows]
    return movie_cards(context.run, [*dict.fromkeys(rows)][:_RECENT])


def _hit(run: ServedRun, row: int) -> SearchHit:
    movie = run.engine.movies.row(row, named=True)
    return SearchHit(run.ids[row], movie["title"], movie["year"], movie.get("director") or [])
