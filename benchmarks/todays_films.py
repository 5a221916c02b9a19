"""What does somebody get whose diary is of this year, from ratings that end in 2016 and a catalogue of TMDB of 2026?

First the models on MovieLens latest of 2016 joined with that catalogue, by time and leave-last, and how well `tfidf`
and `hybrid` place movies whose ratings are hidden. Then the catalogue's films that nobody rated are added, `blend` is
trained with `tfidf` beside it for what it can only place by its content, and a diary of films up to 2026, typed in by
hand, gets its lists: as they come, and of the films since 2017 alone, which no rating ever reached.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.leave_last import headline
from benchmarks.measuring import matinee_evaluate, ml_latest, record, tmdb_catalogue
from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.diaries.matching import match_diary
from matinee.data.diaries.reading import read_diary
from matinee.data.linking.added_movies import add_movies
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.data.readers.plain_writing import write_plain
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.pipeline.engine import Engine, load_engine
from matinee.pipeline.filters import Filters
from matinee.pipeline.recommend import recommend
from matinee.pipeline.request import Request

MODELS = ("item_cf", "ease", "slist", "blend")
BY_CONTENT = ("tfidf", "hybrid")
LISTED = 15
SINCE = 2017  # the ratings end in 2016

# Somebody who likes slow science fiction, families that are not what they seem, and animation for grown-ups.
DIARY = """Date,Name,Year,Rating
2014-12-01,Interstellar,2014,4.5
2016-11-20,Arrival,2016,5
2017-10-10,Blade Runner 2049,2017,5
2018-12-20,Spider-Man: Into the Spider-Verse,2018,4.5
2019-06-15,Parasite,2019,5
2019-09-30,Ad Astra,2019,3.5
2020-02-11,Portrait of a Lady on Fire,2019,4.5
2021-10-01,Dune,2021,4.5
2022-04-03,Everything Everywhere All at Once,2022,5
2022-08-14,Nope,2022,4
2023-07-30,Oppenheimer,2023,4
2023-08-01,Barbie,2023,3
2023-12-10,The Boy and the Heron,2023,4.5
2024-03-05,Dune: Part Two,2024,5
2024-09-20,The Substance,2024,3.5
2024-10-05,The Wild Robot,2024,5
2025-01-12,Flow,2024,4.5
2025-04-01,Mickey 17,2025,4
2025-02-14,Captain America: Brave New World,2025,1.5
2026-03-01,Transformers One,2024,2
"""


def run() -> None:
    """Judge, train, recommend."""
    catalogue = tmdb_catalogue().movies
    joined, _ = join_catalogue(ml_latest(), catalogue)
    grown, added = add_movies(joined, catalogue)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_plain(joined, folder / "ml-latest-tmdb")
        judged = {split: _judged(folder / "ml-latest-tmdb", split, MODELS) for split in ("leave-last", "time:0.9")}
        judged["cold-movies:0.1"] = _judged(folder / "ml-latest-tmdb", "cold-movies:0.1", BY_CONTENT)
        write_plain(grown, folder / "today")
        for name in ("blend", "tfidf", "bayes_mf"):
            save_run(folder / name, make(name).fit(grown), grown, folder / "today")
        engine = load_engine(folder / "blend", stars=folder / "bayes_mf", content=folder / "tfidf")
        lists = _lists(engine, folder)
    record(
        "todays_films",
        "MovieLens latest of 2016 with TMDB of 2026: how good are the models, and what does a diary of this year get?",
        {"judged": judged, "films_added": added, "films_in_all": grown.n_movies, **lists},
    )


def _judged(folder: Path, split: str, models: Sequence[str]) -> dict[str, Any]:
    report = matinee_evaluate(["random", "popularity", *models], folder, split)
    return {
        "command": report["command"],
        "seconds": report["seconds"],
        "models": {model["name"]: headline(model) for model in report["models"]},
        "comparisons": report["comparisons"],
    }


def _lists(engine: Engine, folder: Path) -> dict[str, Any]:
    """What the diary matched, and the lists it gets."""
    diary = folder / "diary.csv"
    diary.write_text(DIARY, encoding="utf-8")
    matched = match_diary(read_diary(diary), CatalogueIndex(engine.movies), engine.scale)

    def listed(filters: Filters) -> list[str]:
        answer = recommend(engine, Request(matched.history, k=LISTED, diversity=0.2, filters=filters))
        return [f"{one.title} ({one.year}): {one.reasons[0]}" for one in answer.recommendations]

    return {
        "diary_lines": len(DIARY.splitlines()) - 1,
        "matched": len(matched.matched),
        "missed": [one.entry.title for one in (*matched.ambiguous, *matched.missed)],
        "list": listed(Filters()),
        f"list_since_{SINCE}": listed(Filters(years=(SINCE, None))),
    }
