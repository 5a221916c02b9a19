import io
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from matinee.i18n import gettext, ngettext, preferred_language, translate
from matinee.message import Message
from tests.source_code import ROOT

SOURCE = ROOT / "src"
PO_FILE = SOURCE / "matinee" / "i18n" / "locale" / "zh" / "LC_MESSAGES" / "matinee.po"
SAME_IN_CHINESE = {"IMAX", "Lab"}  # for names only
PLACEHOLDER = re.compile(r"%\((\w+)\)s|(?<!\{)\{(\w+)(?:![rs])?(?::[^{}]*)?\}")
Id = str | tuple[str, str]


@cache
def extracted() -> dict[Id, str]:
    """All texts in the code and the templates, with the file of each."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    return {
        text: path for path, _, text, _, _ in extract_from_dir(SOURCE, method_map=methods, options_map=options) if text
    }


@cache
def chinese() -> Catalog:
    return read_po(io.BytesIO(PO_FILE.read_bytes()), locale="zh")


def translations() -> dict[Id, str]:
    """The Chinese of each text; Chinese has one form for all numbers."""
    return {
        message.id: message.string[0] if isinstance(message.string, tuple) else message.string
        for message in chinese()
        if message.id
    }


def placeholders(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def test_all_texts_have_a_chinese_translation() -> None:
    missing = {text: path for text, path in extracted().items() if not translations().get(text)}
    assert len(extracted()) > 500
    assert not missing, "run `make messages`, then translate the new texts in matinee.po"


def test_the_catalogue_has_no_obsolete_texts() -> None:
    assert not set(translations()) - set(extracted()), "run `make messages`"
    assert not chinese().obsolete
    assert not [message.id for message in chinese() if message.fuzzy and message.id]


def test_translations_differ_from_the_english() -> None:
    same = {text for text, translation in translations().items() if text == translation}
    letters = {text for text in same if isinstance(text, str) and re.search(r"[a-z]{2}", PLACEHOLDER.sub("", text))}
    assert letters <= SAME_IN_CHINESE


def test_placeholders_are_equal_in_both_languages() -> None:
    for text, translation in translations().items():
        english = set().union(*map(placeholders, text if isinstance(text, tuple) else (text,)))
        assert placeholders(translation) <= english, text
        assert english - placeholders(translation) <= {"n"}, text


def test_a_text_without_a_translation_stays_english() -> None:
    assert gettext("zh", "no such text") == "no such text"
    assert gettext("en", "Tonight") == "Tonight"
    assert gettext("zh", "Tonight") == "今晚"


def test_plurals_follow_the_language() -> None:
    forms = ("One movie saved.", "%(n)s movies saved.")
    assert [ngettext("en", *forms, n) for n in (1, 2)] == [*forms]
    assert ngettext("zh", *forms, 1) == ngettext("zh", *forms, 2) == "保存了 %(n)s 部电影。"


def test_messages_are_translated_with_their_parameters() -> None:
    message = Message("Too many attempts. Try again in {seconds} seconds.", {"seconds": 3})
    assert translate(message, "en") == "Too many attempts. Try again in 3 seconds."
    assert translate(message, "zh") == "尝试太多次了，请 3 秒后再试。"
    counted = Message("{n} movie", {}, "{n} movies", 2)
    assert [translate(counted, language) for language in ("en", "zh")] == ["2 movies", "2 movies"]


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
def test_the_browser_chooses_the_language(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language


def test_the_mapping_file_names_both_kinds_of_sources() -> None:
    paths = set(map(Path, extracted().values()))
    assert {path.suffix for path in paths} == {".py", ".html"}
