import traceback
from pathlib import Path

import pytest

from matinee.data.fetching.tmdb_key import TmdbKey, read_key
from matinee.errors import ConfigError
from tests.data.fetching.tmdb_server import KEY, TOKEN


def test_a_short_key_goes_into_the_query_and_a_long_one_into_a_header() -> None:
    short, long = TmdbKey(KEY).question("https://x/3"), TmdbKey(TOKEN).question("https://x/3?a=b")
    assert short.urllib_request().full_url == f"https://x/3?api_key={KEY}"
    assert long.urllib_request().full_url == "https://x/3?a=b"
    assert long.urllib_request().get_header("Authorization") == f"Bearer {TOKEN}"
    assert short.address == "https://x/3"
    assert TmdbKey(KEY).question("https://x/3?a=b").urllib_request().full_url == f"https://x/3?a=b&api_key={KEY}"


def test_the_file_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMDB_API_KEY", f" {KEY} ")
    assert read_key(None).question("https://x").secret_query == f"api_key={KEY}"
    file = tmp_path / "key"
    file.write_text(f"{TOKEN}\n")
    assert read_key(file).question("https://x").secret_query == ""


def test_it_does_not_show_itself() -> None:
    assert KEY not in repr(TmdbKey(KEY))
    assert KEY not in f"{TmdbKey(KEY)}"


@pytest.mark.parametrize("text", ["", "secret words", KEY[:-1], f"{KEY}\n{KEY}", f'TMDB_API_KEY="{KEY}"', "ключ" * 8])
def test_what_is_no_key_is_refused_without_being_shown(text: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"key: {len(text)} characters that are no key to TMDB; expected") as caught:
        read_key(file)
    shown = "".join(traceback.format_exception(caught.value))
    assert not text or text not in shown


def test_no_key_and_no_file_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMDB_API_KEY", raising=False)
    with pytest.raises(ConfigError, match=r"no key to TMDB; expected one in TMDB_API_KEY or --key-file FILE"):
        read_key(None)
    with pytest.raises(ConfigError, match="nowhere: cannot be read"):
        read_key(tmp_path / "nowhere")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="bytes: cannot be read as text"):
        read_key(tmp_path / "bytes")
