"""The lists a person keeps: watchlist, not interested, and what is left out of their taste."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query

from matinee.service.api.idempotency import IdempotentWriteDep
from matinee.service.api.ratings import changed
from matinee.service.api.serializers import title_fields
from matinee.service.dependencies import CurrentUser
from matinee.service.schemas.requests import MovieId, PageQuery
from matinee.service.schemas.responses import ChangedOut, EntryOut, EntryPageOut
from matinee.service.state.app_state import ServedRunDep, StateDep
from matinee.store.lists import Lists, MovieList


def list_router(path: str, what: str, pick: Callable[[Lists], MovieList]) -> APIRouter:
    """The addresses of one list: see it, put a movie on it, take one off. `what` completes "movies ..."."""
    router = APIRouter(tags=["lists"])
    name = path.replace("-", "_")

    @router.get(f"/{path}", operation_id=f"list_{name}", summary=f"Movies {what}")
    def entries(
        state: StateDep, run: ServedRunDep, user: CurrentUser, query: Annotated[PageQuery, Query()]
    ) -> EntryPageOut:
        page = pick(state.store.lists).page(user.id, cursor=query.cursor, limit=query.limit)
        items = [
            EntryOut(
                movie_id=one.movie_id,
                **title_fields(run, one.movie_id),
                added_at=one.added_at,
                source=one.source,
                change_id=one.change_id,
            )
            for one in page.items
        ]
        return EntryPageOut(items=items, next=page.next)

    @router.put(
        f"/{path}/{{movie_id}}",
        response_model=ChangedOut,
        operation_id=f"add_to_{name}",
        summary=f"Add to the movies {what}",
    )
    def add(run: ServedRunDep, write: IdempotentWriteDep, movie_id: MovieId) -> Any:
        run.row(movie_id)
        kept = pick(write.house.store.lists)
        return write.run(lambda: changed(kept.add(write.person.id, movie_id, source="api")))

    @router.delete(
        f"/{path}/{{movie_id}}",
        response_model=ChangedOut,
        operation_id=f"remove_from_{name}",
        summary=f"Remove from the movies {what}",
    )
    def remove(write: IdempotentWriteDep, movie_id: MovieId) -> Any:
        kept = pick(write.house.store.lists)
        return write.run(lambda: changed(kept.remove(write.person.id, movie_id, source="api")))

    return router


def _watchlist(lists: Lists) -> MovieList:
    return lists.watchlist


def _not_interested(lists: Lists) -> MovieList:
    return lists.not_interested


def _excluded(lists: Lists) -> MovieList:
    return lists.excluded


router = APIRouter()
router.include_router(list_router("watchlist", "you mean to watch", _watchlist))
router.include_router(list_router("not-interested", "you do not want to be shown", _not_interested))
router.include_router(list_router("exclusions", "left out of what your lists are built from", _excluded))
