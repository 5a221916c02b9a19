import re
from pathlib import Path

import pytest

from matinee.data.diaries.issues import SENTENCES, count_kinds, create_issue

PAGE = Path(__file__).parents[3] / "docs" / "diaries.md"


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_kind_is_told_in_the_documentation(kind: str) -> None:
    severity, _ = SENTENCES[kind]
    assert f"| {kind} | {severity} |" in PAGE.read_text("utf-8")


def test_the_documentation_tells_of_no_others() -> None:
    told_of = re.findall(r"^\| ([\w -]+) \| (?:note|warning) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(told_of) == sorted(SENTENCES)


def test_a_finding_says_how_many_and_which_first() -> None:
    found = create_issue("unreadable dates", Path("diary.csv"), 3, 7, first="soon")
    assert found.message == "3 dates cannot be read, first 'soon'; those films have no date"
    assert (found.kind, found.count, found.row, found.severity) == ("unreadable dates", 3, 7, "warning")


def test_kinds_are_counted_in_words() -> None:
    kinds = ["series", "episode", "series", "video game", "episode", "episode"]
    assert count_kinds(kinds) == "3 episodes, 2 series, 1 video game"
