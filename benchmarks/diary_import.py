"""How long does the import of a Letterboxd export of 2,000 movies take, and how many matches are right?"""

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.harness import fastest, record, tmdb_catalogue
from matinee.data.dataset import Dataset
from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.diaries.matching import MatchedDiary, match_diary
from matinee.data.diaries.reading import read_diary

MOVIES = 2_000
MISSING = 200  # of them, removed from the catalogue before matching
TYPOS, YEAR_APART, NO_YEAR, REWATCHED = 0.05, 0.05, 0.02, 0.1  # shares of the movies
SEED = 1

_HEADER = "Date,Name,Year,Letterboxd URI"


@dataclass(frozen=True)
class _ExportedMovie:
    """A movie as written in the export, and its row."""

    row: int  # in the catalogue
    title: str
    year: str
    oddity: str  # "as listed", "typo", "year apart", "no year"
    missing: bool  # not in the catalogue


def run() -> None:
    """Import a synthetic export of TMDB movies, with typing errors, wrong and missing years, and rewatches."""
    catalogue = tmdb_catalogue()
    rng = np.random.default_rng(SEED)
    exported = _draw_movies(catalogue, rng)
    missing_rows = [movie.row for movie in exported if movie.missing]
    movies = catalogue.movies.filter(~np.isin(np.arange(catalogue.n_movies), missing_rows))
    with tempfile.TemporaryDirectory() as temporary:
        archive = _write_archive(Path(temporary), exported, rng)
        diary = read_diary(archive)
        index = CatalogueIndex(movies)
        matched = match_diary(diary, index, (0.5, 5.0))
        seconds = {
            "read": fastest(lambda: read_diary(archive)),
            "match, catalogue not indexed": fastest(lambda: match_diary(diary, movies, (0.5, 5.0))),
            "match, catalogue indexed": fastest(lambda: match_diary(diary, index, (0.5, 5.0))),
        }
    outcomes = _outcomes(exported, matched, movies["movie_id"].to_list(), catalogue)
    record(
        "diary_import",
        "A Letterboxd export of 2,000 movies, 200 of them not in the TMDB catalogue: seconds and matches.",
        {
            "entries": len(diary.entries),
            "rows": diary.rows,
            "movies": len(movies),
            "seconds": {name: round(value, 3) for name, value in seconds.items()},
            "seconds_read_and_matched": round(seconds["read"] + seconds["match, catalogue not indexed"], 3),
            "shares_of_movies_in_the_catalogue": _shares(outcomes),
            "outcomes": outcomes,
        },
    )


def _draw_movies(catalogue: Dataset, rng: np.random.Generator) -> list[_ExportedMovie]:
    """Draw movies with different titles and years. Each has at most one oddity, a missing one has none."""
    movies = catalogue.movies
    distinct = np.flatnonzero((movies.select("title", "year").is_unique() & movies["year"].is_not_null()).to_numpy())
    rows = rng.choice(distinct, MOVIES, replace=False).tolist()
    odd = ["typo", "year apart", "no year", "as listed"]
    shares = [TYPOS, YEAR_APART, NO_YEAR, 1 - TYPOS - YEAR_APART - NO_YEAR]
    exported: list[_ExportedMovie] = []
    for position, row in enumerate(rows):
        title, year = movies["title"][row], int(movies["year"][row])
        oddity = "as listed" if position < MISSING else str(rng.choice(odd, p=shares))
        if oddity == "typo":
            title = _add_typo(title, rng)
        elif oddity == "year apart":
            year += int(rng.choice([-1, 1]))
        exported.append(
            _ExportedMovie(row, title, "" if oddity == "no year" else str(year), oddity, position < MISSING)
        )
    return exported


def _add_typo(title: str, rng: np.random.Generator) -> str:
    """Omit, double, swap or replace one letter."""
    position = int(rng.integers(0, len(title)))
    before, letter, after = title[:position], title[position], title[position + 1 :]
    ways = (before + after, before + 2 * letter + after, before + after[:1] + letter + after[1:], before + "e" + after)
    return ways[int(rng.integers(len(ways)))].strip() or title


def _write_archive(folder: Path, movies: Sequence[_ExportedMovie], rng: np.random.Generator) -> Path:
    """Write an export: all movies watched, 80% rated, half of them in the diary, and some rewatched."""
    watched, ratings, diary = [_HEADER], [f"{_HEADER},Rating"], [f"{_HEADER},Rating,Rewatch,Tags,Watched Date"]
    for movie in movies:
        title = '"' + movie.title.replace('"', '""') + '"'
        day = f"20{rng.integers(15, 25)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"
        rating = rng.integers(1, 11) / 2
        about = f"{day},{title},{movie.year},https://boxd.it/x"
        watched.append(about)
        if rng.random() < 0.8:
            ratings.append(f"{about},{rating}")
        if rng.random() < 0.5:
            diary.append(f"{about},{rating},,,{day}")
        if rng.random() < REWATCHED:
            diary.append(f"{about},{rating},Yes,cinema,{day}")
    files = {
        "watched.csv": watched,
        "ratings.csv": ratings,
        "diary.csv": diary,
        "profile.csv": ["Date Joined,Username"],
    }
    with zipfile.ZipFile(folder / "letterboxd.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in files.items():
            archive.writestr(name, "\n".join(lines) + "\n")
    return folder / "letterboxd.zip"


def _outcomes(
    exported: Sequence[_ExportedMovie], matched: MatchedDiary, movie_ids: Sequence[int], catalogue: Dataset
) -> dict[str, dict[str, int]]:
    """Count the outcomes of each oddity."""
    exported_by_title = {(movie.title.casefold(), movie.year): movie for movie in exported}
    ids = catalogue.movies["movie_id"].to_list()
    counts: dict[str, dict[str, int]] = {}
    for outcome in matched.outcomes:
        movie = exported_by_title[
            outcome.entry.title.casefold(), "" if outcome.entry.year is None else str(outcome.entry.year)
        ]
        counts_of_oddity = counts.setdefault("not in the catalogue" if movie.missing else movie.oddity, {})
        if outcome.row is not None:
            result = "right" if movie_ids[outcome.row] == ids[movie.row] else "wrong"
        elif movie.missing:
            result = "left open"
        else:
            in_catalogue = ids[movie.row] in [movie_ids[row] for row in outcome.choices]
            result = f"{outcome.group}, the right one {'shown' if in_catalogue else 'not shown'}"
        counts_of_oddity[result] = counts_of_oddity.get(result, 0) + 1
    return dict(sorted(counts.items()))


def _shares(outcomes: dict[str, dict[str, int]]) -> dict[str, float]:
    """Return the shares of right and wrong matches among the movies of the catalogue."""
    in_catalogue = [counts for oddity, counts in outcomes.items() if oddity != "not in the catalogue"]
    movies = sum(sum(counts.values()) for counts in in_catalogue)
    return {
        result: round(sum(counts.get(result, 0) for counts in in_catalogue) / movies, 4)
        for result in ("right", "wrong")
    }
