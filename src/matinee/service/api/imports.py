"""Diary imports: upload a file, review the matches, then keep or discard the import."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, UploadFile

from matinee.service.api.idempotency import IdempotentWriteDep
from matinee.service.dependencies import CurrentUser
from matinee.service.operations import imports as operations
from matinee.service.schemas.imports import (
    ImportLineOut,
    ImportOut,
    ImportOutcomeOut,
    ImportPageOut,
    ImportReportOut,
)
from matinee.service.schemas.requests import ChoicesIn, PageQuery
from matinee.service.state.app_state import ServedRunDep, StateDep
from matinee.store.imports import Import, ImportOutcome

router = APIRouter(tags=["imports"])

ImportId = Annotated[int, Path(ge=1, le=2**53)]


@router.post("/imports", response_model=ImportReportOut)
def upload(
    run: ServedRunDep,
    write: IdempotentWriteDep,
    file: UploadFile,
    scale: Annotated[float | None, Form(gt=0, le=1000, description="The highest rating of a generic CSV file.")] = None,
) -> Any:
    """Upload a diary. No rating is written until the import is kept. The same file returns the same import."""
    content = file.file.read()
    name = file.filename or "diary"

    def work() -> ImportReportOut:
        imported, is_new = operations.start_import(write.state, run, write.user, name, content, scale)
        return import_report(imported, is_new=is_new)

    return write.run(work, content)


@router.get("/imports")
def imports(state: StateDep, user: CurrentUser, query: Annotated[PageQuery, Query()]) -> ImportPageOut:
    """Your imports, newest first."""
    page = state.store.imports.page(user.id, cursor=query.cursor, limit=query.limit)
    return ImportPageOut(items=[ImportOut.model_validate(item) for item in page.items], next=page.next)


@router.get("/imports/{import_id}")
def get_import(state: StateDep, user: CurrentUser, import_id: ImportId) -> ImportReportOut:
    """One import, with its lines while it is pending."""
    return import_report(state.store.imports.get(user.id, import_id), is_new=False)


@router.put("/imports/{import_id}/choices", response_model=ImportReportOut)
def choose(run: ServedRunDep, write: IdempotentWriteDep, import_id: ImportId, body: ChoicesIn) -> Any:
    """Choose the movies of lines, or leave lines out."""
    state, user = write.state, write.user
    return write.run(
        lambda: import_report(operations.resolve_lines(state, run, user, import_id, body.choices), is_new=False), body
    )


@router.post("/imports/{import_id}/keep", response_model=ImportOutcomeOut)
def keep(write: IdempotentWriteDep, import_id: ImportId) -> Any:
    """Write the ratings and the watchlist of an import, in one transaction."""
    return write.run(lambda: _outcome(write.state.store.imports.keep(write.user.id, import_id)))


@router.post("/imports/{import_id}/discard", response_model=ImportOut)
def discard(write: IdempotentWriteDep, import_id: ImportId) -> Any:
    """Discard a pending import."""
    return write.run(lambda: ImportOut.model_validate(write.state.store.imports.discard(write.user.id, import_id)))


@router.post("/imports/{import_id}/undo", response_model=ImportOutcomeOut)
def undo(write: IdempotentWriteDep, import_id: ImportId) -> Any:
    """Undo a kept import. Changes made since then stay."""
    return write.run(lambda: _outcome(write.state.store.imports.undo(write.user.id, import_id)))


def import_report(imported: Import, *, is_new: bool) -> ImportReportOut:
    """An import with its lines."""
    lines = [
        ImportLineOut(line=number, kind=row.kind, movie_id=row.movie_id, rating=row.rating, at=row.at, entry=row.entry)
        for number, row in enumerate(imported.rows)
    ]
    return ImportReportOut(**ImportOut.model_validate(imported).model_dump(), new=is_new, lines=lines)


def _outcome(outcome: ImportOutcome) -> ImportOutcomeOut:
    fields = ImportOut.model_validate(outcome.imported).model_dump()
    return ImportOutcomeOut(**fields, changed=outcome.changed, unchanged=outcome.unchanged)
