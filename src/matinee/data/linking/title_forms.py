"""The forms under which two catalogues may list one movie.

`title_keys` removes case, accents, punctuation and articles. Catalogues differ in more than that: "Kill
Bill: Vol. 2" or "Kill Bill: Volume 2", "8 1/2" or "8½", "M*A*S*H" or "MASH", and one lists by a part of
what the other writes in full: "Star Wars" for "Star Wars: Episode IV – A New Hope".
"""

import re
from dataclasses import dataclass

from matinee.data.titles import title_keys

_ROMAN = ["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
_COUNTED = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = (
    {word: str(n) for n, word in enumerate(_ROMAN, 2)}
    | {word: str(n) for n, word in enumerate(_COUNTED, 1)}
    | {word: str(n) for n, word in zip(range(20, 100, 10), _TENS, strict=True)}
)
_SPELLINGS = {
    "part": "",  # "Part III" is "III"
    "pt": "",
    "vol": "volume",
    "blvd": "boulevard",
    "colour": "color",
    "colours": "colors",
    "dr": "doctor",
    "st": "saint",
    "versus": "vs",
}
_SAME_WORD = _NUMBERS | _SPELLINGS

# Letters without a separable accent, as they are often typed on other keyboards.
_LETTERS = str.maketrans(
    {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "+": " and "}
)
_SCREENING = re.compile(r"(?<=\S)\s+(?:in\s+)?3-?D\b", re.IGNORECASE)  # "Shark Night 3D"
_BRACKETED = re.compile(r"\([^()]*\)")
# "Dr. Strangelove or: How I Learned ...", "Everything You Always Wanted to Know About Sex *But Were Afraid to Ask"
_CUT = re.compile(r"\s*(?::|\s[-–—]\s|\s\*|,?\sor:?\s)\s*", re.IGNORECASE)
# "Robert A. Heinlein's The Puppet Masters"
_OWNER = re.compile(r"^(?:[\w.]+\s){0,3}[\w.]+(?:['’]s|s['’])\s+(?=\S)")
_SHORTEST_PART = 4  # letters; shorter parts are too common


@dataclass(frozen=True)
class TitleForms:
    """Comparable forms without spaces, each with its number of words."""

    whole: dict[str, int]  # the whole title: equal forms mean equal titles
    parts: dict[str, int]  # a part of the title: if it equals another's whole title, the two may be the same


def title_forms(title: str) -> TitleForms:
    """The forms of a title; alternative titles in brackets count as whole titles."""
    title = _simplify(title)
    main = _BRACKETED.sub(" ", title).strip() or title
    whole = _comparable(title_keys(title))
    parts = _comparable([key for part in _parts(main) for key in title_keys(part)])
    whole |= _without_middle(main)
    long_enough = {form: n for form, n in parts.items() if len(form) >= _SHORTEST_PART and form not in whole}
    return TitleForms(whole, long_enough)


def spellings(title: str) -> list[str]:
    """The whole title and the alternative ones in brackets, normalised, with spaces."""
    return [" ".join(_words(key)) for key in title_keys(_simplify(title))]


def _simplify(title: str) -> str:
    return _SCREENING.sub("", title.translate(_LETTERS))


def _words(key: str) -> list[str]:
    return [same for word in key.split() if (same := _SAME_WORD.get(word, word))]


def _parts(main: str) -> list[str]:
    """`"William Shakespeare's Hamlet"` -> `Hamlet`; `"Borat: Cultural Learnings ..."` -> both sides."""
    pieces = _CUT.split(main)
    ends = [pieces[0], pieces[-1]] if len(pieces) > 1 else []
    unowned = [_OWNER.sub("", piece, count=1) for piece in [main, *ends]]
    return [part for part in dict.fromkeys([*ends, *unowned]) if part and part != main]


def _without_middle(main: str) -> dict[str, int]:
    """`"Star Trek II: The Wrath of Khan"` -> `starwrathofkhan`, the same as without the "II"."""
    pieces = _CUT.split(main)
    if len(pieces) < 2 or not pieces[0] or not pieces[-1]:
        return {}
    first, last = title_keys(pieces[0])[0], title_keys(pieces[-1])[0]
    return _comparable([f"{first.split()[0]} {last}"])


def _comparable(keys: list[str]) -> dict[str, int]:
    forms = {"".join(_words(key)): len(key.split()) for key in keys}
    return {form: words for form, words in forms.items() if form}
