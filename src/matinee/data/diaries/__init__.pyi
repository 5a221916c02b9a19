from .catalogue_index import CatalogueIndex as CatalogueIndex
from .diary import Diary as Diary, DiaryEntry as DiaryEntry
from .matching import MatchedDiary as MatchedDiary, MatchOutcome as MatchOutcome, match_diary as match_diary
from .reading import read_diary as read_diary
