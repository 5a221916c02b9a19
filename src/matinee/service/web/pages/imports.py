"""Import: bring a diary, look at what was found, choose where it is not certain, and keep it, or not."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.errors import InputError
from matinee.service.operations import imports as operations
from matinee.service.operations.imports import GIVEN
from matinee.service.schemas.requests import ChoiceIn
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.views.import_lines import GROUPS, group_of, lines_of
from matinee.store.imports import Import

router = APIRouter(include_in_schema=False)

_LINES = 30  # on a page
_EARLIER = 20  # imports

ImportId = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/import")
def bring_page(context: SignedInPageDep, before: Annotated[str | None, Query(max_length=400)] = None) -> Response:
    """Where a diary is brought, with the imports there were."""
    return _bring_page(context, before)


@router.post("/import")
def bring(
    context: SignedInPageDep,
    files: Annotated[list[UploadFile | str] | None, File(max_length=50)] = None,
    scale: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Take a diary in, as pending. What cannot be read is told, and nothing is kept of it."""
    # A form without a chosen file sends a nameless one, which arrives as an empty text.
    brought_files = [one for one in files or () if not isinstance(one, str) and one.filename]
    given = [(one.filename or "", one.file.read()) for one in brought_files]
    try:
        highest = float(scale) if scale.strip() else None
    except ValueError:
        return _bring_page(context, wrong=f"{scale!r}: expected the highest rating there can be, such as 5, 10 or 100")
    try:
        name, content = operations.bundle_files(given)
        brought, new = operations.start_import(
            context.state, context.run, signed_in_user(context), name, content, highest
        )
    except InputError as error:
        return _bring_page(context, wrong=str(error))
    return context.redirect(f"/import/{brought.id}" + ("" if new else "?again=1"))


class Look(BaseModel):
    """Which part of an import is looked at."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    group: str = Field(default="", max_length=20)
    page: int = Field(default=1, ge=1, le=10**6)
    line: int = Field(default=-1, ge=-1, le=10**7)  # the line that shows what has a title like `q`
    q: str = Field(default="", max_length=200)
    again: bool = False  # the file had been brought before
    changed: int | None = Field(default=None, ge=0, le=10**7)  # by keeping or taking back, just now
    left: int = Field(default=0, ge=0, le=10**7)


@router.get("/import/{import_id}")
def one_import(context: SignedInPageDep, import_id: ImportId, look: Annotated[Look, Query()]) -> Response:
    """One import: what it found as long as it waits, what became of it afterwards."""
    brought = context.state.store.imports.get(signed_in_user(context).id, import_id)
    if context.is_htmx and look.line >= 0:
        return _one_line(context, brought, look.line, look.q)
    by_group = _by_group(brought)
    group = look.group if look.group in by_group else next(iter(by_group), "")
    numbers = by_group.get(group, [])
    pages = max(1, -(-len(numbers) // _LINES))
    page = min(look.page, pages)
    shown = numbers[(page - 1) * _LINES : page * _LINES]
    return context.render(
        "import.html",
        title=context.gettext("Your diary"),
        again=look.again,
        done=None if look.changed is None else (look.changed, look.left),
        group=group,
        page=page,
        pages=pages,
        lines=lines_of(context, brought, shown, look.line, look.q),
        **_standing(brought),
    )


@router.post("/import/{import_id}/lines/{line}")
def choose(
    context: SignedInPageDep,
    import_id: ImportId,
    line: Annotated[int, Path(ge=0, le=10**7)],
    movie_id: Annotated[str, Form(max_length=200)] = "",
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Say which film a line is; an empty one leaves it out."""
    choice = ChoiceIn(line=line, movie_id=movie_id or None)
    brought = operations.resolve_lines(context.state, context.run, signed_in_user(context), import_id, [choice])
    if context.is_htmx:
        return _one_line(context, brought, line)
    return context.redirect_back(back or f"/import/{import_id}")


@router.post("/import/{import_id}/seen")
def give_seen(
    context: SignedInPageDep, import_id: ImportId, stars: Annotated[str, Form(max_length=5)] = ""
) -> Response:
    """Give all films that were seen and not rated the same stars, or none."""
    given = _STARS.get(stars)
    operations.rate_seen(context.state, signed_in_user(context), import_id, given)
    return context.redirect(f"/import/{import_id}?group={'seen' if given is None else 'matched'}")


@router.post("/import/{import_id}/keep")
def keep(context: SignedInPageDep, import_id: ImportId) -> Response:
    """Write what was found, all of it or nothing."""
    outcome = context.state.store.imports.keep(signed_in_user(context).id, import_id)
    return context.redirect(f"/import/{import_id}?changed={outcome.changed}&left={outcome.left}")


@router.post("/import/{import_id}/discard")
def discard(context: SignedInPageDep, import_id: ImportId) -> Response:
    """Forget what was brought."""
    context.state.store.imports.discard(signed_in_user(context).id, import_id)
    return context.redirect(f"/import/{import_id}")


@router.post("/import/{import_id}/undo")
def undo(context: SignedInPageDep, import_id: ImportId) -> Response:
    """Take back what an import wrote."""
    outcome = context.state.store.imports.undo(signed_in_user(context).id, import_id)
    return context.redirect(f"/import/{import_id}?changed={outcome.changed}&left={outcome.left}")


_STARS = {f"{half / 2}": half / 2 for half in range(1, 11)}


def _bring_page(context: PageContext, before: str | None = None, wrong: str = "") -> Response:
    page = context.state.store.imports.page(signed_in_user(context).id, cursor=before, limit=_EARLIER)
    return context.render(
        "imports.html",
        400 if wrong else 200,
        title=context.gettext("Bring your film diary"),
        wrong=wrong,
        earlier=page.items,
        following=page.next,
        most=context.state.settings.most_upload,
    )


def _by_group(brought: Import) -> dict[str, list[int]]:
    """The numbers of lines in each group that has any, what needs a word first."""
    found: dict[str, list[int]] = {group: [] for group in GROUPS}
    for number, row in enumerate(brought.rows):
        found.setdefault(group_of(row), []).append(number)
    return {group: numbers for group, numbers in found.items() if numbers}


def _standing(brought: Import) -> dict[str, Any]:
    """How many lines are in each group, and how many would be kept."""
    kept = [row for row in brought.rows if row.movie_id is not None]
    return {
        "brought": brought,
        "groups": [(group, len(numbers)) for group, numbers in _by_group(brought).items()],
        "kept": len(kept),
        "wanted": sum(row.kind == "watchlist" for row in kept),
        "seen": sum(row.kind == "seen" for row in brought.rows),
        "given": next((row.stars for row in brought.rows if row.entry.get("stars_from") == GIVEN), None),
    }


def _one_line(context: PageContext, brought: Import, number: int, q: str = "") -> Response:
    if number >= len(brought.rows):
        raise InputError(f"line {number} of an import of {len(brought.rows)} lines; expected 0 or more, and fewer")
    (line,) = lines_of(context, brought, [number], number, q)
    return context.render("import_line.html", line=line, group=line.group, page=1, **_standing(brought))
