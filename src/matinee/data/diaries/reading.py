"""Reading an export as a `Diary`: each file is recognised by its contents, then entries are merged by movie."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matinee.data.diaries.archive_files import ArchiveFile, archive_files
from matinee.data.diaries.diary import Diary, DiaryEntry, fold_entries
from matinee.data.diaries.diary_format import DiaryFormat
from matinee.data.diaries.formats import FORMATS, expected_files, site_names
from matinee.data.diaries.issues import count_kinds, create_issue
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import normalise_columns, read_columns, read_spreadsheet
from matinee.data.readers.tables import DataIssue
from matinee.errors import ConfigError, DataError

_MAX_NAMES = 6
_MAX_SCALE = 1000.0
_MAX_LENGTH = 200  # letters of the columns shown


@dataclass(frozen=True)
class _FileContent:
    """The content of one file of an export."""

    format: DiaryFormat
    entries: list[DiaryEntry]
    issues: list[DataIssue]


def read_diary(path: Path, scale: float | None = None) -> Diary:
    """Read a diary: one file of an export, its folder, or its archive.

    `scale` is the highest possible rating of a list that the user keeps; without it the ratings decide. Exports of
    sites have known scales. Raises `DataError` (file, row and column) if the files are damaged, hold no movie, or are
    not a diary, and `ConfigError` for an invalid scale.
    """
    if scale is not None and not 0 < scale <= _MAX_SCALE:
        raise ConfigError(f"The scale {scale:g} is invalid. Give the highest possible rating, such as 5, 10 or 100.")
    if not path.exists():
        raise DataError(f"no such file or folder; expected an export of {site_names()}, or a CSV file", path)
    files = archive_files(path)
    is_single = len(files) == 1 and files[0].path == path
    contents = [(file, _read_file(file, is_single, scale)) for file in files]
    recognised = [content for _, content in contents if content is not None]
    diary_format = _common_format(recognised, files, path)
    if scale is not None and diary_format.is_site:
        raise ConfigError(f"{path}: {diary_format.site} has its own scale. Leave the scale out.")
    entries, repeated = fold_entries([entry for content in recognised for entry in content.entries])
    if not entries:
        raise DataError("no movies in it; expected at least one row", path)
    issues = [issue for content in recognised for issue in content.issues]
    unknown = [file.name for file, content in contents if content is None]
    return Diary(diary_format.name, tuple(entries), (*issues, *_overall_issues(path, entries, repeated, unknown)))


def _read_file(file: ArchiveFile, is_single: bool, scale: float | None) -> _FileContent | None:
    """The content of a file, None if its format is unknown; a single file of unknown format is an error."""
    cells = CellParser(file.path, scale)
    if file.name.endswith(".json") or (is_single and file.data.lstrip().startswith((b"[", b"{"))):
        content = _read_json(file, cells)
        if content is None and is_single:
            raise DataError(f"not a list of movies seen, rated or listed; expected {expected_files()}", file.path)
        return content
    if not is_single and not file.data.strip():
        return None
    columns = read_columns(file.data, file.path)
    diary_format = _format_of(normalise_columns(columns), is_single)
    if diary_format is None and is_single:
        raise DataError(f"the columns are {_shorten(columns)}; expected {expected_files()}", file.path, 1)
    if diary_format is None:
        return None
    sheet = read_spreadsheet(file.data, file.path, file.name)
    entries, issues = diary_format.read_table(sheet, cells)
    return _FileContent(diary_format, entries, [*sheet.issues, *issues, *cells.issues()])


def _read_json(file: ArchiveFile, cells: CellParser) -> _FileContent | None:
    for diary_format in FORMATS:
        content = None if diary_format.read_json is None else diary_format.read_json(file, cells)
        if content is not None:
            entries, issues = content
            return _FileContent(diary_format, entries, [*issues, *cells.issues()])
    return None


def _format_of(columns: frozenset[str], is_single: bool) -> DiaryFormat | None:
    """The format of a table; users' own lists are only recognised as single files."""
    for diary_format in FORMATS:
        if (diary_format.is_site or is_single) and diary_format.has_columns(columns):
            return diary_format
    return None


def _common_format(contents: Sequence[_FileContent], files: Sequence[ArchiveFile], path: Path) -> DiaryFormat:
    """The format that all files share. Raises `DataError` for none, or several."""
    formats = {content.format.name: content.format for content in contents if content.entries} or {
        content.format.name: content.format for content in contents
    }
    if len(formats) > 1:
        raise DataError(f"exports of several sites ({', '.join(sorted(formats))}). Read them one by one.", path)
    if formats:
        return next(iter(formats.values()))
    names = [file.name for file in files]
    problem = f"no known file in it, only {_first_names(names)}" if names else "no CSV or JSON files in it"
    raise DataError(f"{problem}; expected {expected_files()}", path)


def _overall_issues(
    path: Path, entries: Sequence[DiaryEntry], repeated: int, unknown: Sequence[str]
) -> list[DataIssue]:
    """The issues that concern all files together."""
    untitled = [entry for entry in entries if entry.kind == "movie" and not entry.identified]
    others = [entry.kind for entry in entries if entry.kind != "movie"]
    issues = [create_issue("repeated movies", path, repeated)] if repeated else []
    issues += [create_issue("lost titles", path, len(untitled), untitled[0].line)] if untitled else []
    issues += [create_issue("not movies", path, len(others), first=count_kinds(others))] if others else []
    return issues + (
        [create_issue("files left out", path, len(unknown), first=_first_names(unknown))] if unknown else []
    )


def _shorten(columns: Sequence[str]) -> str:
    names = ", ".join(repr(column) for column in columns)
    return names if len(names) <= _MAX_LENGTH else names[: _MAX_LENGTH - 3] + "..."


def _first_names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(names[:_MAX_NAMES]) + more
