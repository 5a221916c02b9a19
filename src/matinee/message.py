"""Sentences as data: written by the code that has the facts, translated by the user interface.

A `Message` is an English template with its parameters. Code below the user interfaces builds messages, never finished
sentences, so that `matinee.i18n` can render each one in the language of the reader. `str(message)` is English.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


def N_(text: str) -> str:  # noqa: N802
    """Mark a text for translation and return it unchanged. Pass it to `gettext` where it is shown."""
    return text


@dataclass(frozen=True)
class Message:
    """A sentence template with values for its `{placeholders}`.

    If there is a `plural`, `n` decides between it and `text`. Both may use `{n}`.
    """

    text: str
    params: Mapping[str, str | int | float] = field(default_factory=dict[str, str | int | float])
    plural: str = ""
    n: int = 1

    def __str__(self) -> str:
        template = self.plural if self.plural and self.n != 1 else self.text
        return template.format(**self.params, n=self.n)

    def to_json(self) -> dict[str, Any]:
        """Convert to a plain dictionary for `from_json`."""
        return {"text": self.text, "params": dict(self.params)} | (
            {"plural": self.plural, "n": self.n} if self.plural else {}
        )

    @classmethod
    def from_json(cls, content: str | Mapping[str, Any]) -> Self:
        """Read the output of `to_json`, or plain text, which becomes a message without parameters."""
        if isinstance(content, str):
            return cls(content.replace("{", "{{").replace("}", "}}"))
        return cls(
            content["text"], dict(content.get("params") or {}), content.get("plural") or "", int(content.get("n", 1))
        )
