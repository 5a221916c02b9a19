"""Rendering of the page: each language through the same template, the style sheet inside."""

from functools import partial
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from matinee.errors import ConfigError
from matinee.i18n import LANGUAGES, Language, gettext, ngettext
from matinee.reports.card.page import build_page
from matinee.reports.number_format import duration, significant
from matinee.reports.schema import Report

_FOLDER = Path(__file__).parent


def render_report_card(report: Report, language: Language = "en") -> str:
    """Render a report as one self-contained HTML page.

    The page holds all languages and a switch between them; `language` is shown first. Empty parts of the report are
    left out. Raises `ConfigError` for a language other than `en` or `zh`.
    """
    if language not in LANGUAGES:
        raise ConfigError(f"Unknown language '{language}'. Use {' or '.join(LANGUAGES)}.")
    others: list[Language] = [other for other in LANGUAGES if other != language]
    css = (_FOLDER / "report_card.css").read_text(encoding="utf-8")
    return (
        _environment(language)
        .get_template("report_card.html")
        .render(
            first=language,
            languages=LANGUAGES,
            sections={each: _render_sections(report, each) for each in (language, *others)},
            css=Markup(css),  # noqa: S704 - our own style sheet
            report=report,
        )
    )


def _render_sections(report: Report, language: Language) -> Markup:
    page = build_page(report, language)
    return Markup(_environment(language).get_template("sections.html").render(page=page))  # noqa: S704 - escaped there


def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    cast(Any, environment).install_gettext_callables(
        partial(gettext, language), partial(ngettext, language), newstyle=True
    )
    functions: dict[str, Any] = {"duration": duration, "significant": significant, "html_language": _html_language}
    environment.globals.update(functions)
    return environment


def _html_language(language: Language) -> str:
    return "zh-Hans" if language == "zh" else language
