"""The lists of the current user: watchlist, not interested, and exclusions."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query

from matinee.service.api.idempotency import IdempotentWriteDep
from matinee.service.api.serializers import change_result, title_fields
from matinee.service.dependencies import CurrentUser
from matinee.service.schemas.requests import MovieId, PageQuery
from matinee.service.schemas.responses import ChangeResultOut, ListEntryOut, ListEntryPageOut
from matinee.service.state.app_state import ServedRunDep, StateDep
from matinee.store.lists import Lists, MovieList


def list_router(path: str, description: str, select: Callable[[Lists], MovieList]) -> APIRouter:
    """Build the routes of one list. `description` completes the phrase "movies ..."."""
    router = APIRouter(tags=["lists"])
    name = path.replace("-", "_")

    @router.get(f"/{path}", operation_id=f"list_{name}", summary=f"Movies {description}")
    def entries(
        state: StateDep, run: ServedRunDep, user: CurrentUser, query: Annotated[PageQuery, Query()]
    ) -> ListEntryPageOut:
        page = select(state.store.lists).page(user.id, cursor=query.cursor, limit=query.limit)
        items = [
            ListEntryOut(
                movie_id=entry.movie_id,
                **title_fields(run, entry.movie_id),
                added_at=entry.added_at,
                source=entry.source,
                change_id=entry.change_id,
            )
            for entry in page.items
        ]
        return ListEntryPageOut(items=items, next=page.next)

    @router.put(
        f"/{path}/{{movie_id}}",
        response_model=ChangeResultOut,
        operation_id=f"add_to_{name}",
        summary=f"Add to the movies {description}",
    )
    def add(run: ServedRunDep, write: IdempotentWriteDep, movie_id: MovieId) -> Any:
        run.row(movie_id)
        movie_list = select(write.state.store.lists)
        return write.run(lambda: change_result(movie_list.add(write.user.id, movie_id, source="api")))

    @router.delete(
        f"/{path}/{{movie_id}}",
        response_model=ChangeResultOut,
        operation_id=f"remove_from_{name}",
        summary=f"Remove from the movies {description}",
    )
    def remove(write: IdempotentWriteDep, movie_id: MovieId) -> Any:
        movie_list = select(write.state.store.lists)
        return write.run(lambda: change_result(movie_list.remove(write.user.id, movie_id, source="api")))

    return router


def _watchlist(lists: Lists) -> MovieList:
    return lists.watchlist


def _not_interested(lists: Lists) -> MovieList:
    return lists.not_interested


def _excluded(lists: Lists) -> MovieList:
    return lists.excluded


router = APIRouter()
router.include_router(list_router("watchlist", "to watch", _watchlist))
router.include_router(list_router("not-interested", "you are not interested in", _not_interested))
router.include_router(list_router("exclusions", "excluded from your history", _excluded))
