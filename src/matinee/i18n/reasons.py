"""Recommendation reasons and explanations as sentences, and as JSON with those sentences."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from matinee.i18n.catalog import Language, gettext, ngettext
from matinee.message import N_
from matinee.pipeline.explain.explanation import Explanation
from matinee.pipeline.explain.reasons import Reason, ReasonKind
from matinee.pipeline.recommend import Recommendation

_TO_THE_USER: dict[ReasonKind, str] = {
    "liked": N_("because you liked {movies}"),
    "watched": N_("because you watched {movies}"),
    "director": N_("directed by {names}, like {movies}"),
    "cast": N_("with {names}, like {movies}"),
    "genres": N_("{names}, genres you often like"),
    "unrated": N_("hardly anyone has rated it here, so it is ranked by its content"),
    "start": N_("a good place to start: we do not know your taste yet"),
    "together": N_("because of all you liked together, not of one movie"),
}

# The kinds that read differently when the sentence is about another user, whose name it gives.
_ABOUT_A_USER: dict[ReasonKind, str] = {
    "liked": N_("because {name} liked {movies}"),
    "watched": N_("because {name} watched {movies}"),
    "genres": N_("{names}, genres {name} often likes"),
    "start": N_("a good place to start: we do not know {name}’s taste yet"),
    "together": N_("because of all {name} liked together, not of one movie"),
}


def reason_text(reason: Reason, movies: pl.DataFrame, language: Language = "en", name: str | None = None) -> str:
    """One reason as a sentence: to the user it is about or, with that user's `name`, to other readers.

    `movies` is the catalogue that the reason's rows index.
    """
    titles = [quote_title(str(movies["title"][row]), language) for row in reason.movies]
    if reason.ratings:
        titles = [_rated(title, rating, language) for title, rating in zip(titles, reason.ratings, strict=True)]
    sentence = _TO_THE_USER[reason.kind] if name is None else (_TO_THE_USER | _ABOUT_A_USER)[reason.kind]
    return gettext(language, sentence).format(
        movies=join_names(titles, language), names=join_names(reason.names, language), name=name
    )


def without_text(explanation: Explanation, language: Language = "en") -> str:
    """Where the movie would rank without its strongest supporter; empty if it has no rank or no supporter."""
    if not explanation.supporters or explanation.rank is None:
        return ""
    supporter, rank = explanation.supporters[0], explanation.rank
    new_rank = rank if supporter.rank_without is None else supporter.rank_without
    title = quote_title(supporter.title, language)
    if supporter.rating is None:
        without = gettext(language, "without {title}").format(title=title)
    else:
        without = gettext(language, "without your {rating:g} for {title}").format(rating=supporter.rating, title=title)
    if new_rank == rank:
        sentence = gettext(language, "{without} it would still be number {rank}")
    elif new_rank > rank:
        sentence = gettext(language, "{without} it would fall from {rank} to {new_rank}")
    else:
        sentence = gettext(language, "{without} it would rise from {rank} to {new_rank}")
    return sentence.format(without=without, rank=rank, new_rank=new_rank)


def recommendation_to_json(
    recommendation: Recommendation, movies: pl.DataFrame, language: Language = "en"
) -> dict[str, Any]:
    """A recommendation as a plain dictionary, its reasons as sentences."""
    reasons = [reason_text(reason, movies, language) for reason in recommendation.reasons]
    return asdict(recommendation) | {"reasons": reasons}


def explanation_to_json(explanation: Explanation, movies: pl.DataFrame, language: Language = "en") -> dict[str, Any]:
    """An explanation as a plain dictionary, its reasons as sentences."""
    reasons = [reason_text(reason, movies, language) for reason in explanation.reasons]
    return asdict(explanation) | {"reasons": reasons}


def join_names(names: Sequence[str], language: Language) -> str:
    """`A`, `A and B`, `A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    if language == "zh":
        return "、".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def quote_title(title: str, language: Language) -> str:
    """A title as a sentence shows it: Chinese puts it in 《》."""
    return f"《{title}》" if language == "zh" else title


def _rated(title: str, rating: float, language: Language) -> str:
    template = ngettext(language, "{title} ({rating:g} star)", "{title} ({rating:g} stars)", 1 if rating == 1 else 2)
    return template.format(title=title, rating=rating)
