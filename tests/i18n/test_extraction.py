import io
from textwrap import dedent

import pytest

from matinee.i18n.extraction import extract_python


def extract(source: str) -> list[tuple[str, str | tuple[str, str]]]:
    file = io.BytesIO(dedent(source).encode())
    return [(function, texts) for _, function, texts, _ in extract_python(file)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('Message("a {x}", {"x": 1})', ("gettext", "a {x}")),
        ('Message("one", {"x": f(1, 2), "y": 3}, "many", n)', ("ngettext", ("one", "many"))),
        ('Message("one", plural="many", n=2)', ("ngettext", ("one", "many"))),
        ('gettext(language, "a" "b")', ("gettext", "ab")),
        ('context.gettext("a", n=1)', ("gettext", "a")),
        ('N_("a")', ("gettext", "a")),
        ('ngettext(language, "one", "many", 3)', ("ngettext", ("one", "many"))),
    ],
)
def test_marked_texts_are_extracted(source: str, expected: tuple[str, str | tuple[str, str]]) -> None:
    assert extract(source) == [expected]


def test_both_texts_of_a_choice_are_extracted() -> None:
    assert extract('Message("a" if x else "b")') == [("gettext", "a"), ("gettext", "b")]


def test_descriptions_of_classes_are_extracted() -> None:
    source = """
        class Model:
            description = "the most-rated movies"
            name = "popularity"
    """
    assert extract(source) == [("gettext", "the most-rated movies")]


@pytest.mark.parametrize("source", ['print("a")', "gettext(language, text)", 'Message("")', "N_(text)"])
def test_other_strings_are_not_extracted(source: str) -> None:
    assert extract(source) == []
