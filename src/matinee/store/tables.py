"""The tables, as the newest migration leaves them. A test compares the two.

A movie is named by its outside id, as text, because catalogues change and ratings stay. Every row that belongs to a
user has a column that refers to `users`, and is deleted with the user. A column with `info=SECRET` is left out of a
user's export.
"""

from typing import Any

import sqlalchemy as sa

from matinee.store.validation import UtcTime

ROLES = ("member", "admin")
KINDS = ("rating", "watchlist", "not_interested", "excluded", "seen")
EVENTS = ("shown", "clicked", "rated", "unrated")
IMPORT_STATES = ("pending", "kept", "discarded", "undone")
PICKS = ("left", "right", "neither")
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
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite increments only columns of type INTEGER
_JSON = sa.JSON(none_as_null=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", _BIG, primary_key=True, autoincrement=True)


def _user(name: str = "user_id", **options: Any) -> sa.Column[Any]:
    reference = sa.ForeignKey("users.id", ondelete=options.pop("ondelete", "CASCADE"))
    return sa.Column(name, _BIG, reference, **options)


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=column)


def _rating_kind() -> sa.CheckConstraint:
    return sa.CheckConstraint("(rating IS NOT NULL) = (kind = 'rating' AND at IS NOT NULL)", name="rating")


# sqlite_autoincrement: the number of a deleted user is never given to a new one.
users = sa.Table(
    "users",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False, unique=True),  # the name in the form that is compared
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
    _user(nullable=False, index=True),
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
    _user("created_by", nullable=False, index=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True, info=SECRET),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    _user("used_by", ondelete="SET NULL", index=True),
    sa.Column("used_at", UtcTime),  # stays when the user is deleted: an invitation can be used once
    sqlite_autoincrement=True,
)

# Failed sign-ins, so that all processes count them together. The key is hashed: it holds a name or an address.
login_failures = sa.Table(
    "login_failures",
    metadata,
    _id(),
    sa.Column("key_hash", sa.Text, nullable=False),
    sa.Column("failed_at", UtcTime, nullable=False, index=True),
    sa.Index(None, "key_hash", "failed_at"),
    sqlite_autoincrement=True,
)

# The current feedback of users on movies. A row without `at` was removed, and its history is kept.
marks = sa.Table(
    "marks",
    metadata,
    _user(primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("movie_id", sa.Text, primary_key=True),
    sa.Column("rating", sa.Float),
    sa.Column("at", UtcTime),
    sa.Column("source", sa.Text),
    sa.Column("state_id", _BIG),  # the change that made this state; after an undo, the one that made it first
    sa.Column("latest_id", _BIG, nullable=False),  # the newest change
    _one_of("kind", KINDS),
    _rating_kind(),
    sqlite_with_rowid=False,  # the marks of one user are stored side by side
)

# The whole history. A change without `at` removed a mark.
mark_changes = sa.Table(
    "mark_changes",
    metadata,
    _id(),
    _user(nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("movie_id", sa.Text, nullable=False),
    sa.Column("rating", sa.Float),
    sa.Column("at", UtcTime),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("before_id", _BIG),  # the change that made the state before this one
    sa.Column("undoes_id", _BIG),  # the change that this one undoes
    _one_of("kind", KINDS),
    _rating_kind(),
    sa.Index(None, "user_id", "id"),
    sqlite_autoincrement=True,
)

events = sa.Table(
    "events",
    metadata,
    _id(),
    _user(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("movie_id", sa.Text),
    sa.Column("list_id", sa.Text),
    sa.Column("rank", sa.Integer),
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
    _user(nullable=False),
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
    _user(nullable=False, index=True),
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

stored_responses = sa.Table(
    "stored_responses",
    metadata,
    _user(primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("response", _JSON),
    sa.Column("created_at", UtcTime, nullable=False, index=True),
)
