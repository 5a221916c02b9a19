"""Array types shared by signatures across the package, each defined once.

A type names the content of an array. Its shape is given beside each use, in a comment or docstring.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

MovieRows = npt.NDArray[np.int32]  # rows of the catalogue, one per movie
Entries = npt.NDArray[np.int64]  # positions of entries within a history
Indices = npt.NDArray[np.int64]  # any other positions or counts
AnyRows = npt.NDArray[np.integer]  # rows or positions of any width
Ranks = npt.NDArray[np.int32]  # 1 is the best, 0 is not ranked
Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]  # (users, movies), higher is better
Embeddings = npt.NDArray[np.float32]  # (n, d), one vector per row
Floats32 = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating]
Hashes = npt.NDArray[np.uint64]
Pixels = npt.NDArray[np.uint8]  # (height, width, 3)
Ids = npt.NDArray[Any]  # ids from outside, integers or text
