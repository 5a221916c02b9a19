import re
import string
from pathlib import Path

import matinee.evaluation.report_card as report_card
from matinee.evaluation.report_card.words import words_in

FOLDER = Path(report_card.__file__).parent


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_each_text_is_in_both_languages_with_the_same_places_to_fill() -> None:
    english, chinese = words_in("en"), words_in("zh")
    for name, text in english.items():
        assert fields(text) == fields(chinese[name]), name
        assert not re.search("[一-鿿]", text), name
        assert not re.search("[一-鿿][,;:?!]|[,;:?!][一-鿿]", chinese[name]), f"{name}: western punctuation"


def test_no_text_is_missing_or_left_over() -> None:
    sources = "".join(path.read_text("utf-8") for path in [*FOLDER.glob("*.html"), *FOLDER.glob("*.py")])
    used = set(re.findall(r"\bt\.(\w+)", sources)) | set(re.findall(r'words\["(\w+)"\]', sources))
    for name in words_in("en"):
        assert name in used or re.search(rf'\{{?"{name}"\s*[:,]\s*"\w+"', sources), f"'{name}' is nowhere used"
    assert set(re.findall(r"\bt\.(\w+)", sources)) <= words_in("en").keys()
