"""`matinee diary`: how a diary from elsewhere fits a run's catalogue."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matinee.cli.console import out, table
from matinee.cli.options import JsonOption
from matinee.cli.request_options import RunOption

if TYPE_CHECKING:
    from matinee.data.diaries.catalogue_index import CatalogueIndex
    from matinee.data.diaries.diary import Diary
    from matinee.data.diaries.matching import MatchedDiary, MatchOutcome

_SHOWN = 20
_SITES = {"letterboxd": "Letterboxd", "imdb": "IMDb", "trakt": "Trakt", "csv": "A list of your own"}


def diary(
    file: Annotated[
        Path,
        typer.Argument(
            help="What Letterboxd, IMDb or Trakt exports, as it comes: a ZIP, its folder, or one file of it; or a CSV "
            "of your own with a column title.",
            show_default=False,
        ),
    ],
    run: RunOption,
    scale: Annotated[
        float | None,
        typer.Option(
            "--scale",
            help="The highest rating there can be in a CSV of your own, if not the 5, 10 or 100 its values suggest.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = None,
) -> None:
    """Show which movies of a run's catalogue the films of a diary are. Nothing is saved.

    What is not certain, what the catalogue lacks and what is no film is listed with the reason.

    [dim]matinee diary letterboxd.zip --run runs/blend[/]
    """
    from matinee.data.diaries.catalogue_index import CatalogueIndex
    from matinee.data.diaries.matching import match_diary
    from matinee.data.diaries.reading import read_diary
    from matinee.data.files import write_json
    from matinee.models.runs import load_run

    given = read_diary(file, scale)
    loaded = load_run(run)
    index = CatalogueIndex(loaded.movies)
    matched = match_diary(given, index, loaded.scale)
    _print_counts(given, matched, len(loaded.movies))
    _print_unlike(matched, index)
    _print_ambiguous(matched, index)
    _print_missed(matched, index)
    _print_aside(matched)
    _print_notes(given, matched)
    if json is not None:
        write_json(json, _as_json(given, matched, index))


def _print_counts(given: "Diary", matched: "MatchedDiary", movies: int) -> None:
    from matinee.data.linking.catalogue_matching import Evidence

    in_history = len(matched.history.movies)
    signs = [one.sign for one in matched.matched]
    rows = [
        ["found", f"{len(matched.matched):,}", f"of the {movies:,} movies of the run"],
        ["  by id", f"{signs.count(Evidence.ID):,}", ""],
        ["  by title", f"{signs.count(Evidence.TITLE):,}", ""],
        ["  nearly the title", f"{signs.count(Evidence.NEAR_TITLE):,}", ""],
        ["ambiguous", f"{len(matched.ambiguous):,}", "not certain which movie: left out"],
        ["missed", f"{len(matched.missed):,}", "not in the catalogue"],
        ["set aside", f"{len(matched.set_aside):,}", "not films, or without a title"],
        ["twice", f"{len(matched.folded):,}", "the same movie under two titles: put together"],
    ]
    shown = [row for row in rows if row[1] != "0" or row[0] == "found"]
    title = f"{_SITES[given.source]}: {len(given.entries):,} entries from {given.rows:,} rows"
    out.print(table(title, ["", "", ""], shown, numeric=[1]))
    seen = matched.matched[:in_history]
    rated = sum(one.rating is not None and not one.filled for one in seen)
    wanted = f", and {len(matched.watchlist):,} on the watchlist" if len(matched.watchlist) else ""
    out.print(f"A history of {in_history:,} movies, {rated:,} of them rated{wanted}", highlight=False)


def _print_unlike(matched: "MatchedDiary", index: "CatalogueIndex") -> None:
    """Those found under another title or year, the least certain first: worth a look."""
    from matinee.data.linking.catalogue_matching import Evidence

    unlike = [one for one in matched.matched if one.sign != Evidence.ID and not _is_listed_so(one, index)]
    unlike.sort(key=lambda one: -one.sign)
    rows = [[one.entry.label, index.label(one.row or 0), one.reason] for one in unlike]
    _print_some("Found, listed differently", ["in the diary", "in the catalogue", ""], rows)


def _print_ambiguous(matched: "MatchedDiary", index: "CatalogueIndex") -> None:
    rows = [[one.entry.label, _stars(one), _labels(one, index), one.reason] for one in _best_first(matched.ambiguous)]
    _print_some("Ambiguous", ["in the diary", "stars", "may be", "why"], rows)


def _print_missed(matched: "MatchedDiary", index: "CatalogueIndex") -> None:
    rows = [[one.entry.label, _stars(one), _labels(one, index)] for one in _best_first(matched.missed)]
    _print_some("Missed, the best rated first", ["in the diary", "stars", "nearest in the catalogue"], rows)


def _print_aside(matched: "MatchedDiary") -> None:
    _print_some("Twice", ["in the diary", "is"], [[one.entry.label, one.reason] for one in matched.folded])
    counts = Counter(one.reason for one in matched.set_aside)
    first = {one.reason: f"{one.entry.label}, {_place(one)}" for one in reversed(matched.set_aside)}
    rows = [[reason, f"{count:,}", first[reason]] for reason, count in counts.most_common()]
    if rows:
        out.print(table("Set aside", ["why", "entries", "first"], rows, numeric=[1]))


def _print_notes(given: "Diary", matched: "MatchedDiary") -> None:
    filled = [(one.filled, one.rating) for one in matched.matched if one.filled]
    for name, rating in sorted(set(filled), key=lambda pair: pair[0]):
        who = "watched and not rated" if name == "median" else "liked and not rated"
        count = filled.count((name, rating))
        out.print(f"{count:,} {who}: counted as {rating:g}, the {name} of your ratings", highlight=False)
    for finding in given.findings:
        colour = "yellow" if finding.severity == "warning" else "dim"
        out.print(f"[{colour}]{finding.path.name}:[/] ", end="", highlight=False)
        out.print(finding.message, highlight=False, markup=False, soft_wrap=True)


def _print_some(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    out.print(table(title, columns, rows[:_SHOWN]))
    if len(rows) > _SHOWN:
        out.print(f"[dim]and {len(rows) - _SHOWN:,} more: --json FILE has them all[/]", highlight=False)


def _best_first(outcomes: "Sequence[MatchOutcome]") -> "list[MatchOutcome]":
    return sorted(outcomes, key=lambda one: -(one.entry.rating or 0))


def _is_listed_so(outcome: "MatchOutcome", index: "CatalogueIndex") -> bool:
    """Whether the catalogue has it to the letter, and the same year if one is given."""
    movie, entry = index.entries[outcome.row or 0], outcome.entry
    return movie.title.casefold() == entry.title.casefold() and entry.year in (None, movie.year)


def _place(outcome: "MatchOutcome") -> str:
    return f"{outcome.entry.file} line {outcome.entry.line}"


def _stars(outcome: "MatchOutcome") -> str:
    rating = outcome.entry.rating
    return "" if rating is None else f"{rating:g}"


def _labels(outcome: "MatchOutcome", index: "CatalogueIndex") -> str:
    return "; ".join(index.label(row) for row in outcome.choices)


def _as_json(given: "Diary", matched: "MatchedDiary", index: "CatalogueIndex") -> dict[str, Any]:
    groups = ("matched", "ambiguous", "missed", "set_aside", "folded")
    return {
        "source": given.source,
        "entries": len(given.entries),
        "rows": given.rows,
        "history": [index.label(row) for row in matched.history.movies.tolist()],
        "watchlist": [index.label(row) for row in matched.watchlist.tolist()],
        **{name: [_outcome_as_json(one, index) for one in getattr(matched, name)] for name in groups},
        "findings": [
            {"kind": one.kind, "message": one.message, "file": str(one.path), "row": one.row, "count": one.count}
            for one in given.findings
        ],
    }


def _outcome_as_json(outcome: "MatchOutcome", index: "CatalogueIndex") -> dict[str, Any]:
    entry = outcome.entry
    return {
        "title": entry.title,
        "year": entry.year,
        "stars": entry.rating,
        "date": None if entry.date is None else entry.date.isoformat(),
        "file": entry.file,
        "line": entry.line,
        "reason": outcome.reason,
        "movie": None if outcome.row is None else index.label(outcome.row),
        "choices": [index.label(row) for row in outcome.choices],
        "rating": outcome.rating,
        "filled": outcome.filled,
    }
