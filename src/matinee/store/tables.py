"""The tables, as the newest migration leaves them (a test holds the two against each other).

A movie is named by the id the catalogue's outside calls it, as text: catalogues come and go, what people said stays.
Whatever belongs to a person has a column that refers to `users` and goes when they go; a column with
`info=SECRET` is left out of what they take with them.
"""

from typing import Any

import sqlalchemy as sa

from matinee.store.validation import UtcTime

ROLES = ("member", "admin")
KINDS = ("rating", "watchlist", "not_interested", "excluded", "seen")
EVENTS = ("shown", "opened", "rated", "searched")
IMPORT_STATES = ("pending", "kept", "discarded", "undone")
PICKS = ("left", "right", "neither")
POSTER_STATES = ("found", "missing", "failed")
SECRET = {"secret": True}
LIVE_IMPORT = sa.text("status IN ('pending', 'kept')")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts up only what it calls an integer
_JSON = sa.JSON(none_as_null=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", _BIG, primary_key=True, autoincrement=True)


def _person(name: str = "user_id", **options: Any) -> sa.Column[Any]:
    reference = sa.ForeignKey("users.id", ondelete=options.pop("ondelete", "CASCADE"))
    return sa.Column(name, _BIG, reference, **options)


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=column)


# sqlite_autoincrement: the number of somebody deleted is never given to somebody else.
users = sa.Table(
    "users",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False, unique=True),  # the name as it is compared
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("theme", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("password_hash", sa.Text, info=SECRET),
    sa.Column("created_at", UtcTime, nullable=False),
    _one_of("role", ROLES),
    sqlite_autoincrement=True,
)

sessions = sa.Table(
    "sessions",
    metadata,
    _id(),
    _person(nullable=False, index=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True, info=SECRET),
    sa.Column("user_agent", sa.Text, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("last_seen_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("revoked_at", UtcTime),
    sqlite_autoincrement=True,
)

invitations = sa.Table(
    "invitations",
    metadata,
    _id(),
    _person("created_by", nullable=False, index=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True, info=SECRET),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    _person("used_by", ondelete="SET NULL", index=True),
    sa.Column("used_at", UtcTime),  # stays when the person goes: an invitation serves once
    sqlite_autoincrement=True,
)

# What a person says of a movie now. A row without `at` says that there was something, and its history is kept.
marks = sa.Table(
    "marks",
    metadata,
    _person(primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("movie_id", sa.Text, primary_key=True),
    sa.Column("stars", sa.Float),
    sa.Column("at", UtcTime),
    sa.Column("source", sa.Text),
    sa.Column("state_id", _BIG),  # the change that made it so; after an undo, the one that made it so first
    sa.Column("latest_id", _BIG, nullable=False),  # the newest change
    _one_of("kind", KINDS),
    sa.CheckConstraint("(stars IS NOT NULL) = (kind = 'rating' AND at IS NOT NULL)", name="stars"),
    sqlite_with_rowid=False,  # one person's marks lie side by side
)

# Every change, for ever. Those without `at` took something away.
mark_changes = sa.Table(
    "mark_changes",
    metadata,
    _id(),
    _person(nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("movie_id", sa.Text, nullable=False),
    sa.Column("stars", sa.Float),
    sa.Column("at", UtcTime),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("before_id", _BIG),  # the change that had made what was there before
    sa.Column("undoes_id", _BIG),  # the change this one takes back
    _one_of("kind", KINDS),
    sa.CheckConstraint("(stars IS NOT NULL) = (kind = 'rating' AND at IS NOT NULL)", name="stars"),
    sa.Index(None, "user_id", "id"),
    sqlite_autoincrement=True,
)

events = sa.Table(
    "events",
    metadata,
    _id(),
    _person(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("movie_id", sa.Text),
    sa.Column("list_id", sa.Text),
    sa.Column("place", sa.Integer),
    sa.Column("model", sa.Text),
    sa.Column("fingerprint", sa.Text),
    sa.Column("detail", _JSON),
    _one_of("kind", EVENTS),
    sa.Index(None, "user_id", "id"),
    sa.Index(None, "list_id"),
    sqlite_autoincrement=True,
)

imports = sa.Table(
    "imports",
    metadata,
    _id(),
    _person(nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("counts", _JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("rows", _JSON),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("decided_at", UtcTime),
    _one_of("status", IMPORT_STATES),
    sa.Index(
        "uq_imports_live",
        "user_id",
        "digest",
        unique=True,
        sqlite_where=LIVE_IMPORT,
        postgresql_where=LIVE_IMPORT,
    ),
    sa.Index(None, "user_id", "id"),
    sqlite_autoincrement=True,
)

duels = sa.Table(
    "duels",
    metadata,
    _id(),
    _person(nullable=False, index=True),
    sa.Column("left_model", sa.Text, nullable=False),
    sa.Column("right_model", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("shown", _JSON, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("picked", sa.Text),
    sa.Column("picked_at", UtcTime),
    _one_of("picked", PICKS),
    sqlite_autoincrement=True,
)

posters = sa.Table(
    "posters",
    metadata,
    sa.Column("movie_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("path", sa.Text),
    sa.Column("facts", _JSON),
    sa.Column("fetched_at", UtcTime, nullable=False),
    sa.Column("next_try_at", UtcTime, index=True),
    _one_of("state", POSTER_STATES),
)

answers = sa.Table(
    "answers",
    metadata,
    _person(primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("answer", _JSON),
    sa.Column("created_at", UtcTime, nullable=False, index=True),
)
