"""Messages and names from a report in the language of the page.

A text without a translation stays in English and is marked, so that the page can say so to a screen reader.
"""

from matinee.i18n import Language, gettext, translate
from matinee.message import Message


def phrase(message: Message | str, language: Language) -> tuple[str, bool]:
    """Translate a message or a text; also tell whether it stays in English on a page of another language."""
    if isinstance(message, str):
        message = Message.from_json(message)
    if not message.text:
        return "", False
    text = translate(message, language).strip()
    is_foreign = language != "en" and gettext(language, message.text) == message.text
    return text, is_foreign


def sentence(message: Message | str, language: Language) -> tuple[str, bool]:
    """Translate a message into a sentence with a capital letter and a full stop."""
    text, is_foreign = phrase(message, language)
    stop = "." if language == "en" or is_foreign else "。"
    return (capitalized(text.rstrip(".")) + stop if text else ""), is_foreign


def slice_name(name: str, language: Language) -> str:
    """Translate the name of a slice into a heading."""
    return capitalized(gettext(language, name))


def capitalized(text: str) -> str:
    """Raise the first letter only."""
    return text[:1].upper() + text[1:]
