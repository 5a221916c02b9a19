import pytest

from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.diaries.diary import Diary, DiaryEntry
from matinee.data.diaries.matching import match_diary
from matinee.service.web.views.import_lines import reason_in
from matinee.service.web.words import chinese
from tests.service.conftest import DATA


def test_every_reason_that_matching_gives_is_told_in_chinese() -> None:
    films = [
        ("Heat", 1970), ("heat", 1970), ("Alien", 1974), ("Vertigo", None), ("Nothing like it", 1950),
        ("Nothing like that", None), ("Seven", 1977), ("The Third Mann", 1971),
    ]  # fmt: skip
    entries = tuple(DiaryEntry(title, "a.csv", line, year=year) for line, (title, year) in enumerate(films, 2))
    matched = match_diary(Diary("csv", entries), CatalogueIndex(DATA.movies), (0.5, 5))
    reasons = {one.reason for one in (*matched.matched, *matched.ambiguous, *matched.missed)}
    assert len(reasons) >= 5
    for reason in reasons:
        told = reason_in("zh", reason)
        assert told != reason
        assert not any(letter.isascii() and letter.isalpha() for letter in told)


@pytest.mark.parametrize(
    ("reason", "english", "translated"),
    [
        ("no year is given, and 3 movies have this title", "no year is given, and 3 films have this title", "3 部"),
        ("2 movies fit", "2 films fit", "有 2 部都符合"),
        ("no movie of the catalogue has this title within a year of 1999", "around 1999", "1999 年前后"),
        ("the same id", "the same id", "编号相同"),
        ("chosen by you", "chosen by you", "由你选定"),
        ("several films of the diary fit this movie", "several films of the diary fit this one", "记录里有几部"),
    ],
)
def test_reasons_keep_their_numbers(reason: str, english: str, translated: str) -> None:
    assert english in reason_in("en", reason)
    assert translated in reason_in("zh", reason)


def test_a_reason_of_another_version_stays_as_it_is() -> None:
    assert reason_in("zh", "by magic") == "by magic"
    assert "by magic" not in chinese()
