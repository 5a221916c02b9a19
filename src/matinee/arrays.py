"""The array types that signatures across the package share, each defined once.

Shapes stand beside each use, in comments and docstrings: a type says what an array holds, not how many.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

MovieRows = npt.NDArray[np.int32]  # rows of the catalogue, one per movie
Entries = npt.NDArray[np.int64]  # positions of entries within a history
Indices = npt.NDArray[np.int64]  # any other positions or counts
AnyRows = npt.NDArray[np.integer]  # rows or positions of either width
Ranks = npt.NDArray[np.int32]  # from 1 for the best; 0 for what is not ranked
Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]  # (users, movies), higher is better
Embeddings = npt.NDArray[np.float32]  # (n, d), one vector per row
Floats32 = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating]
Hashes = npt.NDArray[np.uint64]
Pixels = npt.NDArray[np.uint8]  # (height, width, 3)
Ids = npt.NDArray[Any]  # outside ids, as integers or text
