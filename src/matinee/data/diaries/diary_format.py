"""The description of an export format, as each module of a site defines one for the table in `formats.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from matinee.data.diaries.archive_files import ArchiveFile
from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import Spreadsheet
from matinee.data.readers.tables import DataIssue

EntriesAndIssues = tuple[list[DiaryEntry], list[DataIssue]]


@dataclass(frozen=True)
class DiaryFormat:
    """The recognition and the reader of an export format.

    Column names are in small letters and without spaces, as `Spreadsheet.column_names` has them.
    """

    name: str  # `Diary.source`: "letterboxd"
    site: str  # the site's name in messages; empty for lists that users keep themselves
    expected: str  # what a file of this format looks like, for error messages
    has_columns: Callable[[frozenset[str]], bool]  # True for the column names of its tables
    read_table: Callable[[Spreadsheet, CellParser], EntriesAndIssues]
    read_json: Callable[[ArchiveFile, CellParser], EntriesAndIssues | None] | None = None  # None for other JSON files

    @property
    def is_site(self) -> bool:
        """True for the exports of a site, False for lists that users keep themselves."""
        return bool(self.site)
