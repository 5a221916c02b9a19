"""Which film of TMDB a movie is: by its ids, else by title and year; never a guess between two."""

import re
from dataclasses import dataclass, replace
from enum import Enum

from matinee.data.fetching.tmdb import Tmdb
from matinee.data.fetching.tmdb_answers import TmdbMovie, TmdbSearchHit
from matinee.data.linking.catalogue_matching import match_entries
from matinee.data.linking.entries import AMBIGUOUS, CatalogueEntry
from matinee.data.linking.title_forms import title_forms
from matinee.data.readers.tmdb import GENRE_NAMES

_SAME_GENRE = {"History": "Drama", "Music": "Musical", "Science Fiction": "Sci-Fi"}  # as in linking
_BRACKETED = re.compile(r"\([^()]*\)")


class MatchStatus(Enum):
    """How the search for a movie ended."""

    BY_ID = "same id"
    BY_TITLE = "same title and year"
    AMBIGUOUS = "ambiguous"
    MISSED = "missed"
    FAILED = "failed"


@dataclass(frozen=True)
class Match:
    """How the search for a movie ended, and the film if it was found."""

    status: MatchStatus
    film: TmdbMovie | None = None


def find_movie(movie: CatalogueEntry, tmdb: Tmdb) -> Match:
    """The film that a movie is. Raises what `Tmdb` raises."""
    tmdb_id, imdb_id = movie.ids
    if isinstance(tmdb_id, int):
        film = tmdb.movie(tmdb_id)
        if film is not None:
            return Match(MatchStatus.BY_ID, film)
    if isinstance(imdb_id, str):
        hits = tmdb.movies_with_imdb_id(imdb_id)
        if len(hits) > 1:
            return Match(MatchStatus.AMBIGUOUS)
        film = tmdb.movie(hits[0].id) if hits else None
        if film is not None:
            return Match(MatchStatus.BY_ID, film)
    # An id that TMDB does not know says nothing against a film with another.
    return _by_title(replace(movie, ids=(None, imdb_id)), tmdb)


def _by_title(movie: CatalogueEntry, tmdb: Tmdb) -> Match:
    """In its own year, and unless that is certain in those beside it: one side may count the festival's."""
    title = " ".join(_BRACKETED.sub(" ", movie.title).split()) or movie.title.strip()
    if movie.year is None or not title:
        return Match(MatchStatus.MISSED)
    hits, complete = tmdb.movies_with_title(title, movie.year)
    found = _matching(movie, hits)
    if not isinstance(found, TmdbSearchHit) or not _is_certain(movie, _entry(found)):
        known = {hit.id: hit for hit in hits}
        for year in (movie.year - 1, movie.year + 1):
            more, all_of_them = tmdb.movies_with_title(title, year)
            known |= {hit.id: hit for hit in more}
            complete &= all_of_them
        found = _matching(movie, list(known.values()))
    if isinstance(found, MatchStatus):
        return Match(found)
    if not complete:  # another film as good may be among those not seen
        return Match(MatchStatus.AMBIGUOUS)
    film = tmdb.movie(found.id)
    ours, theirs = movie.ids[1], film.imdb_id if film else None
    contradicts = bool(ours and theirs and ours != theirs)
    return Match(MatchStatus.MISSED) if film is None or contradicts else Match(MatchStatus.BY_TITLE, film)


def _is_certain(movie: CatalogueEntry, film: CatalogueEntry) -> bool:
    """The same whole title in the same year: nothing in the years beside it can be surer."""
    return movie.year == film.year and not movie.forms.whole.keys().isdisjoint(film.forms.whole)


def _matching(movie: CatalogueEntry, hits: list[TmdbSearchHit]) -> TmdbSearchHit | MatchStatus:
    row = int(match_entries([movie], [_entry(hit) for hit in hits]).film[0]) if hits else -1
    return hits[row] if row >= 0 else MatchStatus.AMBIGUOUS if row == AMBIGUOUS else MatchStatus.MISSED


def _entry(hit: TmdbSearchHit) -> CatalogueEntry:
    """A hit as `film_matching` wants it; the original title counts as another title of the same film."""
    names = [GENRE_NAMES[one] for one in hit.genre_ids if one in GENRE_NAMES]
    original = _BRACKETED.sub(" ", hit.original_title).strip()
    both = hit.title if original in ("", hit.title) else f"{hit.title} ({original})"
    genres = frozenset(_SAME_GENRE.get(name, name) for name in names)
    return CatalogueEntry(hit.title, hit.year, genres, title_forms(both), (hit.id, None))
