"""Opening the store: everything Matinee keeps of people, in one place."""

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
from matinee.store.posters import Posters
from matinee.store.ratings import UserRatings
from matinee.store.sessions import Sessions
from matinee.store.users import Users


def open_store(url: str | Path) -> "Store":
    """Open a database, and create or update its tables: a file, or `postgresql://<user>@<host>/<database>`.

    May be used by many threads and many processes at once. Raises `ConfigError` for a URL of something else, and
    `DataError` if the database cannot be opened, is of a newer Matinee, or belongs to another program.
    """
    database = database_url(url)
    migrate.migrate(database)
    return Store(Database(database))


class Store:
    """What is kept, by concern. Times are in UTC; movies are named by their outside ids, as text."""

    def __init__(self, database: Database):
        self._database = database
        self.users = Users(database)
        self.sessions = Sessions(database)
        self.invitations = Invitations(database)
        self.ratings = UserRatings(database)
        self.lists = Lists(database)
        self.changes = Changes(database)
        self.events = Events(database)
        self.imports = Imports(database)
        self.duels = Duels(database)
        self.posters = Posters(database)
        self.idempotency = Idempotency(database)

    @property
    def label(self) -> str:
        """The file, or the URL without its password."""
        return self._database.label

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Make the calls inside, by this thread, one transaction: all of them happen, or an error undoes them all.

        Let errors pass through: what a call did before it failed is taken back only then. Do not await inside: what
        else runs in this thread meanwhile would be part of it.
        """
        with self._database.writing():
            yield

    def check(self) -> None:
        """Ask the database for an answer. Raises `MatineeError` if it gives none."""
        self.users.count()

    def backup(self, to: Path) -> None:
        """Copy an SQLite database, in use or not, to a file. Raises `ConfigError` for PostgreSQL, which has pg_dump."""
        if not self._database.is_sqlite:
            raise ConfigError(f"{self.label}: only SQLite files are copied; expected pg_dump for PostgreSQL")
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
