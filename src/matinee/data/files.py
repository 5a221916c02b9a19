"""Atomic file writes: a reader sees either the old content or the new, never a part.

Each file is written under a temporary name in the same folder, synced to disk, and renamed over the target. A crash, a
full disk or Ctrl-C at any moment leaves the old file unchanged.
"""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from safetensors.numpy import save_file


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, sync it, and rename it to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        # mkstemp creates files that only the owner can read
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` unchanged."""

    def write(temporary: Path) -> None:
        temporary.write_bytes(content)

    write_atomically(path, write)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8."""
    write_bytes(path, text.encode())


def write_json(path: Path, content: Any) -> None:
    """Write indented JSON; refuses NaN, which JSON cannot hold."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_parquet(path: Path, frame: pl.DataFrame) -> None:
    """Write a table as Parquet."""
    write_atomically(path, lambda temporary: frame.write_parquet(temporary))


def write_safetensors(path: Path, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    """Write named arrays as safetensors, which hold data only and no code."""
    contiguous = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    write_atomically(path, lambda temporary: save_file(contiguous, temporary))
