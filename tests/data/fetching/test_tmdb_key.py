import traceback
from pathlib import Path

import httpx
import pytest

from matinee.data.fetching.tmdb_key import TmdbKey, read_key
from matinee.errors import ConfigError
from tests.data.fetching.tmdb_server import KEY, TOKEN


def test_a_key_goes_into_the_query_and_a_token_into_a_header() -> None:
    with httpx.Client() as client:
        by_key = TmdbKey(KEY).request("https://x/3").build(client)
        by_token = TmdbKey(TOKEN).request("https://x/3?a=b").build(client)
        assert str(by_key.url) == f"https://x/3?api_key={KEY}"
        assert "Authorization" not in by_key.headers
        assert str(by_token.url) == "https://x/3?a=b"
        assert by_token.headers["Authorization"] == f"Bearer {TOKEN}"
        assert TmdbKey(KEY).request("https://x/3").url == "https://x/3"
        assert str(TmdbKey(KEY).request("https://x/3?a=b").build(client).url) == f"https://x/3?a=b&api_key={KEY}"


def test_the_file_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMDB_API_KEY", f" {KEY} ")
    assert read_key(None).request("https://x").secret_params == (("api_key", KEY),)
    file = tmp_path / "key"
    file.write_text(f"{TOKEN}\n")
    assert read_key(file).request("https://x").secret_params == ()


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(TmdbKey(KEY))
    assert KEY not in f"{TmdbKey(KEY)}"


@pytest.mark.parametrize("text", ["", "secret words", KEY[:-1], f"{KEY}\n{KEY}", f'TMDB_API_KEY="{KEY}"', "ключ" * 8])
def test_an_invalid_key_is_refused_without_being_shown(text: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(
        ConfigError, match=rf"key: {len(text)} characters that are not a key to TMDB; expected"
    ) as caught:
        read_key(file)
    shown = "".join(traceback.format_exception(caught.value))
    assert not text or text not in shown


def test_a_missing_key_or_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMDB_API_KEY", raising=False)
    with pytest.raises(ConfigError, match=r"No key to TMDB\. Set TMDB_API_KEY or use --key-file FILE"):
        read_key(None)
    with pytest.raises(ConfigError, match="nowhere: cannot be read"):
        read_key(tmp_path / "nowhere")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="bytes: cannot be read as a text file"):
        read_key(tmp_path / "bytes")
