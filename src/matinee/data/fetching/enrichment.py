"""Facts and posters from TMDB for the movies of a dataset: the most rated first, facts before posters."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from matinee.data.dataset import Dataset
from matinee.data.fetching.rate_limited_client import RateLimitedError
from matinee.data.fetching.tmdb import Tmdb
from matinee.data.fetching.tmdb_facts import fill_facts
from matinee.data.fetching.tmdb_matching import Match, MatchStatus, find_movie
from matinee.data.fetching.tmdb_responses import TmdbMovie
from matinee.data.linking.entries import CatalogueEntry, catalogue_entries
from matinee.errors import DownloadError
from matinee.progress import track_steps

T = TypeVar("T")

MAX_FAILURES = 5  # in a row: then the cause is not a single movie


@dataclass(frozen=True)
class EnrichmentReport:
    """The result of an enrichment; titles are those of the most rated movies first."""

    titles: dict[str, tuple[str, ...]]  # the value of each MatchStatus -> the movies with that result
    columns: tuple[str, ...]  # in which a cell was filled
    posters: dict[int, Path]  # movie row -> file in the cache
    without_poster: int  # matched movies for which TMDB has no poster
    failed_posters: tuple[str, ...]
    problems: tuple[str, ...]  # one line for each failure


def enrich(
    dataset: Dataset, tmdb: Tmdb, posters: bool = True, limit: int | None = None
) -> tuple[Dataset, EnrichmentReport]:
    """The dataset with TMDB's facts in the empty cells of its movies, and a report.

    Only the `limit` most rated movies are looked up. A poster that the dataset has is not fetched. A movie whose
    requests fail is counted as failed and left for the next run. Raises DownloadError if that happens to
    `MAX_FAILURES` movies in a row, and what `Tmdb` raises; all responses so far are kept.
    """
    entries = catalogue_entries(dataset.movies)
    rows = np.argsort(-dataset.counts, kind="stable")[:limit].tolist()
    problems: list[str] = []
    matches = _find_matches(rows, entries, tmdb, problems)
    matched = {row: match.movie for row, match in matches.items() if match.movie is not None}
    titles = {row: _title(entries[row]) for row in rows}
    files, missing, failed = _fetch_posters(dataset, matched, tmdb, problems) if posters else ({}, 0, ())
    movies, columns = fill_facts(dataset.movies, matched)
    by_status = {
        status.value: tuple(titles[row] for row in rows if matches[row].status is status) for status in MatchStatus
    }
    report = EnrichmentReport(by_status, columns, files, missing, tuple(titles[row] for row in failed), tuple(problems))
    return replace(dataset, movies=movies), report


def _find_matches(
    rows: Sequence[int], entries: Sequence[CatalogueEntry], tmdb: Tmdb, problems: list[str]
) -> dict[int, Match]:
    results = _for_each(rows, "Asking TMDB", lambda row: find_movie(entries[row], tmdb), problems)
    matches = {row: results.get(row, Match(MatchStatus.FAILED)) for row in rows}
    by_title: dict[int, list[int]] = defaultdict(list)
    taken = {match.movie.id for match in matches.values() if match.movie and match.status is MatchStatus.BY_ID}
    for row, match in matches.items():
        if match.movie is not None and match.status is MatchStatus.BY_TITLE:
            by_title[match.movie.id].append(row)
    for tmdb_id, claimants in by_title.items():
        # Several of our movies match one of TMDB's by title. Unless ours is listed twice, all but one must be wrong.
        if tmdb_id in taken or len({(entries[row].year, entries[row].genres) for row in claimants}) > 1:
            matches |= {row: Match(MatchStatus.AMBIGUOUS) for row in claimants}
    return matches


def _fetch_posters(
    dataset: Dataset, matched: dict[int, TmdbMovie], tmdb: Tmdb, problems: list[str]
) -> tuple[dict[int, Path], int, tuple[int, ...]]:
    """Poster files by row, the number of movies that have no poster, and the rows whose poster failed."""
    own = _own_posters(dataset)
    paths = {
        row: movie.poster_path or "" for row, movie in matched.items() if str(dataset.movie_ids.ids[row]) not in own
    }
    rows = [row for row, path in paths.items() if path]
    results = _for_each(rows, "Fetching posters", lambda row: tmdb.poster(paths[row]), problems)
    files = {row: file for row, file in results.items() if file is not None}
    failed = tuple(row for row in rows if row not in results)
    return files, len(paths) - len(files) - len(failed), failed


def _own_posters(dataset: Dataset) -> set[str]:
    return set() if dataset.posters is None else {file.stem for file in dataset.posters.iterdir()}


def _for_each(rows: Iterable[int], description: str, look_up: Callable[[int], T], problems: list[str]) -> dict[int, T]:
    """The result of `look_up` for each row; rows that fail are left out, and their errors added to `problems`."""
    results: dict[int, T] = {}
    rows = list(rows)
    failures_in_a_row = 0
    with track_steps(len(rows), description) as step:
        for row in rows:
            try:
                results[row] = look_up(row)
                failures_in_a_row = 0
            except RateLimitedError:
                raise
            except DownloadError as error:
                problems.append(str(error))
                failures_in_a_row += 1
                if failures_in_a_row == MAX_FAILURES:
                    raise DownloadError(
                        f"{error}; {failures_in_a_row} movies in a row failed. All responses so far are kept; run the "
                        "command again to continue."
                    ) from None
            step()
    return results


def _title(entry: CatalogueEntry) -> str:
    return f"{entry.title or 'untitled'} ({entry.year or 'year unknown'})"
