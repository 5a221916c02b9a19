"""Facts of movies as sparse rows whose products measure what two movies have in common.

The facts of a movie are its genres, decade, directors, writers, cast, country, and the words of its overview. As in
TF-IDF (Sparck Jones, "A statistical interpretation of term specificity and its application in retrieval", 1972) a fact
has weight log(movies / movies with it): two movies of one rare director have more in common than two dramas. The facts
of one kind have norm one, so the product of two rows is the sum of the cosines of each kind, and a missing kind adds
nothing. All kinds have equal weight; benchmarks/content_similarity.py measures the value of each.

Unlike those of `content_features`, rows are sparse: nothing is trained, and a hundred thousand movies fit into memory.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import sparse

from matinee.arrays import Embeddings

_WORD = r"[\p{L}\p{N}]+"

KINDS = ("genres", "decade", "director", "writer", "cast", "country", "overview")


def fact_vectors(movies: pl.DataFrame, kinds: Sequence[str] = KINDS) -> sparse.csr_array:
    """Build the facts of a catalogue: (movies, facts) float32. Kinds without a column in `movies` are left out."""
    table = movies.with_columns(decade=pl.concat_list(pl.col("year") // 10))
    if "overview" in movies.columns:
        table = table.with_columns(pl.col("overview").str.to_lowercase().str.extract_all(_WORD))
    blocks = [_names(table[kind]) for kind in kinds if kind in table.columns]
    return sparse.csr_array(sparse.hstack([sparse.csr_array((len(movies), 0)), *blocks], "csr", dtype=np.float32))


def _names(names: pl.Series) -> sparse.csr_array:
    """Return lists of names (n,) as log(n / lists with the name) per name, rows scaled to norm 1 or 0: (n, names)."""
    pairs = pl.DataFrame({"row": np.arange(len(names)), "name": names}).explode("name").drop_nulls("name").unique()
    pairs = pairs.with_columns(column=pl.col("name").rank("dense") - 1, having=pl.len().over("name"))
    row, column = pairs["row"].to_numpy(), pairs["column"].to_numpy()
    values = np.log(len(names) / pairs["having"].to_numpy())
    lengths = np.sqrt(np.bincount(row, values**2, minlength=len(names)))
    values /= np.maximum(lengths[row], 1e-12)
    return sparse.csr_array((values, (row, column)), shape=(len(names), pairs["name"].n_unique()))


def genre_vectors(movies: pl.DataFrame) -> tuple[Embeddings, list[str]]:
    """Return multi-hot genres of a catalogue, and the genre of each column: (movies, genres) float32, names sorted."""
    pairs = movies.select(pl.col("genres")).with_row_index("row").explode("genres").drop_nulls("genres")
    names = sorted(pairs["genres"].unique().to_list())
    vectors = np.zeros((len(movies), len(names)), dtype=np.float32)
    column = {name: number for number, name in enumerate(names)}
    vectors[pairs["row"].to_numpy(), [column[name] for name in pairs["genres"].to_list()]] = 1
    return vectors, names
