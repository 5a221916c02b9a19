"""Sums over users on disk, from which a closed form is solved, kept so that it can be updated.

A matrix is written in pieces of rows, so that no second copy is in memory; of a symmetric one, only the lower triangle.
"""

import shutil
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from matinee.data.files import write_safetensors
from matinee.errors import RunError
from matinee.models.recommender import State

_PIECE_BYTES = 64 << 20


def write_sums(folder: Path, sums: State) -> None:
    """Write named matrices to `folder`, replacing older ones. Square ones must be symmetric."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, matrix in sums.items():
        n, m = matrix.shape
        rows = max(1, _PIECE_BYTES // (4 * m))
        for start in range(0, n, rows):
            stop = min(start + rows, n)
            piece = matrix[start:stop, : stop if n == m else m]
            write_safetensors(folder / f"{name}-{start:08}.safetensors", {"rows": piece, "shape": np.array([n, m])})


def read_sums(folder: Path) -> State:
    """Read the matrices of `write_sums`, symmetric ones complete. Raises `RunError` for missing or damaged files."""
    sums: State = {}
    filled: dict[str, int] = {}
    try:
        for path in sorted(folder.glob("*.safetensors")):
            name, _, start = path.stem.rpartition("-")
            piece = load_file(path)
            rows, (n, m), first = piece["rows"], piece["shape"].tolist(), int(start)
            matrix = sums.setdefault(name, np.zeros((n, m), dtype=rows.dtype))
            matrix[first : first + len(rows), : rows.shape[1]] = rows
            if n == m:
                matrix[:first, first : first + len(rows)] = rows[:, :first].T
            filled[name] = filled.get(name, 0) + len(rows)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise RunError(f"{folder}: the sums are damaged ({error}). Train the run again.") from error
    if not sums or any(filled[name] != len(matrix) for name, matrix in sums.items()):
        raise RunError(f"{folder}: the sums are missing. Train the run again, with --updatable.")
    return sums
