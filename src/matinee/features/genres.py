"""Genres as numbers."""

import numpy as np
import numpy.typing as npt
import polars as pl


def genre_vectors(movies: pl.DataFrame) -> tuple[npt.NDArray[np.float32], list[str]]:
    """Return multi-hot genres of a catalogue, and the genre of each column: (movies, genres) float32, names sorted."""
    pairs = movies.select(pl.col("genres")).with_row_index("row").explode("genres").drop_nulls("genres")
    names = sorted(pairs["genres"].unique().to_list())
    vectors = np.zeros((len(movies), len(names)), dtype=np.float32)
    column = {name: number for number, name in enumerate(names)}
    vectors[pairs["row"].to_numpy(), [column[name] for name in pairs["genres"].to_list()]] = 1
    return vectors, names
