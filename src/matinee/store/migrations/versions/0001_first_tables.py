"""The first tables: users, their marks and events, imports, duels, and stored responses."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON()
TIME = sa.DateTime(timezone=True)
RATING = "(rating IS NOT NULL) = (kind = 'rating' AND at IS NOT NULL)"
KINDS = "kind IN ('rating', 'watchlist', 'not_interested', 'excluded', 'seen')"
LIVE = sa.text("status IN ('pending', 'kept')")


def upgrade() -> None:
    """Create all tables."""
    _users()
    _login_failures()
    _marks()
    _events()
    _imports()
    _duels()
    _stored_responses()


def _id(table: str) -> tuple[sa.Column[Any], sa.Constraint]:
    # Together with `sqlite_autoincrement`, no number is used twice, even after its row is deleted.
    return sa.Column("id", BIG, nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _required(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _user(table: str, column: str = "user_id", *, ondelete: str = "CASCADE") -> sa.Constraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], ondelete=ondelete, name=f"fk_{table}_{column}")


def _users() -> None:
    op.create_table(
        "users",
        *_id("users"),
        _required("name", sa.Text()),
        _required("name_key", sa.Text()),
        _required("language", sa.Text()),
        _required("theme", sa.Text()),
        _required("role", sa.Text()),
        _required("disabled", sa.Boolean()),
        sa.Column("password_hash", sa.Text()),
        _required("created_at", TIME),
        sa.UniqueConstraint("name_key", name="uq_users_name_key"),
        sa.CheckConstraint("role IN ('member', 'admin')", name=op.f("ck_users_role")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        *_id("sessions"),
        _required("user_id", BIG),
        _required("token_hash", sa.Text()),
        _required("user_agent", sa.Text()),
        _required("created_at", TIME),
        _required("last_seen_at", TIME),
        _required("expires_at", TIME),
        sa.Column("revoked_at", TIME),
        _user("sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "invitations",
        *_id("invitations"),
        _required("created_by", BIG),
        _required("token_hash", sa.Text()),
        _required("created_at", TIME),
        _required("expires_at", TIME),
        sa.Column("used_by", BIG),
        sa.Column("used_at", TIME),
        _user("invitations", "created_by"),
        _user("invitations", "used_by", ondelete="SET NULL"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitations_created_by", "invitations", ["created_by"])
    op.create_index("ix_invitations_used_by", "invitations", ["used_by"])


def _login_failures() -> None:
    op.create_table(
        "login_failures",
        *_id("login_failures"),
        _required("key_hash", sa.Text()),
        _required("failed_at", TIME),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_login_failures_failed_at", "login_failures", ["failed_at"])
    op.create_index("ix_login_failures_key_hash_failed_at", "login_failures", ["key_hash", "failed_at"])


def _marks() -> None:
    op.create_table(
        "marks",
        _required("user_id", BIG),
        _required("kind", sa.Text()),
        _required("movie_id", sa.Text()),
        sa.Column("rating", sa.Float()),
        sa.Column("at", TIME),
        sa.Column("source", sa.Text()),
        sa.Column("state_id", BIG),
        _required("latest_id", BIG),
        _user("marks"),
        sa.PrimaryKeyConstraint("user_id", "kind", "movie_id", name="pk_marks"),
        sa.CheckConstraint(KINDS, name=op.f("ck_marks_kind")),
        sa.CheckConstraint(RATING, name=op.f("ck_marks_rating")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mark_changes",
        *_id("mark_changes"),
        _required("user_id", BIG),
        _required("kind", sa.Text()),
        _required("movie_id", sa.Text()),
        sa.Column("rating", sa.Float()),
        sa.Column("at", TIME),
        _required("source", sa.Text()),
        _required("changed_at", TIME),
        sa.Column("before_id", BIG),
        sa.Column("undoes_id", BIG),
        _user("mark_changes"),
        sa.CheckConstraint(KINDS, name=op.f("ck_mark_changes_kind")),
        sa.CheckConstraint(RATING, name=op.f("ck_mark_changes_rating")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mark_changes_user_id_id", "mark_changes", ["user_id", "id"])


def _events() -> None:
    op.create_table(
        "events",
        *_id("events"),
        sa.Column("user_id", BIG),
        _required("kind", sa.Text()),
        _required("at", TIME),
        sa.Column("movie_id", sa.Text()),
        sa.Column("list_id", sa.Text()),
        sa.Column("rank", sa.Integer()),
        sa.Column("model", sa.Text()),
        sa.Column("fingerprint", sa.Text()),
        sa.Column("detail", JSON),
        _user("events"),
        sa.CheckConstraint("kind IN ('shown', 'clicked', 'rated', 'unrated')", name=op.f("ck_events_kind")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_user_id_id", "events", ["user_id", "id"])
    op.create_index("ix_events_list_id", "events", ["list_id"])
    op.create_index("ix_events_at", "events", ["at"])


def _imports() -> None:
    op.create_table(
        "imports",
        *_id("imports"),
        _required("user_id", BIG),
        _required("digest", sa.Text()),
        _required("source", sa.Text()),
        _required("counts", JSON),
        _required("status", sa.Text()),
        sa.Column("rows", JSON),
        _required("created_at", TIME),
        sa.Column("decided_at", TIME),
        _user("imports"),
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
        _required("user_id", BIG),
        _required("left_model", sa.Text()),
        _required("right_model", sa.Text()),
        _required("fingerprint", sa.Text()),
        _required("shown", JSON),
        _required("created_at", TIME),
        sa.Column("picked", sa.Text()),
        sa.Column("picked_at", TIME),
        _user("duels"),
        sa.CheckConstraint("picked IN ('left', 'right', 'neither')", name=op.f("ck_duels_picked")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_duels_user_id", "duels", ["user_id"])


def _stored_responses() -> None:
    op.create_table(
        "stored_responses",
        _required("user_id", BIG),
        _required("key", sa.Text()),
        _required("request", sa.Text()),
        sa.Column("response", JSON),
        _required("created_at", TIME),
        _user("stored_responses"),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_stored_responses"),
    )
    op.create_index("ix_stored_responses_created_at", "stored_responses", ["created_at"])
