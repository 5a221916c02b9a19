"""Sentences that travel as data: made where something is known, translated where somebody reads it.

A `Message` is an English template with its parameters. Code below the user interfaces makes messages and never a
finished sentence, so that `matinee.i18n` can render each in the language of the reader. `str(message)` is English.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Message:
    """A sentence template and what its `{placeholders}` stand for.

    With a `plural`, `n` decides which of the two is used, and both may refer to it as `{n}`.
    """

    text: str
    params: Mapping[str, str | int | float] = field(default_factory=dict[str, str | int | float])
    plural: str = ""
    n: int = 1

    def __str__(self) -> str:
        template = self.plural if self.plural and self.n != 1 else self.text
        return template.format(**self.params, n=self.n)

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary that `from_json` reads back."""
        return {"text": self.text, "params": dict(self.params)} | (
            {"plural": self.plural, "n": self.n} if self.plural else {}
        )

    @classmethod
    def from_json(cls, content: str | Mapping[str, Any]) -> Self:
        """A message from `to_json`, or from plain text, which becomes a message without parameters."""
        if isinstance(content, str):
            return cls(content.replace("{", "{{").replace("}", "}}"))
        return cls(
            content["text"], dict(content.get("params") or {}), content.get("plural") or "", int(content.get("n", 1))
        )
