"""Films as rows of pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from matinee.service.schemas.responses import RecommendationOut
from matinee.service.state.served_run import ServedRun
from matinee.service.web.page_context import PageContext
from matinee.service.web.template_filters import sentence

_STARS = 5


@dataclass(frozen=True)
class Card:
    """One film of a row."""

    movie_id: str
    title: str
    year: int | None
    why: str = ""  # one sentence, or nothing
    stars: float | None = None  # predicted


def recommended(context: PageContext, items: Iterable[RecommendationOut]) -> list[Card]:
    """Cards of a list for a person, each with its first reason."""
    return [
        Card(
            item.movie_id,
            item.title,
            item.year,
            sentence(context.language, item.reasons[0]) if item.reasons else "",
            out_of_five(context.run, item.predicted_rating),
        )
        for item in items
    ]


def out_of_five(run: ServedRun, rating: float | None) -> float | None:
    """A predicted rating in the stars of pages, whatever the scale of the run's data."""
    return None if rating is None else rating * _STARS / run.engine.scale[1]


def plain(run: ServedRun, rows: Iterable[int], why: str = "") -> list[Card]:
    """Cards of films by their rows."""
    movies = run.engine.movies
    return [Card(run.ids[row], movies["title"][row], movies["year"][row], why) for row in rows]
