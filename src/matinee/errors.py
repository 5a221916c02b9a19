"""All errors that a caller may catch, as one tree.

A message names the problem, the value and the fix in one or two short sentences. The command line exits with code 2
for an `InputError`, which the user can fix, and with code 1 for any other error.
"""

from pathlib import Path


class MatineeError(Exception):
    """The root of the tree: every error that Matinee raises on purpose."""


class InputError(MatineeError):
    """Unusable input. The message names it and the fix."""


class DataError(InputError):
    """A data file is missing, unreadable or invalid.

    The message starts with the location: the file, then the row (from 1, like lines in an editor) and the column,
    if there are any.
    """

    def __init__(self, message: str, path: Path | str, row: int | None = None, column: str | None = None):
        location = str(path)
        if row is not None:
            location += f", row {row}"
        if column is not None:
            location += f", column {column}"
        super().__init__(f"{location}: {message}")
        self.path, self.row, self.column = Path(path), row, column


class ConfigError(InputError):
    """A setting is unknown, of the wrong type or out of range."""


class NotFoundError(InputError):
    """No model, dataset, user, movie or run has this name. The message lists the closest ones."""


class ConflictError(InputError):
    """A request conflicts with the current state: a name is taken, an invitation used, a change already undone."""


class RunError(InputError):
    """A saved run is incomplete, of an incompatible version, or does not belong to this data."""


class ProtocolError(InputError):
    """A split or metric cannot be computed on this data. The message gives the reason."""


class MemoryNeededError(InputError):
    """A computation needs more memory than is free. The message gives both sizes and a fix."""


class DownloadError(MatineeError):
    """A download failed or has the wrong checksum. No partial file is left."""


class NotFittedError(MatineeError):
    """A model must be fitted or loaded before it can score or be saved."""
