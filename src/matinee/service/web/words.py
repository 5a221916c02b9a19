"""The words of pages, in English and Chinese.

Templates are written in English: `_("Your taste")`. The other language is in `words/zh/`, a TOML file for each page,
with the English text as the key. A test sees to it that nothing is missing there and nothing left over.
"""

import tomllib
from functools import cache
from importlib.resources import files

from matinee.pipeline.words import Language

LANGUAGES: dict[Language, str] = {"en": "English", "zh": "中文"}


def gettext(language: Language, text: str) -> str:
    """A text of the pages in a language; what has no translation, such as a name, stays as it is."""
    return text if language == "en" else chinese().get(text, text)


def preferred(accepted: str) -> Language:
    """The language of ours that a browser's Accept-Language names first; English if it names neither."""
    wishes: list[tuple[float, int, str]] = []
    for place, wish in enumerate(accepted.split(",")):
        tag, _, weight = wish.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), place, tag.casefold()))
        except ValueError:
            continue
    for _, _, tag in sorted(wishes):
        if tag[:2] in LANGUAGES:
            return "zh" if tag[:2] == "zh" else "en"
    return "en"


@cache
def chinese() -> dict[str, str]:
    """All texts in Chinese, by the English ones."""
    folder = files("matinee.service.web") / "words" / "zh"
    told: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        told |= tomllib.loads(file.read_text(encoding="utf-8"))
    return told
