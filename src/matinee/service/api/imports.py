"""Importing a diary: bring a file, see what matched, choose where it is not certain, keep it or discard it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, UploadFile

from matinee.service.api.idempotency import IdempotentWriteDep
from matinee.service.dependencies import CurrentUser
from matinee.service.operations import imports as operations
from matinee.service.schemas.imports import (
    ImportDoneOut,
    ImportLineOut,
    ImportOut,
    ImportPageOut,
    ImportReportOut,
)
from matinee.service.schemas.requests import ChoicesIn, PageQuery
from matinee.service.state.app_state import ServedRunDep, StateDep
from matinee.store.imports import Import, ImportOutcome

router = APIRouter(tags=["imports"])

ImportId = Annotated[int, Path(ge=1, le=2**53)]
_EXPORT = "What Letterboxd, IMDb or Trakt exports, as it comes, or a CSV of your own with a column title."


@router.post("/imports", response_model=ImportReportOut)
def bring(
    run: ServedRunDep,
    write: IdempotentWriteDep,
    file: UploadFile,
    scale: Annotated[float | None, Form(gt=0, le=1000, description="The highest rating of a list of your own.")] = None,
) -> Any:
    """Bring a diary. Nothing of it counts until it is kept; the same file twice is told, and adds nothing."""
    content = file.file.read()
    name = file.filename or "diary"

    def work() -> ImportReportOut:
        brought, new = operations.start_import(write.house, run, write.person, name, content, scale)
        return report(brought, new=new)

    return write.run(work, content)


@router.get("/imports")
def imports(state: StateDep, user: CurrentUser, query: Annotated[PageQuery, Query()]) -> ImportPageOut:
    """Your imports, the newest first."""
    page = state.store.imports.page(user.id, cursor=query.cursor, limit=query.limit)
    return ImportPageOut(items=[ImportOut.model_validate(one) for one in page.items], next=page.next)


@router.get("/imports/{import_id}")
def one_import(state: StateDep, user: CurrentUser, import_id: ImportId) -> ImportReportOut:
    """One import, with its lines as long as it is pending."""
    return report(state.store.imports.get(user.id, import_id), new=False)


@router.put("/imports/{import_id}/choices", response_model=ImportReportOut)
def choose(run: ServedRunDep, write: IdempotentWriteDep, import_id: ImportId, body: ChoicesIn) -> Any:
    """Say which movies lines are, or that they are to be left out."""
    state, user = write.house, write.person
    return write.run(
        lambda: report(operations.resolve_lines(state, run, user, import_id, body.choices), new=False), body
    )


@router.post("/imports/{import_id}/keep", response_model=ImportDoneOut)
def keep(write: IdempotentWriteDep, import_id: ImportId) -> Any:
    """Write the ratings and the watchlist of an import, all of them or none."""
    return write.run(lambda: _done(write.house.store.imports.keep(write.person.id, import_id)))


@router.post("/imports/{import_id}/discard", response_model=ImportOut)
def discard(write: IdempotentWriteDep, import_id: ImportId) -> Any:
    """Forget an import that is pending."""
    return write.run(lambda: ImportOut.model_validate(write.house.store.imports.discard(write.person.id, import_id)))


@router.post("/imports/{import_id}/undo", response_model=ImportDoneOut)
def undo(write: IdempotentWriteDep, import_id: ImportId) -> Any:
    """Take back what an import wrote; what you have said since stays."""
    return write.run(lambda: _done(write.house.store.imports.undo(write.person.id, import_id)))


def report(brought: Import, *, new: bool) -> ImportReportOut:
    """An import with its lines."""
    lines = [
        ImportLineOut(line=number, kind=row.kind, movie_id=row.movie_id, stars=row.stars, at=row.at, entry=row.entry)
        for number, row in enumerate(brought.rows)
    ]
    return ImportReportOut(**ImportOut.model_validate(brought).model_dump(), new=new, lines=lines)


def _done(outcome: ImportOutcome) -> ImportDoneOut:
    told = ImportOut.model_validate(outcome.imported).model_dump()
    return ImportDoneOut(**told, changed=outcome.changed, left=outcome.left)
