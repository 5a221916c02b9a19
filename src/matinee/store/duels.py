"""Duels: lists of two models side by side, unnamed, and which of the two was picked."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from matinee.errors import ConflictError, InputError, NotFoundError
from matinee.store.database import Database, lock_user
from matinee.store.tables import PICKS, duels
from matinee.store.validation import as_one_of, as_text, now


@dataclass(frozen=True)
class Duel:
    """Two models, which list was where, and the pick: `left`, `right`, `neither`, or None as long as it is open."""

    id: int
    user_id: int
    left_model: str
    right_model: str
    fingerprint: str  # of the data both learned from
    shown: dict[str, list[str]]  # movie ids: {"left": [...], "right": [...]}
    created_at: datetime
    picked: str | None
    picked_at: datetime | None


@dataclass(frozen=True)
class Tally:
    """How two models did against each other; their names are in alphabetical order."""

    first: str
    second: str
    first_wins: int
    second_wins: int
    neither: int


class Duels:
    """Opening duels, deciding them, counting them."""

    def __init__(self, database: Database):
        self._database = database

    def open(
        self, user_id: int, left_model: str, right_model: str, fingerprint: str, shown: dict[str, list[str]]
    ) -> Duel:
        """Begin a duel, with what is shown on which side. Raises `InputError` for a model against itself."""
        for text, what in ((left_model, "left model"), (right_model, "right model"), (fingerprint, "fingerprint")):
            as_text(text, what)
        if left_model == right_model:
            raise InputError(f"a duel of {left_model} with itself; expected two models")
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
        """A duel of a person. Raises `NotFoundError`."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(duels).where(*_of(user_id, duel_id))).mappings().one_or_none()
        if row is None:
            raise _not_there(user_id, duel_id)
        return _duel(row)

    def pick(self, user_id: int, duel_id: int, picked: str) -> Duel:
        """Decide a duel. The same pick again changes nothing; another raises `ConflictError`: now it is not blind."""
        as_one_of(picked, PICKS, "pick")
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            ours = _of(user_id, duel_id)
            row = connection.execute(sa.select(duels).where(*ours)).mappings().one_or_none()
            if row is None:
                raise _not_there(user_id, duel_id)
            if row["picked"] not in (None, picked):
                raise ConflictError(f"duel {duel_id} was decided: {row['picked']}; expected one that is open")
            if row["picked"] is None:
                deciding = sa.update(duels).where(*ours).values(picked=picked, picked_at=now())
                row = connection.execute(deciding.returning(duels)).mappings().one()
        return _duel(row)

    def tallies(self, user_id: int | None = None) -> list[Tally]:
        """The decided duels of a person, or of everybody, counted for each pair of models."""
        query = sa.select(duels.c.left_model, duels.c.right_model, duels.c.picked, sa.func.count())
        query = query.where(duels.c.picked.is_not(None)).group_by(*list(query.selected_columns)[:3])
        if user_id is not None:
            query = query.where(duels.c.user_id == user_id)
        wins: dict[tuple[str, str], dict[str, int]] = {}
        with self._database.reading() as connection:
            for left, right, picked, count in connection.execute(query):
                pair = (left, right) if left < right else (right, left)
                winner = {"left": left, "right": right, "neither": ""}[picked]
                counted = wins.setdefault(pair, {})
                counted[winner] = counted.get(winner, 0) + count
        return [
            Tally(first, second, won.get(first, 0), won.get(second, 0), won.get("", 0))
            for (first, second), won in sorted(wins.items())
        ]


def _of(user_id: int, duel_id: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return duels.c.id == duel_id, duels.c.user_id == user_id


def _not_there(user_id: int, duel_id: int) -> NotFoundError:
    return NotFoundError(f"user {user_id} has no duel with the number {duel_id}")


def _duel(row: sa.RowMapping) -> Duel:
    return Duel(**row)
