"""The first tables: people, what they say of movies, what they were shown, imports, duels, posters."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON()
TIME = sa.DateTime(timezone=True)
STARS = "(stars IS NOT NULL) = (kind = 'rating' AND at IS NOT NULL)"
KINDS = "kind IN ('rating', 'watchlist', 'not_interested', 'excluded', 'seen')"
LIVE = sa.text("status IN ('pending', 'kept')")


def upgrade() -> None:
    """Create them all."""
    _people()
    _marks()
    _events()
    _imports()
    _duels()
    _posters()
    _answers()


def _id(table: str) -> tuple[sa.Column[Any], sa.Constraint]:
    # Together with `sqlite_autoincrement`, a number is never given twice, even when its first bearer is deleted.
    return sa.Column("id", BIG, nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _person(table: str, column: str = "user_id", *, ondelete: str = "CASCADE") -> sa.Constraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], ondelete=ondelete, name=f"fk_{table}_{column}")


def _people() -> None:
    op.create_table(
        "users",
        *_id("users"),
        _needed("name", sa.Text()),
        _needed("name_key", sa.Text()),
        _needed("language", sa.Text()),
        _needed("theme", sa.Text()),
        _needed("role", sa.Text()),
        _needed("disabled", sa.Boolean()),
        sa.Column("password_hash", sa.Text()),
        _needed("created_at", TIME),
        sa.UniqueConstraint("name_key", name="uq_users_name_key"),
        sa.CheckConstraint("role IN ('member', 'admin')", name=op.f("ck_users_role")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        *_id("sessions"),
        _needed("user_id", BIG),
        _needed("token_hash", sa.Text()),
        _needed("user_agent", sa.Text()),
        _needed("created_at", TIME),
        _needed("last_seen_at", TIME),
        _needed("expires_at", TIME),
        sa.Column("revoked_at", TIME),
        _person("sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "invitations",
        *_id("invitations"),
        _needed("created_by", BIG),
        _needed("token_hash", sa.Text()),
        _needed("created_at", TIME),
        _needed("expires_at", TIME),
        sa.Column("used_by", BIG),
        sa.Column("used_at", TIME),
        _person("invitations", "created_by"),
        _person("invitations", "used_by", ondelete="SET NULL"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitations_created_by", "invitations", ["created_by"])
    op.create_index("ix_invitations_used_by", "invitations", ["used_by"])


def _marks() -> None:
    op.create_table(
        "marks",
        _needed("user_id", BIG),
        _needed("kind", sa.Text()),
        _needed("movie_id", sa.Text()),
        sa.Column("stars", sa.Float()),
        sa.Column("at", TIME),
        sa.Column("source", sa.Text()),
        sa.Column("state_id", BIG),
        _needed("latest_id", BIG),
        _person("marks"),
        sa.PrimaryKeyConstraint("user_id", "kind", "movie_id", name="pk_marks"),
        sa.CheckConstraint(KINDS, name=op.f("ck_marks_kind")),
        sa.CheckConstraint(STARS, name=op.f("ck_marks_stars")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mark_changes",
        *_id("mark_changes"),
        _needed("user_id", BIG),
        _needed("kind", sa.Text()),
        _needed("movie_id", sa.Text()),
        sa.Column("stars", sa.Float()),
        sa.Column("at", TIME),
        _needed("source", sa.Text()),
        _needed("changed_at", TIME),
        sa.Column("before_id", BIG),
        sa.Column("undoes_id", BIG),
        _person("mark_changes"),
        sa.CheckConstraint(KINDS, name=op.f("ck_mark_changes_kind")),
        sa.CheckConstraint(STARS, name=op.f("ck_mark_changes_stars")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mark_changes_user_id_id", "mark_changes", ["user_id", "id"])


def _events() -> None:
    op.create_table(
        "events",
        *_id("events"),
        sa.Column("user_id", BIG),
        _needed("kind", sa.Text()),
        _needed("at", TIME),
        sa.Column("movie_id", sa.Text()),
        sa.Column("list_id", sa.Text()),
        sa.Column("place", sa.Integer()),
        sa.Column("model", sa.Text()),
        sa.Column("fingerprint", sa.Text()),
        sa.Column("detail", JSON),
        _person("events"),
        sa.CheckConstraint("kind IN ('shown', 'opened', 'rated', 'searched')", name=op.f("ck_events_kind")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_user_id_id", "events", ["user_id", "id"])
    op.create_index("ix_events_list_id", "events", ["list_id"])
    op.create_index("ix_events_at", "events", ["at"])


def _imports() -> None:
    op.create_table(
        "imports",
        *_id("imports"),
        _needed("user_id", BIG),
        _needed("digest", sa.Text()),
        _needed("source", sa.Text()),
        _needed("counts", JSON),
        _needed("status", sa.Text()),
        sa.Column("rows", JSON),
        _needed("created_at", TIME),
        sa.Column("decided_at", TIME),
        _person("imports"),
        sa.CheckConstraint("status IN ('pending', 'kept', 'discarded', 'undone')", name=op.f("ck_imports_status")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_imports_user_id_id", "imports", ["user_id", "id"])
    op.create_index(
        "uq_imports_live", "imports", ["user_id", "digest"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )


def _duels() -> None:
    op.create_table(
        "duels",
        *_id("duels"),
        _needed("user_id", BIG),
        _needed("left_model", sa.Text()),
        _needed("right_model", sa.Text()),
        _needed("fingerprint", sa.Text()),
        _needed("shown", JSON),
        _needed("created_at", TIME),
        sa.Column("picked", sa.Text()),
        sa.Column("picked_at", TIME),
        _person("duels"),
        sa.CheckConstraint("picked IN ('left', 'right', 'neither')", name=op.f("ck_duels_picked")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_duels_user_id", "duels", ["user_id"])


def _posters() -> None:
    op.create_table(
        "posters",
        _needed("movie_id", sa.Text()),
        _needed("state", sa.Text()),
        _needed("source", sa.Text()),
        sa.Column("path", sa.Text()),
        sa.Column("facts", JSON),
        _needed("fetched_at", TIME),
        sa.Column("next_try_at", TIME),
        sa.PrimaryKeyConstraint("movie_id", name="pk_posters"),
        sa.CheckConstraint("state IN ('found', 'missing', 'failed')", name=op.f("ck_posters_state")),
    )
    op.create_index("ix_posters_next_try_at", "posters", ["next_try_at"])


def _answers() -> None:
    op.create_table(
        "answers",
        _needed("user_id", BIG),
        _needed("key", sa.Text()),
        _needed("request", sa.Text()),
        sa.Column("answer", JSON),
        _needed("created_at", TIME),
        _person("answers"),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_answers"),
    )
    op.create_index("ix_answers_created_at", "answers", ["created_at"])
