"""Response schemas for imports."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from matinee.service.schemas.responses import ResponseModel


class ImportLineOut(ResponseModel):
    """One line of a diary, with the matched movie."""

    line: int
    kind: str
    movie_id: str | None
    rating: float | None
    at: datetime | None
    entry: dict[str, Any]


class ImportOut(ResponseModel):
    """An import, pending until it is kept or discarded."""

    id: int
    source: str
    status: Literal["pending", "kept", "discarded", "undone"]
    counts: dict[str, int] = Field(examples=[{"matched": 120, "ambiguous": 3, "missed": 7}])
    created_at: datetime
    decided_at: datetime | None


class ImportReportOut(ImportOut):
    """An import with its lines while it is pending."""

    new: bool = Field(description="False if the same file was imported before.")
    lines: list[ImportLineOut]


class ImportOutcomeOut(ImportOut):
    """The result of keeping or undoing an import: numbers of marks changed and unchanged."""

    changed: int
    unchanged: int


class ImportPageOut(ResponseModel):
    """A page of imports, newest first."""

    items: list[ImportOut]
    next: str | None
