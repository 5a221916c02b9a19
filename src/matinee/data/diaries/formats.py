"""The table of diary formats. A new site needs a module with its `FORMAT` and one line here."""

from matinee.data.diaries import generic, imdb, letterboxd, trakt
from matinee.data.diaries.diary_format import DiaryFormat

# In the order in which they are tried; the format for users' own lists comes last.
FORMATS: tuple[DiaryFormat, ...] = (
    letterboxd.FORMAT,
    imdb.FORMAT,
    trakt.FORMAT,
    generic.FORMAT,
)


def site_names() -> str:
    """The sites whose exports can be read: `"Letterboxd, IMDb or Trakt"`."""
    *first, last = [diary_format.site for diary_format in FORMATS if diary_format.is_site]
    return f"{', '.join(first)} or {last}"


def expected_files() -> str:
    """The files that can be read, for error messages."""
    exports = [f"of {diary_format.site} ({diary_format.expected})" for diary_format in FORMATS if diary_format.is_site]
    lists = [diary_format.expected for diary_format in FORMATS if not diary_format.is_site]
    return f"an export {', '.join(exports)}, or {' or '.join(lists)}"
