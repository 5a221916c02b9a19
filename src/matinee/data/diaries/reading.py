"""From an export to a `Diary`: each file is recognised by what is inside and read, then films are put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matinee.data.diaries.archive_files import ArchiveFile, archive_files
from matinee.data.diaries.diary import Diary, DiaryEntry, Source, fold_entries
from matinee.data.diaries.generic import looks_like_plain, plain_entries
from matinee.data.diaries.imdb import imdb_entries, looks_like_imdb
from matinee.data.diaries.issues import count_kinds, create_issue
from matinee.data.diaries.letterboxd import letterboxd_entries, looks_like_letterboxd
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import Spreadsheet, normalise_columns, read_columns, read_spreadsheet
from matinee.data.diaries.trakt import Item, items_of, looks_like_trakt, trakt_entries, trakt_items
from matinee.data.readers.tables import DataIssue
from matinee.errors import ConfigError, DataError

_EXPECTED = (
    "an export of Letterboxd (a table with Name and Letterboxd URI), of IMDb (Const and Title), of Trakt (JSON, or "
    "a table with title, type and rated_at), or a table with title or name"
)
_FEW = 6
_HIGHEST_SCALE = 1000.0
_LONGEST = 200  # letters of the columns shown


@dataclass(frozen=True)
class _Part:
    """What one file of an export holds."""

    source: Source
    entries: list[DiaryEntry]
    findings: list[DataIssue]


_Reader = Callable[[Spreadsheet, CellParser], tuple[list[DiaryEntry], list[DataIssue]]]


def read_diary(path: Path, scale: float | None = None) -> Diary:
    """Read a diary: one file of an export, its folder, or its archive.

    `scale` is the highest rating of a list of one's own, where its values should not tell; the sites' lists have
    scales of their own. Raises `DataError` (the file, and where it helps the row and column) for what is not a
    diary, is damaged or holds no film, and `ConfigError` for a scale that is none.
    """
    if scale is not None and not 0 < scale <= _HIGHEST_SCALE:
        raise ConfigError(f"the scale is {scale:g}; expected the highest rating there can be, such as 5, 10 or 100")
    members = archive_files(path)
    alone = len(members) == 1 and members[0].path == path
    read = [(member, _part(member, alone, scale)) for member in members]
    parts = [part for _, part in read if part is not None]
    source = _source(parts, members, path)
    if scale is not None and source != "csv":
        raise ConfigError(f"{path}: {source} has a scale of its own; expected none to be given")
    entries, repeated = fold_entries([entry for part in parts for entry in part.entries])
    if not entries:
        raise DataError("no films in it; expected at least one row of them", path)
    findings = [finding for part in parts for finding in part.findings]
    left = [member.name for member, part in read if part is None]
    return Diary(source, tuple(entries), (*findings, *_on_the_whole(path, entries, repeated, left)))


def _part(member: ArchiveFile, alone: bool, scale: float | None) -> _Part | None:
    """What a file holds, or None if it is none of ours; a file given by itself that is none is refused."""
    cells = CellParser(member.path)
    if member.name.endswith(".json") or (alone and member.data.lstrip().startswith((b"[", b"{"))):
        items = trakt_items(member.data, member.path)
        if items is None and alone:
            raise DataError(f"not a list of films seen, rated or wanted; expected {_EXPECTED}", member.path)
        return None if items is None else _of_trakt(list(enumerate(items, 1)), member, cells)
    if not alone and not member.data.strip():
        return None
    columns = read_columns(member.data, member.path)
    reader = _reader(normalise_columns(columns), scale, alone)
    if reader is None and alone:
        raise DataError(f"the columns are {_shown(columns)}; expected {_EXPECTED}", member.path, 1)
    if reader is None:
        return None
    source, read = reader
    sheet = read_spreadsheet(member.data, member.path, member.name)
    entries, findings = read(sheet, cells)
    return _Part(source, entries, [*sheet.findings, *findings, *cells.findings()])


def _of_trakt(items: Sequence[tuple[int, Item]], member: ArchiveFile, cells: CellParser) -> _Part:
    entries, findings = trakt_entries(items, member.path, member.name, cells)
    return _Part("trakt", entries, [*findings, *cells.findings()])


def _reader(columns: frozenset[str], scale: float | None, alone: bool) -> tuple[Source, _Reader] | None:
    """Whose table this is, and how it is read; in a folder, lists of one's own are nobody's."""
    if looks_like_letterboxd(columns):
        return "letterboxd", letterboxd_entries
    if looks_like_imdb(columns):
        return "imdb", imdb_entries
    if looks_like_trakt(columns):
        return "trakt", lambda sheet, cells: trakt_entries(items_of(sheet), sheet.path, sheet.name, cells)
    if alone and looks_like_plain(columns):
        return "csv", lambda sheet, cells: plain_entries(sheet, cells, scale)
    return None


def _source(parts: Sequence[_Part], members: Sequence[ArchiveFile], path: Path) -> Source:
    """The one service all files come from. Raises `DataError` if it is none, or several."""
    sources: set[Source] = {part.source for part in parts if part.entries} or {part.source for part in parts}
    if len(sources) > 1:
        raise DataError(
            f"exports of several services are here ({', '.join(sorted(sources))}); expected one of them", path
        )
    if sources:
        return sources.pop()
    names = [member.name for member in members]
    there = f"nothing in it is known: {_few(names)}" if names else "no CSV or JSON files in it"
    raise DataError(f"{there}; expected {_EXPECTED}", path)


def _on_the_whole(path: Path, entries: Sequence[DiaryEntry], repeated: int, left: Sequence[str]) -> list[DataIssue]:
    """What can be said only of all files together."""
    lost = [one for one in entries if one.kind == "film" and not one.identified]
    others = [one.kind for one in entries if one.kind != "film"]
    findings = [create_issue("repeated films", path, repeated)] if repeated else []
    findings += [create_issue("lost titles", path, len(lost), lost[0].line)] if lost else []
    findings += [create_issue("not films", path, len(others), first=count_kinds(others))] if others else []
    return findings + ([create_issue("files left out", path, len(left), first=_few(left))] if left else [])


def _shown(columns: Sequence[str]) -> str:
    names = ", ".join(repr(column) for column in columns)
    return names if len(names) <= _LONGEST else names[: _LONGEST - 3] + "..."


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_FEW]) + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")
