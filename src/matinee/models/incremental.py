"""Incremental updates: new ratings and movies for a fitted model, without reading all other ratings again.

Beside the sums that closed forms are solved from, an updatable run keeps a count and a hash of each user's ratings.
They show which users have new ratings, and that nothing else has changed. The run holds no ratings.
"""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.arrays import Hashes, Indices
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories, offsets_of
from matinee.data.vocabulary import Vocabulary
from matinee.errors import RunError
from matinee.models.blend.blend import Blend
from matinee.models.linear.closed_form import ClosedForm, DatasetDelta
from matinee.models.recommender import Recommender

STATISTICS_FOLDER, USERS_FILE = "statistics", "users.parquet"

_BLOCK = 1 << 20  # ratings hashed at a time


def user_digests(dataset: Dataset) -> pl.DataFrame:
    """Return columns `user_id`, `rated`, the number of ratings, and `digest`, their hash, with a row per user."""
    lengths = dataset.histories.lengths
    return pl.DataFrame({"user_id": dataset.user_ids.ids, "rated": lengths, "digest": _digests(dataset, lengths)})


def delta_since(movie_ids: Vocabulary, before: pl.DataFrame, dataset: Dataset) -> DatasetDelta:
    """Find the new ratings and movies of `dataset` since a fit on `movie_ids` and the `user_digests` `before`.

    Raises `RunError` if old ratings or movies are missing or have changed.
    """
    rows = dataset.movie_ids.rows(movie_ids.ids)
    if (rows < 0).any():
        raise RunError(
            f"{dataset.name} lacks {np.count_nonzero(rows < 0):,} movies of the run, such as "
            f"{movie_ids.ids[np.argmin(rows)]}. Use the run's own data with new ratings and movies added."
        )
    old_rows = dataset.user_ids.rows(before["user_id"].to_numpy())
    old_counts = np.zeros(dataset.n_users, dtype=np.int64)  # ratings of each user at the last fit
    old_counts[old_rows[old_rows >= 0]] = before["rated"].to_numpy()[old_rows >= 0]
    lengths = dataset.histories.lengths
    digests = _digests(dataset, np.minimum(old_counts, lengths))
    rated_before = before["rated"].to_numpy()
    lost = (rated_before > 0) & (
        (old_rows < 0) | (lengths[old_rows] < rated_before) | (digests[old_rows] != before["digest"].to_numpy())
    )
    if lost.any():
        raise RunError(
            f"{dataset.name}: old ratings of {np.count_nonzero(lost):,} users have changed, such as those of user "
            f"{before['user_id'][int(np.argmax(lost))]}. Keep all old ratings; new ones must be later than the user's "
            f"old ones."
        )
    changed = np.flatnonzero(lengths > old_counts).astype(np.int32)
    new_histories = dataset.histories_of(changed)
    new_histories = Histories(new_histories.offsets, new_histories.movies)
    return DatasetDelta(rows.astype(np.int64), _first(new_histories, old_counts[changed]), new_histories)


def update_model(
    model: Recommender, run: Path, movie_ids: Vocabulary, dataset: Dataset, statistics: Path
) -> DatasetDelta:
    """Update `model`, of the run in the folder `run`, to what a fit on `dataset` with the same head would give.

    A blend keeps its weights and floors. The new sums are written to `statistics`. Raises `RunError` for a run that is
    not updatable, and for data that is not the run's own with something added.
    """
    sums_folder = run / STATISTICS_FOLDER
    if not isinstance(model, ClosedForm | Blend) or not (sums_folder / USERS_FILE).is_file():
        raise RunError(
            f"{run} cannot be updated. Use a run of a closed form, or a blend of them, trained with --updatable."
        )
    delta = delta_since(movie_ids, pl.read_parquet(sums_folder / USERS_FILE), dataset)
    model.keep_sums(statistics)
    model.update(dataset, delta, sums_folder)
    return delta


def _first(histories: Histories, counts: Indices) -> Histories:
    """Return the oldest `counts` (n,) entries of each history."""
    position = np.arange(len(histories.movies)) - np.repeat(histories.offsets[:-1], histories.lengths)
    return Histories(offsets_of(counts), histories.movies[position < np.repeat(counts, histories.lengths)])


def _digests(dataset: Dataset, counts: Indices) -> Hashes:
    """Hash the oldest `counts` ratings of each user, by movie id, rating and timestamp in order: (users,)."""
    histories, ids = dataset.histories, dataset.movie_ids.ids
    names = _mixed(ids.astype(np.uint64)) if ids.dtype.kind == "i" else _hashed_texts(ids)
    digests = np.zeros(len(histories), dtype=np.uint64)
    for start, stop in histories.spans(_BLOCK):
        part = histories.block(start, stop)
        position = np.arange(len(part.movies)) - np.repeat(part.offsets[:-1], part.lengths)
        entry = names[part.movies] + _mixed(position.astype(np.uint64))
        if part.timestamps is not None:
            entry = _mixed(entry) + part.timestamps.astype(np.uint64)
        if part.ratings is not None:
            entry = _mixed(entry) + part.ratings.view(np.uint32).astype(np.uint64)
        entry = np.where(position < np.repeat(counts[start:stop], part.lengths), _mixed(entry), np.uint64(0))
        sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(entry, dtype=np.uint64)])  # modulo 2^64
        digests[start:stop] = sums[part.offsets[1:]] - sums[part.offsets[:-1]]
    return digests


def _mixed(values: Hashes) -> Hashes:
    """Apply SplitMix64's finaliser (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _hashed_texts(ids: npt.NDArray[np.str_]) -> Hashes:
    hashed = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in ids.tolist()]
    return np.frombuffer(b"".join(hashed), dtype="<u8").astype(np.uint64)
