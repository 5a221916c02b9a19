"""Drawing the page: both languages through one template, the style sheet inside."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from matinee.errors import ConfigError
from matinee.evaluation.report_card.figures import duration, raw
from matinee.evaluation.report_card.language import LANGUAGES, Language
from matinee.evaluation.report_card.page import page_of
from matinee.evaluation.report_card.reading import read_report

_HERE = Path(__file__).parent


def render_report_card(report: Mapping[str, Any], language: Language = "en") -> str:
    """Draw the dict that `evaluate --json` writes as one self-contained HTML page.

    The page holds both languages and a switch between them; `language` is the one shown first. Parts that
    the report lacks are left out of the page. Raises `ConfigError` for a language other than `en` or `zh`.
    """
    if language not in LANGUAGES:
        raise ConfigError(f"language '{language}' is not one of {' or '.join(LANGUAGES)}")
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    functions: dict[str, Any] = {"duration": duration, "raw": raw}
    environment.globals.update(functions)
    read = read_report(report)
    css = (_HERE / "report_card.css").read_text(encoding="utf-8")
    return environment.get_template("report_card.html").render(
        first=language,
        pages=[page_of(read, one) for one in LANGUAGES],
        css=Markup(css),  # noqa: S704 - our own style sheet
        protocol=read.protocol,
    )
