"""Translations from gettext catalogues, read from their `.po` files when they are first needed.

English texts are the keys. `locale/<language>/LC_MESSAGES/matinee.po` holds the translations; a text without one, such
as a name, stays as it is. `make messages` brings the catalogues up to date with the code and the templates.
"""

import gettext as gnu_gettext
import io
from functools import cache
from importlib.resources import files
from typing import Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from matinee.message import Message

Language = Literal["en", "zh"]
LANGUAGES: dict[Language, str] = {"en": "English", "zh": "中文"}


@cache
def translations(language: Language) -> gnu_gettext.NullTranslations:
    """The catalogue of a language; for English an empty one, which returns every text as it is."""
    if language == "en":
        return gnu_gettext.NullTranslations()
    source = files("matinee.i18n") / "locale" / language / "LC_MESSAGES" / "matinee.po"
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gnu_gettext.GNUTranslations(compiled)


def gettext(language: Language, text: str) -> str:
    """A text in a language."""
    return translations(language).gettext(text)


def ngettext(language: Language, singular: str, plural: str, n: int) -> str:
    """The form of a text that fits the number `n`."""
    return translations(language).ngettext(singular, plural, n)


def translate(message: Message, language: Language) -> str:
    """A message as a sentence."""
    if message.plural:
        template = ngettext(language, message.text, message.plural, message.n)
    else:
        template = gettext(language, message.text)
    return template.format(**message.params, n=message.n)


def preferred_language(accept_language: str) -> Language:
    """The first of our languages by a browser's Accept-Language header; English if it names neither."""
    wishes: list[tuple[float, int, str]] = []
    for position, wish in enumerate(accept_language.split(",")):
        tag, _, weight = wish.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), position, tag.casefold()))
        except ValueError:
            continue
    for _, _, tag in sorted(wishes):
        if tag[:2] in LANGUAGES:
            return "zh" if tag[:2] == "zh" else "en"
    return "en"
