import re
from pathlib import Path

import pytest

from matinee.data.diaries.issues import SENTENCES, count_kinds, create_issue

PAGE = Path(__file__).parents[3] / "docs" / "diaries.md"


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_kind_is_documented(kind: str) -> None:
    severity, _ = SENTENCES[kind]
    assert f"| {kind} | {severity} |" in PAGE.read_text("utf-8")


def test_no_other_kinds_are_documented() -> None:
    documented = re.findall(r"^\| ([\w -]+) \| (?:note|warning) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(documented) == sorted(SENTENCES)


def test_an_issue_has_its_count_and_first_case() -> None:
    issue = create_issue("unreadable dates", Path("diary.csv"), 3, 7, first="soon")
    assert issue.message == "3 dates cannot be read, first 'soon'; these movies have no date"
    assert (issue.kind, issue.count, issue.row, issue.severity) == ("unreadable dates", 3, 7, "warning")


def test_kinds_are_counted() -> None:
    kinds = ["series", "episode", "series", "video game", "episode", "episode"]
    assert count_kinds(kinds) == "3 episodes, 2 series, 1 video game"
