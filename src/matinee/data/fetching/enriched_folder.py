"""Writing a plain folder with posters beside its tables, all or nothing."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from matinee.data.dataset import Dataset
from matinee.data.readers.dataset_writer import raise_if_exists, write_dataset
from matinee.progress import track

_MAX_NAME_BYTES = 240  # most file systems allow 255


def write_with_posters(dataset: Dataset, posters: Mapping[int, Path], folder: Path) -> int:
    """Write `dataset` and `posters` (movie row -> JPEG) into a new `folder` and return the number of posters in it.

    The dataset's own posters are copied unchanged. A movie whose id cannot be a file name gets no poster. Raises
    `DataError` if `folder` exists.
    """
    raise_if_exists(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
        # One level down, because only its owner can read the temporary folder itself.
        target = Path(temporary, folder.name)
        write_dataset(dataset, target)
        copies = _copies(dataset, posters)
        if copies:
            (target / "posters").mkdir()
        for name, poster in track(list(copies.items()), "Writing posters"):
            shutil.copyfile(poster, target / "posters" / name)
            with (target / "posters" / name).open("rb+") as copy:
                os.fsync(copy.fileno())
        target.rename(folder)
    return len(copies)


def _copies(dataset: Dataset, posters: Mapping[int, Path]) -> dict[str, Path]:
    """File name -> file to copy."""
    own = [] if dataset.posters is None else sorted(file for file in dataset.posters.iterdir() if file.is_file())
    copies = {file.name: file for file in own}
    for row, poster in posters.items():
        name = f"{dataset.movie_ids.ids[row]}.jpg"
        if _is_file_name(name):
            copies.setdefault(name, poster)
    return copies


def _is_file_name(name: str) -> bool:
    valid = not any(letter in name for letter in '/\\\0:*?"<>|') and not name.startswith(".")
    return valid and len(name.encode(errors="replace")) <= _MAX_NAME_BYTES
