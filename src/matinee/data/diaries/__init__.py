"""Movie diaries exported from other sites, or lists that users keep, as a history over a catalogue."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.data.diaries.catalogue_index import CatalogueIndex
    from matinee.data.diaries.diary import Diary, DiaryEntry
    from matinee.data.diaries.matching import MatchedDiary, MatchOutcome, match_diary
    from matinee.data.diaries.reading import read_diary

__all__ = [
    "CatalogueIndex",
    "Diary",
    "DiaryEntry",
    "MatchOutcome",
    "MatchedDiary",
    "match_diary",
    "read_diary",
]

_MODULES = {
    "CatalogueIndex": "matinee.data.diaries.catalogue_index",
    "Diary": "matinee.data.diaries.diary",
    "DiaryEntry": "matinee.data.diaries.diary",
    "MatchOutcome": "matinee.data.diaries.matching",
    "MatchedDiary": "matinee.data.diaries.matching",
    "match_diary": "matinee.data.diaries.matching",
    "read_diary": "matinee.data.diaries.reading",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
