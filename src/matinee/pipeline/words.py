"""Reasons as sentences, in English and Chinese."""

from collections.abc import Sequence
from typing import Literal

import polars as pl

from matinee.pipeline.explain.reasons import Reason

Language = Literal["en", "zh"]

_SENTENCES: dict[Language, dict[str, str]] = {
    "en": {
        "liked": "because you liked {movies}",
        "watched": "because you watched {movies}",
        "director": "directed by {names}, like {movies}",
        "cast": "with {names}, like {movies}",
        "genres": "{names}, as much of what you like",
        "unrated": "hardly anybody has rated it here: placed by what it is about",
        "start": "a good place to start: nothing is known of your taste yet",
        "together": "no movie you liked carries it by itself",
    },
    "zh": {
        "liked": "因为你喜欢{movies}",
        "watched": "因为你看过{movies}",
        "director": "与{movies}同为{names}导演",
        "cast": "与{movies}一样，有{names}出演",
        "genres": "{names}，你常喜欢的类型",
        "unrated": "评分的人还很少，按内容推荐",
        "start": "适合从这里开始：还不了解你的口味",
        "together": "不是因为某一部，而是你喜欢的影片合在一起",
    },
}

# The same where they are told of somebody else, by name.
_OF_SOMEBODY: dict[Language, dict[str, str]] = {
    "en": {
        "liked": "because {name} liked {movies}",
        "watched": "because {name} watched {movies}",
        "genres": "{names}, as much of what {name} likes",
        "start": "a good place to start: nothing is known of {name}’s taste yet",
        "together": "no movie {name} liked carries it by itself",
    },
    "zh": {
        "liked": "因为{name}喜欢{movies}",
        "watched": "因为{name}看过{movies}",
        "genres": "{names}，{name}常喜欢的类型",
        "start": "适合从这里开始：还不了解{name}的口味",
        "together": "不是因为某一部，而是{name}喜欢的影片合在一起",
    },
}

# What would be without the film that carries another one most: whether that would stay, fall or rise.
_WITHOUT: dict[Language, dict[str, str]] = {
    "en": {
        "rated": "without your {stars:g} for {title}",
        "watched": "without {title}",
        "stay": "{without} it would still be number {place}",
        "fall": "{without} it would fall from {place} to {other}",
        "rise": "{without} it would rise from {place} to {other}",
    },
    "zh": {
        "rated": "如果你没有给《{title}》打{stars:g}星",
        "watched": "如果你没看过《{title}》",
        "stay": "{without}，它仍会排在第{place}位",
        "fall": "{without}，它会从第{place}位降到第{other}位",
        "rise": "{without}，它会从第{place}位升到第{other}位",
    },
}


def say(reason: Reason, movies: pl.DataFrame, language: Language = "en", name: str | None = None) -> str:
    """One reason in words, to the person it is about or, with their `name`, to others.

    `movies` is the catalogue its rows are of.
    """
    titles = [str(movies["title"][row]) for row in reason.movies]
    if language == "zh":
        titles = [f"《{title}》" for title in titles]
    if reason.stars:
        titles = [_rated(title, stars, language) for title, stars in zip(titles, reason.stars, strict=True)]
    sentences = _SENTENCES[language] if name is None else _SENTENCES[language] | _OF_SOMEBODY[language]
    sentence = sentences[reason.kind]
    return sentence.format(movies=joined(titles, language), names=joined(reason.names, language), name=name)


def say_without(title: str, stars: float | None, place: int, other: int | None, language: Language = "en") -> str:
    """What would be of a movie in some place without a film of these stars; `other`: the place it would have then."""
    words = _WITHOUT[language]
    without = words["watched" if stars is None else "rated"].format(title=title, stars=stars)
    moved = "stay" if other is None or other == place else "fall" if other > place else "rise"
    return words[moved].format(without=without, place=place, other=other)


def joined(names: Sequence[str], language: Language) -> str:
    """`A`, `A and B`, `A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    if language == "zh":
        return "、".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _rated(title: str, stars: float, language: Language) -> str:
    return f"{title}（{stars:g}星）" if language == "zh" else f"{title} ({stars:g} stars)"
