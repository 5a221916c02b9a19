"""Settings of the service: flags over environment variables (`MATINEE_SERVE_*`) over a TOML file."""

import ipaddress
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from matinee.errors import ConfigError

_PREFIX = "MATINEE_SERVE_"
_SETTINGS_FILE = "MATINEE_SERVE_SETTINGS"  # the name of the variable that names the TOML file
_SHORTEST_TOKEN = 16


class Settings(BaseSettings):
    """Everything that can be set. Unknown keys are refused."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    run: Path  # folder of the run that orders movies
    stars: Path | None = None  # run of a model that predicts ratings
    content: Path | None = None  # run of a model that places movies nobody rated
    data: Path | None = None  # where the run's data is now, if not where it was trained from
    compare: tuple[Path, ...] = ()  # further runs on the same data, to be held against this one
    report: Path | None = None  # of matinee evaluate --json, for the lab; else report.json beside the run
    dial: Path | None = None  # of matinee dial --json; else dial.json beside the run
    also_liked: bool = True  # whether to read the data for "people who liked this also liked"
    database: str = "matinee.db"  # a file, or postgresql://...
    posters: Path | None = None  # folder of pictures
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)  # 0: any that is free
    hostnames: tuple[str, ...] = ()  # names by which browsers reach it, besides localhost and `host`
    accounts: bool = False  # passwords and invitations instead of a profile picker
    admin_token: SecretStr | None = None  # opens model operations, and the first account
    session_days: int = Field(default=30, ge=1, le=365)
    watch_seconds: float = Field(default=0, ge=0)  # how often to look for a newer run; 0: only when told
    most_upload: int = Field(default=20_000_000, ge=1)  # bytes of a request

    @property
    def local(self) -> bool:
        """Whether it serves this machine alone."""
        return _is_loopback(self.host)

    def check(self) -> None:
        """Refuse what would be unsafe. Raises `ConfigError` with the line that says how to go on."""
        if not self.local and not self.accounts:
            raise ConfigError(
                f"host {self.host}: without accounts Matinee serves 127.0.0.1 alone, where anybody may pick any "
                "profile; expected --host 127.0.0.1, or --accounts and a secret in MATINEE_SERVE_ADMIN_TOKEN"
            )
        token = self.admin_token
        if token is not None and len(token.get_secret_value()) < _SHORTEST_TOKEN:
            raise ConfigError(f"MATINEE_SERVE_ADMIN_TOKEN is too short; expected at least {_SHORTEST_TOKEN} characters")
        if self.accounts and token is None:
            raise ConfigError(
                "accounts without an admin token: nobody could make the first account; expected "
                f"MATINEE_SERVE_ADMIN_TOKEN set to a secret of at least {_SHORTEST_TOKEN} characters"
            )


def read_settings(file: Path | None = None, **flags: Any) -> Settings:
    """Settings from flags (those that are not None), the environment, and a TOML file, in this order.

    Without `file`, the variable MATINEE_SERVE_SETTINGS may name one. Raises `ConfigError` for what is unknown, wrong,
    missing or unsafe.
    """
    named = os.environ.get(_SETTINGS_FILE)
    file = file or (Path(named) if named else None)
    written = {} if file is None else _read(file)
    given = {name: value for name, value in flags.items() if value is not None}
    environment = {name.lower() for name in os.environ}
    # What is passed by name wins over the environment: so the file may say only what nothing else says.
    quiet = {name: value for name, value in written.items() if f"{_PREFIX}{name}".lower() not in environment}
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith(_PREFIX)
        and name != _SETTINGS_FILE
        and name.removeprefix(_PREFIX).lower() not in Settings.model_fields
    )
    if unknown:
        raise ConfigError(f"no setting is called {unknown[0]}; {_known()}")
    try:
        settings = Settings(**(quiet | given))
    except ValidationError as error:
        raise ConfigError(_told(error, file)) from error
    settings.check()
    return settings


def _read(file: Path) -> dict[str, Any]:
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: not a readable TOML file ({error})") from error
    strangers = sorted(written.keys() - Settings.model_fields.keys())
    if strangers:
        raise ConfigError(f"{file}: no setting is called '{strangers[0]}'; {_known()}")
    return written


def _known() -> str:
    return f"the settings are {', '.join(Settings.model_fields)}"


def _told(error: ValidationError, file: Path | None) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    place = "" if file is None else f", in {file}"
    if first["type"] == "missing":
        return (
            f"setting '{name}' is missing; expected --{name}, {_PREFIX}{name.upper()}, or a line{place or ' of TOML'}"
        )
    if first["type"] == "extra_forbidden":
        return f"no setting is called '{name}'; {_known()}"
    return f"setting '{name}': {first['msg'].lower()} (a flag, {_PREFIX}{name.upper()}{place})"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
