"""Synthetic titles: unique within a year, as in MovieLens with few exceptions."""

import numpy as np
import polars as pl

from matinee.data.synthetic.catalogue import GENRES, SyntheticCatalogue

_ADJECTIVES = """
Silent Crimson Hidden Broken Distant Golden Frozen Midnight Burning Hollow Savage Gentle Secret Final Endless
Wandering Borrowed Forgotten Electric Paper Velvet Northern Restless Stolen Quiet Bitter Lonely Iron Glass Scarlet Lost
Fallen Painted Hungry Faithful Reckless Sunken Foreign Perfect Crooked Invisible Winter Summer Second Double Blind Wild
Honest Tender Falling Clever Ancient Brave Common Divine Empty"""
_NOUNS = """
Harbour Orchard Station Empire Garden Letter River Shadow Promise Stranger Mirror Mountain Summer Witness Thief
Hunter Dancer Captain Widow Daughter Brother Island Road Tower Ocean Carnival Kingdom Detective Lullaby Horizon Machine
Bride Piano Circus Prophet Border Island Lantern Avenue Season Soldier Teacher Voyage Alibi Bargain Cathedral Diary
Echo Fortune Ghost Hotel Inheritance Jury Key Lighthouse Market Neighbour Oath Passenger Quarrel Rumour Saint Tide Uncle
Valley Waltz Year Zoo"""
_FORMS = (
    "{adjective} {noun}, The",
    "{adjective} {noun}",
    "{noun} of the {adjective} {other}, The",
    "{noun} and the {other}",
    "{adjective} {noun} in {other} Street, A",
)


def movie_rows(catalogue: SyntheticCatalogue, rng: np.random.Generator) -> pl.DataFrame:
    """`movieId`, `title` with its year in brackets, `genres` joined by "|", as in MovieLens: (movies, 3)."""
    m = len(catalogue)
    year = catalogue.release.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    words = {"adjective": _draw(_ADJECTIVES, m, rng), "noun": _draw(_NOUNS, m, rng), "other": _draw(_NOUNS, m, rng)}
    form = rng.integers(0, len(_FORMS), m)
    names = [
        _FORMS[index].format(adjective=adjective, noun=noun, other=other)
        for index, adjective, noun, other in zip(form.tolist(), *words.values(), strict=True)
    ]
    table = pl.DataFrame({"movieId": catalogue.ids, "name": names, "year": year, "genres": _genres(catalogue)})
    duplicate = pl.int_range(pl.len()).over("name", "year")
    numbered = pl.when(duplicate > 0).then(pl.format("{} {}", "name", duplicate + 1)).otherwise("name")
    return table.select("movieId", pl.format("{} ({})", numbered, "year").alias("title"), "genres")


def _draw(words: str, m: int, rng: np.random.Generator) -> list[str]:
    choices = np.array(words.split())
    return choices[rng.integers(0, len(choices), m)].tolist()


def _genres(catalogue: SyntheticCatalogue) -> list[str]:
    order = sorted(range(len(GENRES)), key=list(GENRES).__getitem__)
    labels = [list(GENRES)[index] for index in order]
    return [
        "|".join(name for name, has in zip(labels, row, strict=True) if has)
        for row in catalogue.genres[:, order].tolist()
    ]
