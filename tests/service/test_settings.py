from pathlib import Path

import pytest

from matinee.errors import ConfigError
from matinee.service.settings import read_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "matinee.toml"
    path.write_text('run = "from file"\nport = 1111\nsession_days = 7\n', encoding="utf-8")
    return path


def test_flags_override_the_environment_and_that_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATINEE_SERVE_PORT", "2222")
    monkeypatch.setenv("MATINEE_SERVE_RUN", "from environment")
    settings = read_settings(file, run=Path("from flag"), rating_run=None)
    assert (settings.run, settings.port, settings.session_days) == (Path("from flag"), 2222, 7)


def test_the_environment_may_name_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATINEE_SERVE_SETTINGS", str(file))
    assert read_settings().port == 1111


def test_runs_to_compare_from_file_and_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('run = "x"\ncompare = ["runs/a", "runs/b"]\n', encoding="utf-8")
    assert read_settings(file).compare == (Path("runs/a"), Path("runs/b"))
    monkeypatch.setenv("MATINEE_SERVE_COMPARE", '["runs/c"]')
    assert read_settings(file).compare == (Path("runs/c"),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('rum = "x"', "no setting is called 'rum'. The settings are run, "),
        ("run = ", "is not a readable TOML file"),
        ('run = "x"\nport = 70000', "Setting 'port': input should be less than or equal to 65535"),
        ("port = 1", "The setting 'run' is missing. Set --run, MATINEE_SERVE_RUN or in "),
    ],
)
def test_an_invalid_file_is_refused_in_one_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "matinee.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        read_settings(path)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATINEE_SERVE_PROT", "1")
    with pytest.raises(ConfigError, match="No setting is called MATINEE_SERVE_PROT"):
        read_settings(run=Path("x"))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org"])
def test_other_hosts_need_accounts(host: str) -> None:
    with pytest.raises(ConfigError, match=r"--accounts and a secret in MATINEE_SERVE_ADMIN_TOKEN"):
        read_settings(run=Path("x"), host=host)
    assert not read_settings(run=Path("x"), host=host, accounts=True, admin_token="x" * 16).is_local


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_needs_no_accounts(host: str) -> None:
    assert read_settings(run=Path("x"), host=host).is_local


def test_accounts_need_a_long_admin_token() -> None:
    with pytest.raises(ConfigError, match="Accounts need an admin token"):
        read_settings(run=Path("x"), accounts=True)
    with pytest.raises(ConfigError, match="too short") as refused:
        read_settings(run=Path("x"), accounts=True, admin_token="tooshort")
    assert "tooshort" not in str(refused.value)
