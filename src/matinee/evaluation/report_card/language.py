"""The two languages of the card: every text is written twice, side by side."""

from typing import Literal, NamedTuple

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Text(NamedTuple):
    """One text in English and in Chinese."""

    en: str
    zh: str

    def said(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en
