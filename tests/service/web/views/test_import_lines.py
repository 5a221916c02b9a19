from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.diaries.diary import Diary, DiaryEntry
from matinee.data.diaries.matching import match_diary
from matinee.i18n import translate
from matinee.message import Message
from matinee.service.web.views.import_lines import GROUPS, group_of
from matinee.store.imports import ImportRow
from tests.service.conftest import DATA


def test_all_match_reasons_are_translated() -> None:
    movies = [
        ("Heat", 1970), ("heat", 1970), ("Alien", 1974), ("Vertigo", None), ("Nothing like it", 1950),
        ("Nothing like that", None), ("Seven", 1977), ("The Third Mann", 1971),
    ]  # fmt: skip
    entries = tuple(DiaryEntry(title, "a.csv", line, year=year) for line, (title, year) in enumerate(movies, 2))
    matched = match_diary(Diary("csv", entries), CatalogueIndex(DATA.movies), (0.5, 5))
    reasons = [outcome.reason for outcome in (*matched.matched, *matched.ambiguous, *matched.missed)]
    assert len({str(reason) for reason in reasons}) >= 5
    for reason in reasons:
        chinese = translate(Message.from_json(reason.to_json()), "zh")
        assert chinese != str(reason)
        assert not any(letter.isascii() and letter.isalpha() for letter in chinese)


def test_a_row_without_a_group_is_in_none() -> None:
    assert group_of(ImportRow("rating", None, None, None, {"group": "missed"})) in GROUPS
    assert group_of(ImportRow("rating", None, None, None, {})) == ""
