"""A movie night as sentences, and as JSON with those sentences."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from matinee.i18n.catalog import Language, gettext
from matinee.i18n.reasons import join_names, reason_text
from matinee.message import N_
from matinee.pipeline.group.movie_night import GuestSatisfaction, Night, NightMovie
from matinee.pipeline.group.verdict import VerdictKind, night_verdict

_ALL_NAMED = 4  # guests; of a larger group, a sentence names only the best and the worst served

_VERDICTS: dict[VerdictKind, str] = {
    "first": N_("everyone's first choice"),
    "high": N_("high on everyone's list: {choices}"),
    "costly": N_("{guest} gives way most: {choices}"),
    "poor": N_("not {guest}'s taste, but hardly anything tonight is: {choices}"),
}


def describe_movie(movie: NightMovie, language: Language = "en") -> str:
    """Each guest's choice and who gives way: `Bob gives way most: Ann's 2nd choice and Bob's 41st`."""
    verdict = night_verdict(movie.satisfactions)
    choices = _choices(movie.satisfactions, language)
    return gettext(language, _VERDICTS[verdict.kind]).format(guest=verdict.guest, choices=choices)


def describe_unknown_guests(night: Night, language: Language = "en") -> str:
    """The guests without ratings, in a sentence; empty for a night without any."""
    if not night.unknown_guests:
        return ""
    sentence = gettext(language, "we do not know the taste of {names} yet, so we treat them as new users")
    return sentence.format(names=join_names(night.unknown_guests, language))


def describe_satisfaction(
    satisfaction: GuestSatisfaction, movies: pl.DataFrame, language: Language = "en"
) -> list[str]:
    """Why a movie may suit one guest, who is named because all guests read it."""
    if satisfaction.seen:
        return [gettext(language, "seen before, and happy to see it again")]
    return [reason_text(reason, movies, language, satisfaction.guest) for reason in satisfaction.reasons]


def night_to_json(night: Night, movies: pl.DataFrame, language: Language = "en") -> dict[str, Any]:
    """The night as a plain dictionary with its sentences; `movies` is the catalogue that its rows index."""
    return {
        "strategy": night.strategy,
        "candidates": night.n_candidates,
        "unknown_guests": list(night.unknown_guests),
        "movies": [
            {
                "movie_id": movie.movie_id,
                "title": movie.title,
                "year": movie.year,
                "sentence": describe_movie(movie, language),
                "guests": [_guest_to_json(guest, movies, language) for guest in movie.satisfactions],
            }
            for movie in night.movies
        ],
    }


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`, `1,021st`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def _guest_to_json(satisfaction: GuestSatisfaction, movies: pl.DataFrame, language: Language) -> dict[str, Any]:
    return {
        "name": satisfaction.guest,
        "satisfaction": round(satisfaction.satisfaction, 4),
        "first_choice_satisfaction": round(satisfaction.best_satisfaction, 4),
        "choice": satisfaction.choice_rank,
        "own_rank": satisfaction.own_rank,
        "predicted_rating": satisfaction.predicted_rating,
        "seen": satisfaction.seen,
        "reasons": describe_satisfaction(satisfaction, movies, language),
    }


def _choices(satisfactions: Sequence[GuestSatisfaction], language: Language) -> str:
    """Each guest's choice in the order of the guests, or the best and the worst served of a large group."""
    if len(satisfactions) > _ALL_NAMED:
        best = min(satisfactions, key=lambda guest: guest.choice_rank)
        worst = max(satisfactions, key=lambda guest: guest.choice_rank)
        return gettext(language, "from {best}'s {best_choice} choice to {worst}'s {worst_choice}").format(
            best=best.guest,
            best_choice=_choice(best, language),
            worst=worst.guest,
            worst_choice=_choice(worst, language),
        )
    if language == "zh":  # Chinese repeats the noun and joins clauses with commas
        return "，".join(f"{guest.guest}的{_choice(guest, language)}" for guest in satisfactions)
    choices = [f"{guest.guest}'s {_choice(guest, language)}" for guest in satisfactions]
    return join_names([f"{choices[0]} choice", *choices[1:]], language)


def _choice(guest: GuestSatisfaction, language: Language) -> str:
    if language == "zh":
        return "首选" if guest.choice_rank == 1 else f"第{guest.choice_rank}选择"
    return ordinal(guest.choice_rank)
