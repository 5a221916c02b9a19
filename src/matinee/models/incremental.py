"""New ratings and new movies for a model that is fitted already, without looking at everything again.

Beside the sums that closed forms are solved from, an updatable run keeps for each person a count and a hash of what
they had rated. So it can be told who has rated since, and that nothing else has changed, though the run holds nobody's
ratings.
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

STATISTICS_FOLDER, USERS_FILE = "statistics", "people.parquet"

_BLOCK = 1 << 20  # ratings hashed at a time


def user_digests(dataset: Dataset) -> pl.DataFrame:
    """For each user row: `user_id`, `rated`, how many ratings there are of them, and `digest` of these in order."""
    lengths = dataset.histories.lengths
    return pl.DataFrame({"user_id": dataset.user_ids.ids, "rated": lengths, "digest": _digests(dataset, lengths)})


def delta_since(movie_ids: Vocabulary, before: pl.DataFrame, dataset: Dataset) -> DatasetDelta:
    """What `dataset` has that was not there when `movie_ids` were its movies and `before` was `people` of it.

    Raises `RunError` if anything that was there is missing or has changed.
    """
    rows = dataset.movie_ids.rows(movie_ids.ids)
    if (rows < 0).any():
        raise RunError(
            f"{dataset.name}: lacks {np.count_nonzero(rows < 0):,} movies that the run knows, such as "
            f"{movie_ids.ids[np.argmin(rows)]}; expected its old data and new ratings and movies besides"
        )
    old_rows = dataset.user_ids.rows(before["user_id"].to_numpy())
    known = np.zeros(dataset.n_users, dtype=np.int64)  # ratings that were there then
    known[old_rows[old_rows >= 0]] = before["rated"].to_numpy()[old_rows >= 0]
    lengths = dataset.histories.lengths
    digests = _digests(dataset, np.minimum(known, lengths))
    had = before["rated"].to_numpy()
    lost = (had > 0) & ((old_rows < 0) | (lengths[old_rows] < had) | (digests[old_rows] != before["digest"].to_numpy()))
    if lost.any():
        raise RunError(
            f"{dataset.name}: the ratings of {np.count_nonzero(lost):,} people are not what the run learned from, such "
            f"as those of user {before['user_id'][int(np.argmax(lost))]}; expected all of them as they were, and new "
            f"ones later than each person's old ones"
        )
    changed = np.flatnonzero(lengths > known).astype(np.int32)
    come = dataset.histories_of(changed)
    come = Histories(come.offsets, come.movies)
    return DatasetDelta(rows.astype(np.int64), _first(come, known[changed]), come)


def update(model: Recommender, run: Path, movie_ids: Vocabulary, dataset: Dataset, statistics: Path) -> DatasetDelta:
    """Make `model`, of the run in the folder `run`, what a fit on `dataset` with the same head would have made it.

    A blend keeps its weights and floors. Sums of today are left in `statistics`. Raises `RunError` for a run that is
    not updatable, and for data that is not the run's own with something added.
    """
    kept = run / STATISTICS_FOLDER
    if not isinstance(model, ClosedForm | Blend) or not (kept / USERS_FILE).is_file():
        raise RunError(
            f"{run}: cannot be updated; expected a run of ease, slist or a blend of them, trained --updatable"
        )
    change = delta_since(movie_ids, pl.read_parquet(kept / USERS_FILE), dataset)
    model.keep_sums(statistics)
    model.update(dataset, change, kept)
    return change


def _first(histories: Histories, counts: Indices) -> Histories:
    """The oldest so many entries of each history."""
    place = np.arange(len(histories.movies)) - np.repeat(histories.offsets[:-1], histories.lengths)
    return Histories(offsets_of(counts), histories.movies[place < np.repeat(counts, histories.lengths)])


def _digests(dataset: Dataset, counts: Indices) -> Hashes:
    """A hash of the oldest so many ratings of each user, by movie id, rating and timestamp in their order: (users,)."""
    histories, ids = dataset.histories, dataset.movie_ids.ids
    names = _mixed(ids.astype(np.uint64)) if ids.dtype.kind == "i" else _hashed_texts(ids)
    digests = np.zeros(len(histories), dtype=np.uint64)
    for start, stop in histories.spans(_BLOCK):
        part = histories.block(start, stop)
        place = np.arange(len(part.movies)) - np.repeat(part.offsets[:-1], part.lengths)
        entry = names[part.movies] + _mixed(place.astype(np.uint64))
        if part.timestamps is not None:
            entry = _mixed(entry) + part.timestamps.astype(np.uint64)
        if part.ratings is not None:
            entry = _mixed(entry) + part.ratings.view(np.uint32).astype(np.uint64)
        entry = np.where(place < np.repeat(counts[start:stop], part.lengths), _mixed(entry), np.uint64(0))
        sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(entry, dtype=np.uint64)])  # modulo 2^64
        digests[start:stop] = sums[part.offsets[1:]] - sums[part.offsets[:-1]]
    return digests


def _mixed(values: Hashes) -> Hashes:
    """SplitMix64's finaliser (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _hashed_texts(ids: npt.NDArray[np.str_]) -> Hashes:
    hashed = [hashlib.blake2b(one.encode(), digest_size=8).digest() for one in ids.tolist()]
    return np.frombuffer(b"".join(hashed), dtype="<u8").astype(np.uint64)
