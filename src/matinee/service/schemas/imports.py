"""What is told of imports."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from matinee.service.schemas.responses import ResponseModel


class ImportLineOut(ResponseModel):
    """One line of a diary, and what it was taken for."""

    line: int
    kind: str
    movie_id: str | None
    stars: float | None
    at: datetime | None
    entry: dict[str, Any]


class ImportOut(ResponseModel):
    """An import: pending until it is kept or discarded."""

    id: int
    source: str
    status: Literal["pending", "kept", "discarded", "undone"]
    counts: dict[str, int] = Field(examples=[{"matched": 120, "ambiguous": 3, "missed": 7}])
    created_at: datetime
    decided_at: datetime | None


class ImportReportOut(ImportOut):
    """An import with its lines, as long as it is pending."""

    new: bool = Field(description="False: the same file is here already.")
    lines: list[ImportLineOut]


class ImportDoneOut(ImportOut):
    """What keeping, discarding or undoing did."""

    changed: int
    left: int


class ImportPageOut(ResponseModel):
    """Imports, the newest first."""

    items: list[ImportOut]
    next: str | None
