"""A plain folder with posters beside its tables, there whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from matinee.data.dataset import Dataset
from matinee.data.readers.plain_writing import raise_if_there, write_plain
from matinee.progress import track

_LONGEST_NAME = 240  # bytes; most disks take 255


def write_with_posters(dataset: Dataset, posters: Mapping[int, Path], folder: Path) -> int:
    """Write `dataset` and `posters` (movie row -> JPEG) into a new `folder`; how many posters lie in it.

    The posters that the dataset has already are copied as they are. A movie whose id cannot be a file name has no
    place for a poster. Raises `DataError` if `folder` exists.
    """
    raise_if_there(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
        # One level down, because the temporary folder itself can be read by its owner only.
        made = Path(temporary, folder.name)
        write_plain(dataset, made)
        copies = _copies(dataset, posters)
        if copies:
            (made / "posters").mkdir()
        for name, picture in track(list(copies.items()), "Writing posters"):
            shutil.copyfile(picture, made / "posters" / name)
            with (made / "posters" / name).open("rb+") as copied:
                os.fsync(copied.fileno())
        made.rename(folder)
    return len(copies)


def _copies(dataset: Dataset, posters: Mapping[int, Path]) -> dict[str, Path]:
    """File name -> picture."""
    own = [] if dataset.posters is None else sorted(file for file in dataset.posters.iterdir() if file.is_file())
    copies = {file.name: file for file in own}
    for row, picture in posters.items():
        name = f"{dataset.movie_ids.ids[row]}.jpg"
        if _is_file_name(name):
            copies.setdefault(name, picture)
    return copies


def _is_file_name(name: str) -> bool:
    whole = not any(letter in name for letter in '/\\\0:*?"<>|') and not name.startswith(".")
    return whole and len(name.encode(errors="replace")) <= _LONGEST_NAME
