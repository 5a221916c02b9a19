"""Asking TMDB about the movies of a dataset: the most rated first, facts before posters."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from matinee.data.dataset import Dataset
from matinee.data.fetching.rate_limited_client import RefusedError
from matinee.data.fetching.tmdb import Tmdb
from matinee.data.fetching.tmdb_answers import TmdbMovie
from matinee.data.fetching.tmdb_facts import with_facts
from matinee.data.fetching.tmdb_matching import Match, MatchStatus, find_movie
from matinee.data.linking.entries import CatalogueEntry, entries_of
from matinee.errors import DownloadError
from matinee.progress import track_steps

T = TypeVar("T")

MOST_FAILURES = 5  # one after another: then it is not about a movie


@dataclass(frozen=True)
class Enriched:
    """What was asked and what came of it; names are of the most rated movies first."""

    found: dict[str, tuple[str, ...]]  # of each Fate's value, the movies that met it
    columns: tuple[str, ...]  # in which something was filled
    posters: dict[int, Path]  # movie row -> file in the cache
    without_poster: int  # movies found of which TMDB has no picture
    posters_failed: tuple[str, ...]
    problems: tuple[str, ...]  # one line for each failure


def enrich(dataset: Dataset, tmdb: Tmdb, posters: bool = True, limit: int | None = None) -> tuple[Dataset, Enriched]:
    """The dataset with what TMDB knows in the empty cells of its movies, and a report.

    Only the `limit` most rated movies are asked about. A poster that the dataset has is not fetched. A movie that
    cannot be asked about is counted as failed and left for the next run. Raises DownloadError if that happens to
    `MOST_FAILURES` movies one after another, and what `Tmdb` raises; what was answered until then is kept.
    """
    entries = entries_of(dataset.movies)
    rows = np.argsort(-dataset.counts, kind="stable")[:limit].tolist()
    problems: list[str] = []
    findings = _findings(rows, entries, tmdb, problems)
    films = {row: finding.film for row, finding in findings.items() if finding.film is not None}
    names = {row: _name(entries[row]) for row in rows}
    pictures, missing, failed = _posters(dataset, films, tmdb, problems) if posters else ({}, 0, ())
    movies, columns = with_facts(dataset.movies, films)
    found = {fate.value: tuple(names[row] for row in rows if findings[row].status is fate) for fate in MatchStatus}
    report = Enriched(found, columns, pictures, missing, tuple(names[row] for row in failed), tuple(problems))
    return replace(dataset, movies=movies), report


def _findings(
    rows: Sequence[int], entries: Sequence[CatalogueEntry], tmdb: Tmdb, problems: list[str]
) -> dict[int, Match]:
    answers = _each(rows, "Asking TMDB", lambda row: find_movie(entries[row], tmdb), problems)
    findings = {row: answers.get(row, Match(MatchStatus.FAILED)) for row in rows}
    by_title: dict[int, list[int]] = defaultdict(list)
    taken = {finding.film.id for finding in findings.values() if finding.film and finding.status is MatchStatus.BY_ID}
    for row, finding in findings.items():
        if finding.film is not None and finding.status is MatchStatus.BY_TITLE:
            by_title[finding.film.id].append(row)
    for film, claimants in by_title.items():
        # Several movies that are one film by their title; unless one is listed twice, all but one must be wrong.
        if film in taken or len({(entries[row].year, entries[row].genres) for row in claimants}) > 1:
            findings |= {row: Match(MatchStatus.AMBIGUOUS) for row in claimants}
    return findings


def _posters(
    dataset: Dataset, films: dict[int, TmdbMovie], tmdb: Tmdb, problems: list[str]
) -> tuple[dict[int, Path], int, tuple[int, ...]]:
    """Pictures by row, how many films have none, and the rows of those that could not be had."""
    own = _own_posters(dataset)
    paths = {row: film.poster_path or "" for row, film in films.items() if str(dataset.movie_ids.ids[row]) not in own}
    wanted = [row for row, path in paths.items() if path]
    files = _each(wanted, "Fetching posters", lambda row: tmdb.poster(paths[row]), problems)
    pictures = {row: file for row, file in files.items() if file is not None}
    failed = tuple(row for row in wanted if row not in files)
    return pictures, len(paths) - len(pictures) - len(failed), failed


def _own_posters(dataset: Dataset) -> set[str]:
    return set() if dataset.posters is None else {file.stem for file in dataset.posters.iterdir()}


def _each(rows: Iterable[int], description: str, ask: Callable[[int], T], problems: list[str]) -> dict[int, T]:
    """What was answered for each row; those that failed are left out, and their problems added."""
    answers: dict[int, T] = {}
    rows = list(rows)
    in_a_row = 0
    with track_steps(len(rows), description) as step:
        for row in rows:
            try:
                answers[row] = ask(row)
                in_a_row = 0
            except RefusedError:
                raise
            except DownloadError as error:
                problems.append(str(error))
                in_a_row += 1
                if in_a_row == MOST_FAILURES:
                    kept = "what was answered is kept, run it again to go on from there"
                    raise DownloadError(
                        f"{error}; {in_a_row} movies in a row could not be asked about; {kept}"
                    ) from None
            step()
    return answers


def _name(entry: CatalogueEntry) -> str:
    return f"{entry.title or 'untitled'} ({entry.year or 'year unknown'})"
