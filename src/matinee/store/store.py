"""The store: all data about users, in one database."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from matinee.errors import ConfigError
from matinee.store import migrate
from matinee.store.changes import Changes
from matinee.store.database import Database, database_url
from matinee.store.duels import Duels
from matinee.store.events import Events
from matinee.store.idempotency import Idempotency
from matinee.store.imports import Imports
from matinee.store.invitations import Invitations
from matinee.store.lists import Lists
from matinee.store.login_failures import LoginFailures
from matinee.store.ratings import UserRatings
from matinee.store.sessions import Sessions
from matinee.store.users import Users


def open_store(url: str | Path) -> "Store":
    """Open a database and create or update its tables. `url` is a file or `postgresql://<user>@<host>/<database>`.

    Any number of threads and processes may use it at once. Raises `ConfigError` for an unsupported URL, and
    `DataError` if the database cannot be opened or belongs to another version or program.
    """
    database = database_url(url)
    migrate.migrate(database)
    return Store(Database(database))


class Store:
    """The tables by concern. Times are in UTC. Movies are named by their outside ids, as text."""

    def __init__(self, database: Database):
        self._database = database
        self.users = Users(database)
        self.sessions = Sessions(database)
        self.invitations = Invitations(database)
        self.login_failures = LoginFailures(database)
        self.ratings = UserRatings(database)
        self.lists = Lists(database)
        self.changes = Changes(database)
        self.events = Events(database)
        self.imports = Imports(database)
        self.duels = Duels(database)
        self.idempotency = Idempotency(database)

    @property
    def label(self) -> str:
        """The file, or the URL without its password."""
        return self._database.label

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Run the calls of this thread in one transaction. An error rolls all of them back.

        Let errors pass through, since only then are the calls rolled back. Do not await inside, since other work of
        this thread would become part of the transaction.
        """
        with self._database.writing():
            yield

    def check(self) -> None:
        """Run a query. Raises `MatineeError` if the database does not respond."""
        self.users.count()

    def backup(self, to: Path) -> None:
        """Copy an SQLite database to a file, even while it is in use. Raises `ConfigError` for PostgreSQL."""
        if not self._database.is_sqlite:
            raise ConfigError(f"{self.label}: only SQLite databases can be copied. Use pg_dump for PostgreSQL.")
        migrate.backup(self._database.url, to)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
