"""Import: upload a diary, check its matches, choose where they are unsure, and save or discard it."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.errors import InputError
from matinee.message import N_
from matinee.service.operations import imports as operations
from matinee.service.operations.imports import SAME_FOR_ALL
from matinee.service.schemas.requests import ChoiceIn
from matinee.service.web.page_context import MenuEntry, PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.views.import_lines import GROUPS, group_of, import_lines
from matinee.store.imports import Import

router = APIRouter(include_in_schema=False)
MENU_ENTRY = MenuEntry(5, "/import", N_("Import"))

_LINES = 30  # on a page
_EARLIER_IMPORTS = 20  # on a page
_STARS = {f"{half / 2}": half / 2 for half in range(1, 11)}

ImportId = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/import")
def upload_page(context: SignedInPageDep, before: Annotated[str | None, Query(max_length=400)] = None) -> Response:
    """The page to upload a diary, with earlier imports."""
    return _upload_page(context, before)


@router.post("/import")
def upload(
    context: SignedInPageDep,
    files: Annotated[list[UploadFile | str] | None, File(max_length=50)] = None,
    scale: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Read a diary as a pending import. A file that cannot be read is reported, and nothing is stored."""
    # A form without a chosen file sends a nameless one, which arrives as an empty text.
    uploads = [file for file in files or () if not isinstance(file, str) and file.filename]
    contents = [(file.filename or "", file.file.read()) for file in uploads]
    try:
        highest = float(scale) if scale.strip() else None
    except ValueError:
        return _upload_page(context, error=f"{scale!r} is no rating. Enter the highest rating, such as 5, 10 or 100.")
    try:
        name, content = operations.bundle_files(contents)
        diary_import, is_new = operations.start_import(
            context.state, context.run, signed_in_user(context), name, content, highest
        )
    except InputError as error:
        return _upload_page(context, error=str(error))
    return context.redirect(f"/import/{diary_import.id}" + ("" if is_new else "?again=1"))


class ImportQuery(BaseModel):
    """The part of an import to show."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    group: str = Field(default="", max_length=20)
    page: int = Field(default=1, ge=1, le=10**6)
    line: int = Field(default=-1, ge=-1, le=10**7)  # shows movies with titles like `q`
    q: str = Field(default="", max_length=200)
    again: bool = False  # the file had been imported before
    changed: int | None = Field(default=None, ge=0, le=10**7)  # marks just saved or undone
    unchanged: int = Field(default=0, ge=0, le=10**7)


@router.get("/import/{import_id}")
def import_page(context: SignedInPageDep, import_id: ImportId, query: Annotated[ImportQuery, Query()]) -> Response:
    """One import: its lines while it is pending, and its outcome afterwards."""
    diary_import = context.state.store.imports.get(signed_in_user(context).id, import_id)
    if context.is_htmx and query.line >= 0:
        return _line(context, diary_import, query.line, query.q)
    by_group = _numbers_by_group(diary_import)
    group = query.group if query.group in by_group else next(iter(by_group), "")
    numbers = by_group.get(group, [])
    n_pages = max(1, -(-len(numbers) // _LINES))
    page = min(query.page, n_pages)
    page_numbers = numbers[(page - 1) * _LINES : page * _LINES]
    return context.render(
        "import.html",
        title=context.gettext("Your diary"),
        again=query.again,
        outcome=None if query.changed is None else (query.changed, query.unchanged),
        group=group,
        page=page,
        n_pages=n_pages,
        lines=import_lines(context, diary_import, page_numbers, query.line, query.q),
        **_summary(diary_import),
    )


@router.post("/import/{import_id}/lines/{line}")
def choose(
    context: SignedInPageDep,
    import_id: ImportId,
    line: Annotated[int, Path(ge=0, le=10**7)],
    movie_id: Annotated[str, Form(max_length=200)] = "",
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Choose the movie of a line; an empty id skips the line."""
    choice = ChoiceIn(line=line, movie_id=movie_id or None)
    diary_import = operations.resolve_lines(context.state, context.run, signed_in_user(context), import_id, [choice])
    if context.is_htmx:
        return _line(context, diary_import, line)
    return context.redirect_back(back or f"/import/{import_id}")


@router.post("/import/{import_id}/seen")
def rate_seen(
    context: SignedInPageDep, import_id: ImportId, stars: Annotated[str, Form(max_length=5)] = ""
) -> Response:
    """Give all movies that were seen but not rated the same rating, or none."""
    rating = _STARS.get(stars)
    operations.rate_seen(context.state, signed_in_user(context), import_id, rating)
    return context.redirect(f"/import/{import_id}?group={'seen' if rating is None else 'matched'}")


@router.post("/import/{import_id}/keep")
def keep(context: SignedInPageDep, import_id: ImportId) -> Response:
    """Save the matched lines, all or nothing."""
    outcome = context.state.store.imports.keep(signed_in_user(context).id, import_id)
    return context.redirect(f"/import/{import_id}?changed={outcome.changed}&unchanged={outcome.unchanged}")


@router.post("/import/{import_id}/discard")
def discard(context: SignedInPageDep, import_id: ImportId) -> Response:
    """Discard a pending import."""
    context.state.store.imports.discard(signed_in_user(context).id, import_id)
    return context.redirect(f"/import/{import_id}")


@router.post("/import/{import_id}/undo")
def undo(context: SignedInPageDep, import_id: ImportId) -> Response:
    """Undo what an import saved."""
    outcome = context.state.store.imports.undo(signed_in_user(context).id, import_id)
    return context.redirect(f"/import/{import_id}?changed={outcome.changed}&unchanged={outcome.unchanged}")


def _upload_page(context: PageContext, before: str | None = None, error: str = "") -> Response:
    page = context.state.store.imports.page(signed_in_user(context).id, cursor=before, limit=_EARLIER_IMPORTS)
    return context.render(
        "imports.html",
        400 if error else 200,
        title=context.gettext("Import your movie diary"),
        error=error,
        earlier=page.items,
        next_cursor=page.next,
        max_bytes=context.state.settings.max_upload_bytes,
    )


def _numbers_by_group(diary_import: Import) -> dict[str, list[int]]:
    """The line numbers of each group that is not empty, groups that need a decision first."""
    by_group: dict[str, list[int]] = {group: [] for group in GROUPS}
    for number, row in enumerate(diary_import.rows):
        by_group.setdefault(group_of(row), []).append(number)
    return {group: numbers for group, numbers in by_group.items() if numbers}


def _summary(diary_import: Import) -> dict[str, Any]:
    """The number of lines in each group, and the number of movies to save."""
    matched = [row for row in diary_import.rows if row.movie_id is not None]
    same_for_all = [row.rating for row in diary_import.rows if row.entry.get("rating_source") == SAME_FOR_ALL]
    return {
        "diary_import": diary_import,
        "groups": [(group, len(numbers)) for group, numbers in _numbers_by_group(diary_import).items()],
        "n_matched": len(matched),
        "n_watchlist": sum(row.kind == "watchlist" for row in matched),
        "n_seen": sum(row.kind == "seen" for row in diary_import.rows),
        "same_rating": next(iter(same_for_all), None),
    }


def _line(context: PageContext, diary_import: Import, number: int, query: str = "") -> Response:
    n_lines = len(diary_import.rows)
    if number >= n_lines:
        raise InputError(f"There is no line {number}. This import has lines 0 to {n_lines - 1}.")
    (line,) = import_lines(context, diary_import, [number], number, query)
    return context.render("import_line.html", line=line, group=line.group, page=1, **_summary(diary_import))
