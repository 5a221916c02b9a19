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
_SETTINGS_FILE = "MATINEE_SERVE_SETTINGS"  # the variable with the path of the TOML file
_MIN_TOKEN_LENGTH = 16


class Settings(BaseSettings):
    """The settings of the service. Unknown keys are refused."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    run: Path  # folder of the run that ranks movies
    rating_run: Path | None = None  # run of a model that predicts ratings
    content_run: Path | None = None  # run of a model that ranks movies without ratings
    data: Path | None = None  # the training data, if it was moved
    compare: tuple[Path, ...] = ()  # further runs on the same data, to compare
    report: Path | None = None  # output of `matinee evaluate --json`; default: report.json beside the run
    tradeoff: Path | None = None  # from matinee tradeoff --json; else tradeoff.json beside the run
    also_liked: bool = True  # read the training data for also-liked movies
    database: str = "matinee.db"  # a file, or postgresql://...
    posters: Path | None = None  # folder of posters
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)  # 0: any free port
    hostnames: tuple[str, ...] = ()  # allowed Host names besides localhost and `host`
    accounts: bool = False  # passwords and invitations instead of a profile picker
    admin_token: SecretStr | None = None  # allows model operations and the first account
    session_days: int = Field(default=30, ge=1, le=365)
    watch_seconds: float = Field(default=0, ge=0)  # between checks for a newer run; 0: no checks
    max_upload_bytes: int = Field(default=20_000_000, ge=1)  # of a request

    @property
    def is_local(self) -> bool:
        """True if only this machine can connect."""
        return _is_loopback(self.host)

    def check(self) -> None:
        """Check that the settings are safe. Raises `ConfigError`."""
        if not self.is_local and not self.accounts:
            raise ConfigError(
                f"Host {self.host} needs accounts, because profiles have no passwords. Use --host 127.0.0.1, or "
                "--accounts and a secret in MATINEE_SERVE_ADMIN_TOKEN."
            )
        token = self.admin_token
        if token is not None and len(token.get_secret_value()) < _MIN_TOKEN_LENGTH:
            raise ConfigError(f"MATINEE_SERVE_ADMIN_TOKEN is too short. Use at least {_MIN_TOKEN_LENGTH} characters.")
        if self.accounts and token is None:
            raise ConfigError(
                "Accounts need an admin token, which creates the first account. Set MATINEE_SERVE_ADMIN_TOKEN to a "
                f"secret of at least {_MIN_TOKEN_LENGTH} characters."
            )


def read_settings(file: Path | None = None, **flags: Any) -> Settings:
    """Read settings: flags that are not None override the environment, which overrides a TOML file.

    Without `file`, the variable MATINEE_SERVE_SETTINGS may name one. Raises `ConfigError` for settings that are
    unknown, invalid, missing or unsafe.
    """
    variable = os.environ.get(_SETTINGS_FILE)
    file = file or (Path(variable) if variable else None)
    file_values = {} if file is None else _read(file)
    flag_values = {name: value for name, value in flags.items() if value is not None}
    environment = {name.lower() for name in os.environ}
    # Pydantic prefers arguments to the environment, so values of the file that the environment overrides are dropped.
    defaults = {name: value for name, value in file_values.items() if f"{_PREFIX}{name}".lower() not in environment}
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith(_PREFIX)
        and name != _SETTINGS_FILE
        and name.removeprefix(_PREFIX).lower() not in Settings.model_fields
    )
    if unknown:
        raise ConfigError(f"No setting is called {unknown[0]}. {_list_settings()}")
    try:
        settings = Settings(**(defaults | flag_values))
    except ValidationError as error:
        raise ConfigError(_first_error(error, file)) from error
    settings.check()
    return settings


def _read(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file} is not a readable TOML file ({error}).") from error
    unknown = sorted(values.keys() - Settings.model_fields.keys())
    if unknown:
        raise ConfigError(f"{file}: no setting is called '{unknown[0]}'. {_list_settings()}")
    return values


def _list_settings() -> str:
    return f"The settings are {', '.join(Settings.model_fields)}."


def _first_error(error: ValidationError, file: Path | None) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    flag, variable = f"--{name.replace('_', '-')}", f"{_PREFIX}{name.upper()}"
    location = "" if file is None else f" or in {file}"
    if first["type"] == "missing":
        return f"The setting '{name}' is missing. Set {flag}, {variable}{location or ' or a line of TOML'}."
    if first["type"] == "extra_forbidden":
        return f"No setting is called '{name}'. {_list_settings()}"
    return f"Setting '{name}': {first['msg'].lower()}. Change {flag}, {variable}{location}."


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
