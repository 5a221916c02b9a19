"""Markdown as HTML for pages: model cards, which come with runs and are other people's text."""

from markdown_it import MarkdownIt
from markupsafe import Markup

_DOWN = 2  # a card's title comes below the heading of its section
_LOWEST = 6


def rendered(text: str) -> Markup:
    """CommonMark with tables. HTML in it stays text, links cannot run scripts, and nothing is loaded from elsewhere."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = made.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + _DOWN, _LOWEST)}"
    return Markup(made.renderer.render(tokens, made.options, {}))  # noqa: S704 - what comes from outside is escaped by it
