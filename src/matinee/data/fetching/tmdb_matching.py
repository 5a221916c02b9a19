"""The TMDB movie that a catalogue's movie is: by its ids, else by title and year; never a guess between two."""

import re
from dataclasses import dataclass, replace
from enum import Enum

from matinee.data.fetching.tmdb import Tmdb
from matinee.data.fetching.tmdb_responses import TmdbMovie, TmdbSearchHit
from matinee.data.linking.catalogue_matching import match_entries
from matinee.data.linking.entries import AMBIGUOUS, CatalogueEntry
from matinee.data.linking.title_forms import title_forms
from matinee.data.readers.tmdb import GENRE_NAMES

_SAME_GENRE = {"History": "Drama", "Music": "Musical", "Science Fiction": "Sci-Fi"}  # as in linking
_BRACKETED = re.compile(r"\([^()]*\)")


class MatchStatus(Enum):
    """The result of the search for a movie."""

    BY_ID = "same id"
    BY_TITLE = "same title and year"
    AMBIGUOUS = "ambiguous"
    MISSED = "missed"
    FAILED = "failed"


@dataclass(frozen=True)
class Match:
    """The result of the search for a movie, and TMDB's movie if there is one."""

    status: MatchStatus
    movie: TmdbMovie | None = None


def find_movie(entry: CatalogueEntry, tmdb: Tmdb) -> Match:
    """The TMDB movie that a catalogue entry is. Raises what `Tmdb` raises."""
    tmdb_id, imdb_id = entry.ids
    if isinstance(tmdb_id, int):
        movie = tmdb.movie(tmdb_id)
        if movie is not None:
            return Match(MatchStatus.BY_ID, movie)
    if isinstance(imdb_id, str):
        hits = tmdb.movies_with_imdb_id(imdb_id)
        if len(hits) > 1:
            return Match(MatchStatus.AMBIGUOUS)
        movie = tmdb.movie(hits[0].id) if hits else None
        if movie is not None:
            return Match(MatchStatus.BY_ID, movie)
    # An id that is unknown to TMDB does not rule out a movie with another id.
    return _find_by_title(replace(entry, ids=(None, imdb_id)), tmdb)


def _find_by_title(entry: CatalogueEntry, tmdb: Tmdb) -> Match:
    """In the entry's year and, unless that is certain, in the years beside it: one side may count the festival."""
    title = " ".join(_BRACKETED.sub(" ", entry.title).split()) or entry.title.strip()
    if entry.year is None or not title:
        return Match(MatchStatus.MISSED)
    hits, complete = tmdb.movies_with_title(title, entry.year)
    best = _best_hit(entry, hits)
    if not isinstance(best, TmdbSearchHit) or not _is_certain(entry, _to_entry(best)):
        hits_by_id = {hit.id: hit for hit in hits}
        for year in (entry.year - 1, entry.year + 1):
            more_hits, more_complete = tmdb.movies_with_title(title, year)
            hits_by_id |= {hit.id: hit for hit in more_hits}
            complete &= more_complete
        best = _best_hit(entry, list(hits_by_id.values()))
    if isinstance(best, MatchStatus):
        return Match(best)
    if not complete:  # an equally good movie may be among the hits not seen
        return Match(MatchStatus.AMBIGUOUS)
    movie = tmdb.movie(best.id)
    ours, theirs = entry.ids[1], movie.imdb_id if movie else None
    contradicts = bool(ours and theirs and ours != theirs)
    return Match(MatchStatus.MISSED) if movie is None or contradicts else Match(MatchStatus.BY_TITLE, movie)


def _is_certain(entry: CatalogueEntry, other: CatalogueEntry) -> bool:
    """True for the same whole title in the same year: no movie of another year can be a better match."""
    return entry.year == other.year and not entry.forms.whole.keys().isdisjoint(other.forms.whole)


def _best_hit(entry: CatalogueEntry, hits: list[TmdbSearchHit]) -> TmdbSearchHit | MatchStatus:
    row = int(match_entries([entry], [_to_entry(hit) for hit in hits]).rows[0]) if hits else -1
    return hits[row] if row >= 0 else MatchStatus.AMBIGUOUS if row == AMBIGUOUS else MatchStatus.MISSED


def _to_entry(hit: TmdbSearchHit) -> CatalogueEntry:
    """A hit as `catalogue_matching` compares it; the original title counts as an alternative title."""
    names = [GENRE_NAMES[genre_id] for genre_id in hit.genre_ids if genre_id in GENRE_NAMES]
    original = _BRACKETED.sub(" ", hit.original_title).strip()
    titles = hit.title if original in ("", hit.title) else f"{hit.title} ({original})"
    genres = frozenset(_SAME_GENRE.get(name, name) for name in names)
    return CatalogueEntry(hit.title, hit.year, genres, title_forms(titles), (hit.id, None))
