"""Which movies does a diary of 2026 get from ratings that end in 2016 and a TMDB catalogue of 2026?

First the models are evaluated on MovieLens latest of 2016 joined with that catalogue, by time and leave-last, and
`tfidf` and `hybrid` on movies with hidden ratings. Then the movies of the catalogue without ratings are added, and
`blend` is trained, with `tfidf` for the movies without ratings. A hand-written diary of movies up to 2026 gets two
lists: one of all movies, and one of movies since 2017, which have no ratings.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import matinee_evaluate, ml_latest, record, tmdb_catalogue
from benchmarks.leave_last import headline
from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.diaries.matching import match_diary
from matinee.data.diaries.reading import read_diary
from matinee.data.linking.added_movies import add_movies
from matinee.data.linking.catalogue_join import join_catalogue
from matinee.data.readers.dataset_writer import write_dataset
from matinee.i18n.reasons import reason_text
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.pipeline.engine import Engine, load_engine
from matinee.pipeline.filters import Filters
from matinee.pipeline.recommend import recommend
from matinee.pipeline.request import Request

MODELS = ("item_cf", "ease", "slist", "blend")
BY_CONTENT = ("tfidf", "hybrid")
LIST_LENGTH = 15
SINCE = 2017  # the ratings end in 2016

# A user who likes slow science fiction, family drama, and animation for adults.
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
    """Evaluate, train and recommend."""
    catalogue = tmdb_catalogue().movies
    joined, _ = join_catalogue(ml_latest(), catalogue)
    grown, added = add_movies(joined, catalogue)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_dataset(joined, folder / "ml-latest-tmdb")
        evaluations = {
            split: _evaluate(folder / "ml-latest-tmdb", split, MODELS) for split in ("leave-last", "time:0.9")
        }
        evaluations["cold-movies:0.1"] = _evaluate(folder / "ml-latest-tmdb", "cold-movies:0.1", BY_CONTENT)
        write_dataset(grown, folder / "today")
        for name in ("blend", "tfidf", "bayes_mf"):
            save_run(folder / name, make(name).fit(grown), grown, folder / "today")
        engine = load_engine(folder / "blend", rating_run=folder / "bayes_mf", content_run=folder / "tfidf")
        lists = _lists(engine, folder)
    record(
        "new_movies",
        "MovieLens latest of 2016 with TMDB of 2026: how good are the models, and which movies "
        "does a diary of this year get?",
        {"evaluations": evaluations, "movies_added": added, "movies_in_total": grown.n_movies, **lists},
    )


def _evaluate(folder: Path, split: str, models: Sequence[str]) -> dict[str, Any]:
    report = matinee_evaluate(["random", "popularity", *models], folder, split)
    return {
        "command": report["command"],
        "seconds": report["seconds"],
        "models": {model["name"]: headline(model) for model in report["models"]},
        "comparisons": report["comparisons"],
    }


def _lists(engine: Engine, folder: Path) -> dict[str, Any]:
    """Return the matches of the diary, and its lists."""
    diary = folder / "diary.csv"
    diary.write_text(DIARY, encoding="utf-8")
    matched = match_diary(read_diary(diary), CatalogueIndex(engine.movies), engine.scale)

    def labels(filters: Filters) -> list[str]:
        answer = recommend(engine, Request(matched.history, k=LIST_LENGTH, diversity=0.2, filters=filters))
        return [
            f"{movie.title} ({movie.year}): {reason_text(movie.reasons[0], engine.movies)}"
            for movie in answer.recommendations
        ]

    return {
        "diary_lines": len(DIARY.splitlines()) - 1,
        "matched": len(matched.matched),
        "missed": [outcome.entry.title for outcome in (*matched.ambiguous, *matched.missed)],
        "list": labels(Filters()),
        f"list_since_{SINCE}": labels(Filters(years=(SINCE, None))),
    }
