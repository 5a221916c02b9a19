"""Movie titles: separating the year, moving the article to the front, and normalising titles for comparison.

MovieLens writes "Usual Suspects, The (1995)"; users and other catalogues write "The Usual Suspects".
"""

import re
import unicodedata

_YEAR = re.compile(r"\s*\((\d{4})(?:[-–]\d{0,4})?\)\s*(?:\((?:V|TV)\)\s*)?$")
_ARTICLES = "the|a|an|les|le|la|l'|el|los|las|il|lo|gli|i|der|die|das|den|det|un|une|une|o|os|as"
_TRAILING_ARTICLE = re.compile(rf"^(?P<name>[^(]*?),\s(?P<article>{_ARTICLES})(?P<rest>\s*(?:\(.*)?)$", re.IGNORECASE)
# "i", "o" and "as" are also ordinary first words ("I, Robot", "As Good as It Gets").
_LEADING_ARTICLE = re.compile(rf"^(?!(?:i|o|as)\s)(?:{_ARTICLES})\s+(?=\S)")
# In Latin, Greek and Cyrillic an accent may be left out; in other scripts a mark is a letter.
_ACCENTED = re.compile(r"([\u0000-\u052F\u1E00-\u1FFF])[\u0300-\u036F]+")
_NOT_WORD = re.compile(r"[^\w\u0900-\u0DFF\u0E31-\u0E4E\u3099\u309A]+")
_BRACKETED = re.compile(r"\((?:a\.?k\.?a(?:\.|\b):?\s*)?([^()]*)\)", re.IGNORECASE)


def split_year(title: str) -> tuple[str, int | None]:
    """`"Toy Story (1995)"` -> `("Toy Story", 1995)`; no year in brackets at the end -> `(title, None)`.

    MovieLens marks movies made for video or television with "(V)" or "(TV)" after the year, which is removed too.
    """
    match = _YEAR.search(title)
    if match is None:
        return title.strip(), None
    return title[: match.start()].strip(), int(match[1])


def article_first(title: str) -> str:
    """`"Misérables, Les (1995)"` -> `"Les Misérables (1995)"`; titles without a trailing article are unchanged."""
    match = _TRAILING_ARTICLE.match(title)
    if match is None:
        return title
    gap = "" if match["article"].endswith("'") else " "
    return f"{match['article']}{gap}{match['name']}{match['rest'].rstrip()}"


def title_keys(title: str) -> list[str]:
    """The normalised forms of a title for matching: itself first, then any alternative title in brackets.

    A form is lower-case, without accents, punctuation or a leading article; `"Seven (a.k.a. Se7en)"` gives
    `["seven", "se7en"]`. Titles in other scripts keep their letters.
    """
    forms = [_BRACKETED.sub(" ", title), *_BRACKETED.findall(title)]
    keys = [_key(article_first(form.strip())) for form in forms]
    return list(dict.fromkeys(key for key in keys if key)) or [_key(title) or title.casefold()]


def normalise_text(text: str) -> str:
    """Lower-case words with one space between them, without accents and punctuation: `"Amélie!"` -> `"amelie"`."""
    folded = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    folded = _ACCENTED.sub(r"\1", folded)
    folded = unicodedata.normalize("NFC", folded)
    return _NOT_WORD.sub(" ", folded.replace("'", "").replace("’", "")).strip()


def _key(title: str) -> str:
    return _LEADING_ARTICLE.sub("", normalise_text(title))
