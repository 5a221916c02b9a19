"""`matinee diary`: match a diary from another site with the catalogue of a run."""

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


def diary(
    file: Annotated[
        Path,
        typer.Argument(
            help="Export of Letterboxd, IMDb or Trakt: the ZIP, its folder, or one of its files. Or a CSV file with a "
            "column 'title'.",
            show_default=False,
        ),
    ],
    run: RunOption,
    scale: Annotated[
        float | None,
        typer.Option(
            "--scale",
            help="Highest possible rating in a CSV file. Default: 5, 10 or 100, whichever its values suggest.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = None,
) -> None:
    """Match the entries of a diary with the movies of a run's catalogue. Nothing is saved.

    Entries that are uncertain, missing from the catalogue or not movies are listed with the reason.

    [dim]matinee diary letterboxd.zip --run runs/blend[/]
    """
    from matinee.data.diaries.catalogue_index import CatalogueIndex
    from matinee.data.diaries.matching import match_diary
    from matinee.data.diaries.reading import read_diary
    from matinee.data.files import write_json
    from matinee.models.runs import load_run

    export = read_diary(file, scale)
    loaded = load_run(run)
    index = CatalogueIndex(loaded.movies)
    matched = match_diary(export, index, loaded.scale)
    _print_counts(export, matched, len(loaded.movies))
    _print_renamed(matched, index)
    _print_ambiguous(matched, index)
    _print_missed(matched, index)
    _print_set_aside(matched)
    _print_notes(export, matched)
    if json is not None:
        write_json(json, _as_json(export, matched, index))


def _print_counts(diary: "Diary", matched: "MatchedDiary", movies: int) -> None:
    from matinee.data.diaries.formats import FORMATS
    from matinee.data.linking.catalogue_matching import Evidence

    in_history = len(matched.history.movies)
    evidence = [outcome.evidence for outcome in matched.matched]
    rows = [
        ["matched", f"{len(matched.matched):,}", f"of the {movies:,} movies of the run"],
        ["  by id", f"{evidence.count(Evidence.ID):,}", ""],
        ["  by title", f"{evidence.count(Evidence.TITLE):,}", ""],
        ["  nearly the title", f"{evidence.count(Evidence.NEAR_TITLE):,}", ""],
        ["ambiguous", f"{len(matched.ambiguous):,}", "several movies fit: left out"],
        ["missed", f"{len(matched.missed):,}", "not in the catalogue"],
        ["set aside", f"{len(matched.set_aside):,}", "not movies, or without a title"],
        ["duplicates", f"{len(matched.folded):,}", "the same movie under two titles: merged"],
    ]
    shown = [row for row in rows if row[1] != "0" or row[0] == "matched"]
    site = next(diary_format.site for diary_format in FORMATS if diary_format.name == diary.source)
    title = f"{site or 'A CSV file'}: {len(diary.entries):,} entries from {diary.rows:,} rows"
    out.print(table(title, ["", "", ""], shown, numeric=[1]))
    seen = matched.matched[:in_history]
    rated = sum(outcome.rating is not None and not outcome.filled for outcome in seen)
    watchlist = f", and {len(matched.watchlist):,} on the watchlist" if len(matched.watchlist) else ""
    out.print(f"A history of {in_history:,} movies, {rated:,} of them rated{watchlist}", highlight=False)


def _print_renamed(matched: "MatchedDiary", index: "CatalogueIndex") -> None:
    """Print the matches with another title or year, the least certain first."""
    from matinee.data.linking.catalogue_matching import Evidence

    renamed = [
        outcome
        for outcome in matched.matched
        if outcome.evidence != Evidence.ID and not _has_same_title(outcome, index)
    ]
    renamed.sort(key=lambda outcome: -outcome.evidence)
    rows = [[outcome.entry.label, index.label(outcome.row or 0), str(outcome.reason)] for outcome in renamed]
    _print_some("Matched under another title or year", ["in the diary", "in the catalogue", ""], rows)


def _print_ambiguous(matched: "MatchedDiary", index: "CatalogueIndex") -> None:
    rows = [
        [outcome.entry.label, _format_rating(outcome), _labels(outcome, index), str(outcome.reason)]
        for outcome in _best_first(matched.ambiguous)
    ]
    _print_some("Ambiguous", ["in the diary", "stars", "candidates", "reason"], rows)


def _print_missed(matched: "MatchedDiary", index: "CatalogueIndex") -> None:
    rows = [
        [outcome.entry.label, _format_rating(outcome), _labels(outcome, index)]
        for outcome in _best_first(matched.missed)
    ]
    _print_some("Missed, highest rating first", ["in the diary", "stars", "closest in the catalogue"], rows)


def _print_set_aside(matched: "MatchedDiary") -> None:
    _print_some(
        "Duplicates",
        ["in the diary", "reason"],
        [[outcome.entry.label, str(outcome.reason)] for outcome in matched.folded],
    )
    counts = Counter(str(outcome.reason) for outcome in matched.set_aside)
    first = {
        str(outcome.reason): f"{outcome.entry.label}, {_location(outcome)}" for outcome in reversed(matched.set_aside)
    }
    rows = [[reason, f"{count:,}", first[reason]] for reason, count in counts.most_common()]
    if rows:
        out.print(table("Set aside", ["reason", "entries", "first"], rows, numeric=[1]))


def _print_notes(diary: "Diary", matched: "MatchedDiary") -> None:
    filled = [(outcome.filled, outcome.rating) for outcome in matched.matched if outcome.filled]
    for name, rating in sorted(set(filled), key=lambda pair: pair[0]):
        label = "watched but not rated" if name == "median" else "liked but not rated"
        count = filled.count((name, rating))
        out.print(f"{count:,} {label}: counted as {rating:g}, the {name} of your ratings", highlight=False)
    for issue in diary.issues:
        colour = "yellow" if issue.severity == "warning" else "dim"
        out.print(f"[{colour}]{issue.path.name}:[/] ", end="", highlight=False)
        out.print(issue.message, highlight=False, markup=False, soft_wrap=True)


def _print_some(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    out.print(table(title, columns, rows[:_SHOWN]))
    if len(rows) > _SHOWN:
        out.print(f"[dim]and {len(rows) - _SHOWN:,} more. Use --json FILE for the whole list.[/]", highlight=False)


def _best_first(outcomes: "Sequence[MatchOutcome]") -> "list[MatchOutcome]":
    return sorted(outcomes, key=lambda outcome: -(outcome.entry.rating or 0))


def _has_same_title(outcome: "MatchOutcome", index: "CatalogueIndex") -> bool:
    """Compare title and year with the catalogue. A missing year fits any."""
    movie, entry = index.entries[outcome.row or 0], outcome.entry
    return movie.title.casefold() == entry.title.casefold() and entry.year in (None, movie.year)


def _location(outcome: "MatchOutcome") -> str:
    return f"{outcome.entry.file} line {outcome.entry.line}"


def _format_rating(outcome: "MatchOutcome") -> str:
    rating = outcome.entry.rating
    return "" if rating is None else f"{rating:g}"


def _labels(outcome: "MatchOutcome", index: "CatalogueIndex") -> str:
    return "; ".join(index.label(row) for row in outcome.choices)


def _as_json(diary: "Diary", matched: "MatchedDiary", index: "CatalogueIndex") -> dict[str, Any]:
    groups = ("matched", "ambiguous", "missed", "set_aside", "folded")
    return {
        "source": diary.source,
        "entries": len(diary.entries),
        "rows": diary.rows,
        "history": [index.label(row) for row in matched.history.movies.tolist()],
        "watchlist": [index.label(row) for row in matched.watchlist.tolist()],
        **{name: [_outcome_as_json(outcome, index) for outcome in getattr(matched, name)] for name in groups},
        "issues": [
            {
                "kind": issue.kind,
                "message": str(issue.message),
                "file": str(issue.path),
                "row": issue.row,
                "count": issue.count,
            }
            for issue in diary.issues
        ],
    }


def _outcome_as_json(outcome: "MatchOutcome", index: "CatalogueIndex") -> dict[str, Any]:
    entry = outcome.entry
    return {
        "title": entry.title,
        "year": entry.year,
        "diary_rating": entry.rating,
        "date": None if entry.date is None else entry.date.isoformat(),
        "file": entry.file,
        "line": entry.line,
        "reason": str(outcome.reason),
        "movie": None if outcome.row is None else index.label(outcome.row),
        "choices": [index.label(row) for row in outcome.choices],
        "rating": outcome.rating,
        "filled": outcome.filled,
    }
