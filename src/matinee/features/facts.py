"""What is known of movies as one sparse row each, so that the product of two rows says how much both have in common.

A movie is a text whose words are its facts: genres, decade, directors, writers, cast, country, and the words of its
overview. As in TF-IDF (Sparck Jones, "A statistical interpretation of term specificity and its application in
retrieval", 1972) a fact counts log(movies / movies that have it): two films of one rare director have more in common
than two dramas. Facts of one kind have length one together, so the product of two rows is the sum of the cosines of
each kind, and a kind of which nothing is known adds nothing. All kinds weigh the same: see
benchmarks/content_likeness.py for what each is worth.

Rows are sparse, as those of `content_of` are not: nothing has to be learned before the first answer, and a catalogue
of a hundred thousand movies fits.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import sparse

_WORD = r"[\p{L}\p{N}]+"

KINDS = ("genres", "decade", "director", "writer", "cast", "country", "overview")


def fact_vectors(movies: pl.DataFrame, kinds: Sequence[str] = KINDS) -> sparse.csr_array:
    """The facts of a catalogue: (movies, facts) float32. Kinds that `movies` does not know are left out."""
    known = movies.with_columns(decade=pl.concat_list(pl.col("year") // 10))
    if "overview" in movies.columns:
        known = known.with_columns(pl.col("overview").str.to_lowercase().str.extract_all(_WORD))
    blocks = [_names(known[kind]) for kind in kinds if kind in known.columns]
    return sparse.csr_array(sparse.hstack([sparse.csr_array((len(movies), 0)), *blocks], "csr", dtype=np.float32))


def _names(names: pl.Series) -> sparse.csr_array:
    """Lists of names (n,) as log(n / how many have it) in the column of each, rows at length 1 or 0: (n, names)."""
    pairs = pl.DataFrame({"row": np.arange(len(names)), "name": names}).explode("name").drop_nulls("name").unique()
    pairs = pairs.with_columns(column=pl.col("name").rank("dense") - 1, having=pl.len().over("name"))
    row, column = pairs["row"].to_numpy(), pairs["column"].to_numpy()
    values = np.log(len(names) / pairs["having"].to_numpy())
    lengths = np.sqrt(np.bincount(row, values**2, minlength=len(names)))
    values /= np.maximum(lengths[row], 1e-12)
    return sparse.csr_array((values, (row, column)), shape=(len(names), pairs["name"].n_unique()))
