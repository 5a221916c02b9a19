"""Made-up titles: no two movies of one year are called alike, as in MovieLens with few exceptions."""

import numpy as np
import polars as pl

from matinee.data.synthetic.catalogue import GENRES, SyntheticCatalogue

_HOW = """
Silent Crimson Hidden Broken Distant Golden Frozen Midnight Burning Hollow Savage Gentle Secret Final Endless
Wandering Borrowed Forgotten Electric Paper Velvet Northern Restless Stolen Quiet Bitter Lonely Iron Glass Scarlet Lost
Fallen Painted Hungry Faithful Reckless Sunken Foreign Perfect Crooked Invisible Winter Summer Second Double Blind Wild
Honest Tender Falling Clever Ancient Brave Common Divine Empty"""
_WHAT = """
Harbour Orchard Station Empire Garden Letter River Shadow Promise Stranger Mirror Mountain Summer Witness Thief
Hunter Dancer Captain Widow Daughter Brother Island Road Tower Ocean Carnival Kingdom Detective Lullaby Horizon Machine
Bride Piano Circus Prophet Border Island Lantern Avenue Season Soldier Teacher Voyage Alibi Bargain Cathedral Diary
Echo Fortune Ghost Hotel Inheritance Jury Key Lighthouse Market Neighbour Oath Passenger Quarrel Rumour Saint Tide Uncle
Valley Waltz Year Zoo"""
_FORMS = (
    "{how} {what}, The",
    "{how} {what}",
    "{what} of the {how} {other}, The",
    "{what} and the {other}",
    "{how} {what} in {other} Street, A",
)


def movie_rows(catalogue: SyntheticCatalogue, rng: np.random.Generator) -> pl.DataFrame:
    """`movieId`, `title` with its year in brackets, `genres` joined by "|", as MovieLens writes them: (movies, 3)."""
    m = len(catalogue)
    year = catalogue.release.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    words = {"how": _drawn(_HOW, m, rng), "what": _drawn(_WHAT, m, rng), "other": _drawn(_WHAT, m, rng)}
    form = rng.integers(0, len(_FORMS), m)
    names = [
        _FORMS[one].format(how=how, what=what, other=other)
        for one, how, what, other in zip(form.tolist(), *words.values(), strict=True)
    ]
    table = pl.DataFrame({"movieId": catalogue.ids, "name": names, "year": year, "genres": _genres(catalogue)})
    again = pl.int_range(pl.len()).over("name", "year")
    numbered = pl.when(again > 0).then(pl.format("{} {}", "name", again + 1)).otherwise("name")
    return table.select("movieId", pl.format("{} ({})", numbered, "year").alias("title"), "genres")


def _drawn(words: str, m: int, rng: np.random.Generator) -> list[str]:
    known = np.array(words.split())
    return known[rng.integers(0, len(known), m)].tolist()


def _genres(catalogue: SyntheticCatalogue) -> list[str]:
    names = sorted(range(len(GENRES)), key=list(GENRES).__getitem__)
    labels = [list(GENRES)[place] for place in names]
    return [
        "|".join(name for name, has in zip(labels, row, strict=True) if has)
        for row in catalogue.genres[:, names].tolist()
    ]
