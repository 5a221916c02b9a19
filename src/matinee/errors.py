"""Every error a caller may catch, as one tree.

Each message is one line that says what was given, what was expected, and where. The command line turns
an `InputError` into exit code 2 (the user can mend it) and anything else into exit code 1 (we must).
"""

from pathlib import Path


class MatineeError(Exception):
    """The root: catch this to catch everything Matinee raises on purpose."""


class InputError(MatineeError):
    """Something the user gave cannot be used: the message says what, and what would do."""


class DataError(InputError):
    """A data file is missing, unreadable or wrong.

    The message starts with the place: the file, then the row (counted from 1, as an editor counts lines)
    and the column where they are known.
    """

    def __init__(self, message: str, path: Path | str, row: int | None = None, column: str | None = None):
        place = str(path)
        if row is not None:
            place += f", row {row}"
        if column is not None:
            place += f", column {column}"
        super().__init__(f"{place}: {message}")
        self.path, self.row, self.column = Path(path), row, column


class ConfigError(InputError):
    """A setting is unknown, of the wrong type or out of its range."""


class NotFoundError(InputError):
    """A named thing (model, dataset, user, movie, run) does not exist; the message lists the nearest ones."""


class ConflictError(InputError):
    """What was asked cannot go with what is there by now: a name is taken, an invitation used, a change undone."""


class RunError(InputError):
    """A saved run is incomplete, from an incompatible version, or does not belong to this data."""


class ProtocolError(InputError):
    """A split or metric cannot be computed on this data, for the reason given."""


class MemoryNeededError(InputError):
    """The computation would not fit in memory; the message gives bytes needed, bytes free and a way out."""


class DownloadError(MatineeError):
    """A download failed or its checksum did not match; nothing half-written was left behind."""


class NotFittedError(MatineeError):
    """A model was asked to score or save before it was fitted or loaded."""
