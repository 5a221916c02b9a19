"""Every text of the pages is there in both languages, and none is left over."""

import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from matinee.service import web
from matinee.service.web.page_context import template_environment
from matinee.service.web.words import chinese, gettext, preferred

FOLDER = Path(web.__file__).parent
TEMPLATES = sorted((FOLDER / "templates").rglob("*.html"))
SOURCES = sorted(FOLDER.rglob("*.py"))
NAMES_OF_OTHERS = {"genres.toml", "places.toml", "statuses.toml"}  # texts that come from catalogues and from HTTP
SAID = re.compile(r"""\bsay\(\s*"((?:[^"\\]|\\.)+)\"""")


def _texts_of(template: Path) -> list[tuple[int, str, Any]]:
    return cast(Any, template_environment("en")).extract_translations(template.read_text("utf-8"))


@cache
def asked() -> dict[str, str]:
    """Every text that templates and pages ask for, and where."""
    found: dict[str, str] = {}
    for template in TEMPLATES:
        for _, _, text in _texts_of(template):
            for one in text if isinstance(text, tuple) else (text,):
                if one:
                    found[one] = template.name
    for source in SOURCES:
        found |= dict.fromkeys(SAID.findall(source.read_text("utf-8")), source.name)
    return found


def test_every_text_is_translated() -> None:
    missing = {text: where for text, where in asked().items() if text not in chinese()}
    assert not missing


def test_no_translation_is_left_over() -> None:
    import tomllib

    for file in sorted((FOLDER / "words" / "zh").iterdir()):
        if file.name not in NAMES_OF_OTHERS:
            over = {text for text in tomllib.loads(file.read_text("utf-8")) if text not in asked()}
            told = {text for text in over if not any(f'"{text}"' in one.read_text("utf-8") for one in SOURCES)}
            assert not told, file.name


def test_what_stands_in_braces_is_the_same_in_both_languages() -> None:
    named = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
    for english, translated in chinese().items():
        in_english = {one or other for one, other in named.findall(english)}
        in_chinese = {one or other for one, other in named.findall(translated)}
        assert in_english >= in_chinese, english


def test_what_has_no_translation_stays_as_it_is() -> None:
    assert gettext("zh", "no such text") == "no such text"
    assert gettext("en", "Tonight") == "Tonight"
    assert gettext("zh", "Tonight") != "Tonight"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("de, zh;q=0.2, en;q=0.9", "en"),
        ("fr;q=x, zh-Hant", "zh"),
        ("zhx;;q=1", "zh"),
        ("*", "en"),
    ],
)
def test_the_browser_says_which_language(accepted: str, language: str) -> None:
    assert preferred(accepted) == language
