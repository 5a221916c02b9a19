"""Duels: the lists of two models side by side, without names, and the user's pick."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from matinee.errors import ConflictError, InputError, NotFoundError
from matinee.store.database import Database, lock_user
from matinee.store.tables import PICKS, duels
from matinee.store.validation import as_one_of, as_text, now


@dataclass(frozen=True)
class Duel:
    """Two models, their lists, and the pick: `left`, `right` or `neither`, or None while the duel is open."""

    id: int
    user_id: int
    left_model: str
    right_model: str
    fingerprint: str  # of the training data of both
    shown: dict[str, list[str]]  # movie ids: {"left": [...], "right": [...]}
    created_at: datetime
    picked: str | None
    picked_at: datetime | None


@dataclass(frozen=True)
class Tally:
    """The results of two models against each other. `first` comes before `second` alphabetically."""

    first: str
    second: str
    first_wins: int
    second_wins: int
    neither: int


class Duels:
    """Create duels, decide them, and count the results."""

    def __init__(self, database: Database):
        self._database = database

    def create(
        self, user_id: int, left_model: str, right_model: str, fingerprint: str, shown: dict[str, list[str]]
    ) -> Duel:
        """Create a duel with the list of each side. Raises `InputError` for a model against itself."""
        for text, what in ((left_model, "left model"), (right_model, "right model"), (fingerprint, "fingerprint")):
            as_text(text, what)
        if left_model == right_model:
            raise InputError(f"A duel needs two models, and both are {left_model}.")
        values = {
            "user_id": user_id,
            "left_model": left_model,
            "right_model": right_model,
            "fingerprint": fingerprint,
            "shown": shown,
            "created_at": now(),
        }
        with self._database.writing(durable=False) as connection:
            lock_user(connection, user_id)
            return _duel(connection.execute(sa.insert(duels).values(values).returning(duels)).mappings().one())

    def get(self, user_id: int, duel_id: int) -> Duel:
        """Return a duel of a user. Raises `NotFoundError`."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(duels).where(*_is(user_id, duel_id))).mappings().one_or_none()
        if row is None:
            raise _not_found(user_id, duel_id)
        return _duel(row)

    def pick(self, user_id: int, duel_id: int, picked: str) -> Duel:
        """Decide a duel. The same pick again has no effect; another pick raises `ConflictError`."""
        as_one_of(picked, PICKS, "pick")
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            is_duel = _is(user_id, duel_id)
            row = connection.execute(sa.select(duels).where(*is_duel)).mappings().one_or_none()
            if row is None:
                raise _not_found(user_id, duel_id)
            if row["picked"] not in (None, picked):
                raise ConflictError(f"Duel {duel_id} was decided: {row['picked']}. Start a new duel.")
            if row["picked"] is None:
                update = sa.update(duels).where(*is_duel).values(picked=picked, picked_at=now())
                row = connection.execute(update.returning(duels)).mappings().one()
        return _duel(row)

    def tallies(self, user_id: int | None = None) -> list[Tally]:
        """Count the decided duels of a user, or of all users, for each pair of models."""
        query = sa.select(duels.c.left_model, duels.c.right_model, duels.c.picked, sa.func.count())
        query = query.where(duels.c.picked.is_not(None)).group_by(*list(query.selected_columns)[:3])
        if user_id is not None:
            query = query.where(duels.c.user_id == user_id)
        wins: dict[tuple[str, str], dict[str, int]] = {}
        with self._database.reading() as connection:
            for left, right, picked, count in connection.execute(query):
                pair = (left, right) if left < right else (right, left)
                winner = {"left": left, "right": right, "neither": ""}[picked]
                pair_wins = wins.setdefault(pair, {})
                pair_wins[winner] = pair_wins.get(winner, 0) + count
        return [
            Tally(first, second, pair_wins.get(first, 0), pair_wins.get(second, 0), pair_wins.get("", 0))
            for (first, second), pair_wins in sorted(wins.items())
        ]


def _is(user_id: int, duel_id: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return duels.c.id == duel_id, duels.c.user_id == user_id


def _not_found(user_id: int, duel_id: int) -> NotFoundError:
    return NotFoundError(f"User {user_id} has no duel {duel_id}.")


def _duel(row: sa.RowMapping) -> Duel:
    return Duel(**row)
