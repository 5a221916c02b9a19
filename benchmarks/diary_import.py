"""How long does a Letterboxd export of 2,000 films take to import, and how much of it is matched rightly?"""

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measuring import fastest, record, tmdb_catalogue
from matinee.data.dataset import Dataset
from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.diaries.matching import MatchedDiary, match_diary
from matinee.data.diaries.reading import read_diary

FILMS = 2_000
STRANGERS = 200  # of them not in the catalogue: taken out of it before matching
TYPOS, YEAR_APART, NO_YEAR, REWATCHED = 0.05, 0.05, 0.02, 0.1  # shares of the films
SEED = 1

_HEADER = "Date,Name,Year,Letterboxd URI"


@dataclass(frozen=True)
class _Written:
    """A film as it stands in the export, and what it is."""

    row: int  # in the catalogue
    title: str
    year: str
    oddity: str  # "as listed", "typo", "year apart", "no year"
    stranger: bool


def run() -> None:
    """A made-up export of films drawn from TMDB's catalogue, with typing errors, wrong and missing years, rewatches."""
    catalogue = tmdb_catalogue()
    rng = np.random.default_rng(SEED)
    written = _drawn(catalogue, rng)
    strangers = [film.row for film in written if film.stranger]
    movies = catalogue.movies.filter(~np.isin(np.arange(catalogue.n_movies), strangers))
    with tempfile.TemporaryDirectory() as temporary:
        archive = _archive(Path(temporary), written, rng)
        diary = read_diary(archive)
        index = CatalogueIndex(movies)
        matched = match_diary(diary, index, (0.5, 5.0))
        seconds = {
            "read": fastest(lambda: read_diary(archive)),
            "match, the catalogue unseen": fastest(lambda: match_diary(diary, movies, (0.5, 5.0))),
            "match, the catalogue indexed before": fastest(lambda: match_diary(diary, index, (0.5, 5.0))),
        }
    outcomes = _outcomes(written, matched, movies["movie_id"].to_list(), catalogue)
    record(
        "diary_import",
        "A Letterboxd export of 2,000 films, 200 of them not in TMDB's catalogue: seconds, and what was found.",
        {
            "films": len(diary.entries),
            "rows": diary.rows,
            "movies": len(movies),
            "seconds": {name: round(one, 3) for name, one in seconds.items()},
            "seconds_read_and_matched": round(seconds["read"] + seconds["match, the catalogue unseen"], 3),
            "shares_of_films_in_the_catalogue": _shares(outcomes),
            "outcomes": outcomes,
        },
    )


def _drawn(catalogue: Dataset, rng: np.random.Generator) -> list[_Written]:
    """Films of different titles and years, each with at most one oddity; the strangers have none."""
    movies = catalogue.movies
    distinct = np.flatnonzero((movies.select("title", "year").is_unique() & movies["year"].is_not_null()).to_numpy())
    rows = rng.choice(distinct, FILMS, replace=False).tolist()
    odd = ["typo", "year apart", "no year", "as listed"]
    shares = [TYPOS, YEAR_APART, NO_YEAR, 1 - TYPOS - YEAR_APART - NO_YEAR]
    written: list[_Written] = []
    for place, row in enumerate(rows):
        title, year = movies["title"][row], int(movies["year"][row])
        oddity = "as listed" if place < STRANGERS else str(rng.choice(odd, p=shares))
        if oddity == "typo":
            title = _mistyped(title, rng)
        elif oddity == "year apart":
            year += int(rng.choice([-1, 1]))
        written.append(_Written(row, title, "" if oddity == "no year" else str(year), oddity, place < STRANGERS))
    return written


def _mistyped(title: str, rng: np.random.Generator) -> str:
    """One letter left out, doubled, or changed with its neighbour, or another one in its place."""
    place = int(rng.integers(0, len(title)))
    before, letter, after = title[:place], title[place], title[place + 1 :]
    ways = (before + after, before + 2 * letter + after, before + after[:1] + letter + after[1:], before + "e" + after)
    return ways[int(rng.integers(len(ways)))].strip() or title


def _archive(folder: Path, films: Sequence[_Written], rng: np.random.Generator) -> Path:
    """Watched all, rated four of five, with a day in the diary half of them, some of these twice."""
    watched, ratings, diary = [_HEADER], [f"{_HEADER},Rating"], [f"{_HEADER},Rating,Rewatch,Tags,Watched Date"]
    for film in films:
        title = '"' + film.title.replace('"', '""') + '"'
        day = f"20{rng.integers(15, 25)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"
        stars = rng.integers(1, 11) / 2
        about = f"{day},{title},{film.year},https://boxd.it/x"
        watched.append(about)
        if rng.random() < 0.8:
            ratings.append(f"{about},{stars}")
        if rng.random() < 0.5:
            diary.append(f"{about},{stars},,,{day}")
        if rng.random() < REWATCHED:
            diary.append(f"{about},{stars},Yes,cinema,{day}")
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
    written: Sequence[_Written], matched: MatchedDiary, movie_ids: Sequence[int], catalogue: Dataset
) -> dict[str, dict[str, int]]:
    """For each oddity how many films were found rightly, found wrongly, and left open with or without the right one."""
    meant = {(film.title.casefold(), film.year): film for film in written}
    ids = catalogue.movies["movie_id"].to_list()
    counts: dict[str, dict[str, int]] = {}
    for one in matched.outcomes:
        film = meant[one.entry.title.casefold(), "" if one.entry.year is None else str(one.entry.year)]
        of_oddity = counts.setdefault("not in the catalogue" if film.stranger else film.oddity, {})
        if one.row is not None:
            how = "right" if movie_ids[one.row] == ids[film.row] else "wrong"
        elif film.stranger:
            how = "left open"
        else:
            there = ids[film.row] in [movie_ids[row] for row in one.choices]
            how = f"{one.group}, the right one {'shown' if there else 'not shown'}"
        of_oddity[how] = of_oddity.get(how, 0) + 1
    return dict(sorted(counts.items()))


def _shares(outcomes: dict[str, dict[str, int]]) -> dict[str, float]:
    """Of the films that the catalogue has, how many were found rightly and wrongly."""
    there = [counts for oddity, counts in outcomes.items() if oddity != "not in the catalogue"]
    films = sum(sum(counts.values()) for counts in there)
    return {how: round(sum(counts.get(how, 0) for counts in there) / films, 4) for how in ("right", "wrong")}
