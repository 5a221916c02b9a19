"""A movie night in words, in English and Chinese: what each movie is to whom, and who gives way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from matinee.pipeline.group.movie_night import GuestSatisfaction, Night, NightMovie
from matinee.pipeline.words import Language, joined, say

Kind = Literal["first", "high", "costly", "poor"]

_HIGH = 0.5  # delight, from which a movie is high on a list: place 60 of 4,000
_LITTLE = 0.1  # cost that is not worth a word: the same movie a place or two further down
_NAMED = 4  # guests; of more, only whom it suits best and worst

_SENTENCES: dict[Language, dict[str, str]] = {
    "en": {
        "first": "everyone's first choice",
        "high": "high on everyone's list: {choices}",
        "costly": "{who} gives way most: {choices}",
        "poor": "not {who}'s taste, but hardly anything tonight is: {choices}",
        "unknown": "nothing is known yet of the taste of {names}: served as anybody new is",
        "seen": "seen before, and gladly seen again",
    },
    "zh": {
        "first": "大家的首选",
        "high": "在每个人的片单里都靠前：{choices}",
        "costly": "{who}让步最多：{choices}",
        "poor": "不太合{who}的口味，不过今晚也没有更合适的：{choices}",
        "unknown": "还不了解{names}的口味，暂按新观众推荐",
        "seen": "看过，愿意再看一遍",
    },
}


@dataclass(frozen=True)
class NightVerdict:
    """What a movie is to the company, as one fact.

    first: of all movies that may be shown tonight, everybody has it first. high: everybody's delight is `_HIGH` or
    more. costly: somebody's is less, and `who` gives up most for the others. poor: `who` has the least of it, but
    hardly more of anything else tonight, so that it is not the others they give way to.
    """

    kind: Kind
    who: str = ""  # a guest's name


def verdict(shares: Sequence[GuestSatisfaction]) -> NightVerdict:
    """What a movie with these shares is to the company."""
    if all(share.choice == 1 for share in shares):
        return NightVerdict("first")
    if min(share.satisfaction for share in shares) >= _HIGH:
        return NightVerdict("high")
    payer = max(shares, key=lambda share: share.cost)
    if payer.cost >= _LITTLE:
        return NightVerdict("costly", payer.guest)
    return NightVerdict("poor", min(shares, key=lambda share: share.satisfaction).guest)


def say_movie(movie: NightMovie, language: Language = "en") -> str:
    """Who gets which choice, and who gives way: `Bob gives way most: Ann's 2nd choice and Bob's 41st`."""
    found = verdict(movie.satisfactions)
    sentence = _SENTENCES[language][found.kind]
    return sentence.format(who=found.who, choices=_choices(movie.satisfactions, language))


def say_unknown(night: Night, language: Language = "en") -> str:
    """Of whom nothing is known; empty where something is known of everybody."""
    return _SENTENCES[language]["unknown"].format(names=joined(night.unknown, language)) if night.unknown else ""


def say_share(share: GuestSatisfaction, catalogue: pl.DataFrame, language: Language = "en") -> list[str]:
    """Why a movie may suit one guest, who is named: everybody reads it."""
    if share.seen:
        return [_SENTENCES[language]["seen"]]
    return [say(reason, catalogue, language, share.guest) for reason in share.reasons]


def as_json(night: Night, catalogue: pl.DataFrame, language: Language = "en") -> dict[str, Any]:
    """The night as a plain dictionary, with its sentences; `catalogue` is the one its rows are of."""
    return {
        "strategy": night.strategy,
        "candidates": night.candidates,
        "unknown": list(night.unknown),
        "movies": [
            {
                "movie_id": movie.movie_id,
                "title": movie.title,
                "year": movie.year,
                "sentence": say_movie(movie, language),
                "people": [
                    {
                        "name": share.guest,
                        "satisfaction": round(share.satisfaction, 4),
                        "first_choice_satisfaction": round(share.best, 4),
                        "choice": share.choice,
                        "own_rank": share.rank,
                        "predicted_rating": share.predicted_rating,
                        "seen": share.seen,
                        "reasons": say_share(share, catalogue, language),
                    }
                    for share in movie.satisfactions
                ],
            }
            for movie in night.movies
        ],
    }


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`, `1,021st`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def _choices(shares: Sequence[GuestSatisfaction], language: Language) -> str:
    """Each guest's choice, in the order of the guests, or of a large company the two ends."""
    if len(shares) > _NAMED:
        best, worst = (end(shares, key=lambda share: share.choice) for end in (min, max))
        if language == "zh":
            return f"最合{best.guest}口味（{_rank(best)}），最不合{worst.guest}口味（{_rank(worst)}）"
        return f"from {best.guest}'s {ordinal(best.choice)} choice to {worst.guest}'s {ordinal(worst.choice)}"
    if language == "zh":
        return "，".join(f"{share.guest}的{_rank(share)}" for share in shares)
    said = [f"{share.guest}'s {ordinal(share.choice)}" for share in shares]
    return joined([f"{said[0]} choice", *said[1:]], language)


def _rank(share: GuestSatisfaction) -> str:
    return "首选" if share.choice == 1 else f"第{share.choice}选择"
