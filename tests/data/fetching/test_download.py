import hashlib
import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from matinee.data.fetching.download import default_folder, fetch, get
from matinee.data.fetching.sources import Source, Wheel
from matinee.errors import DataError, DownloadError, NotFoundError
from matinee.store.movie_table import read_movie_table

FILES = {"ml-tiny/ratings.dat": b"1::1::5::0\n" * 50, "ml-tiny/movies.dat": b"1::Toy Story (1995)::Comedy\n"}


def zip_of(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return content.getvalue()


@pytest.fixture
def source(server) -> Source:
    """A data set on the local server, with its MD5."""
    body = zip_of(FILES)
    server.files = {"/tiny.zip": body, "/tiny.zip.md5": hashlib.md5(body).hexdigest().encode()}
    layouts = (("ratings.dat", "movies.dat"), ("u.data",))
    return Source("tiny", "a test", "none", layouts, 0.1, url=f"{server.address}/tiny.zip")


@pytest.fixture
def wheel(monkeypatch) -> Wheel:
    """A wheel with `u.data`, from a pip that needs no network."""
    body = zip_of({"tiny/data/u.data": b"from the wheel", "tiny/other.py": b""})

    def pip(command, **_):
        folder = Path(command[command.index("--dest") + 1])
        (folder / "tiny-1.0-py3-none-any.whl").write_bytes(body)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", pip)
    return Wheel("tiny==1.0", hashlib.sha256(body).hexdigest(), ("tiny/data/u.data",))


def test_downloads_checks_and_unpacks(server, source, tmp_path):
    fetched = fetch(source, tmp_path / "new" / "folder")
    assert fetched.path == tmp_path / "new" / "folder" / "tiny"
    assert (fetched.path / "ratings.dat").read_bytes() == FILES["ml-tiny/ratings.dat"]
    assert list(fetched.path.parent.iterdir()) == [fetched.path]
    assert fetched.origin == source.url
    assert "its published MD5 matches" in fetched.note


def test_a_complete_set_is_not_downloaded_again(server, source, tmp_path):
    fetch(source, tmp_path)
    server.requests.clear()
    assert fetch(source, tmp_path).origin == "already there"
    assert server.requests == []


def test_a_missing_checksum_is_reported(server, source, tmp_path):
    del server.files["/tiny.zip.md5"]
    assert "no checksum is published" in fetch(source, tmp_path).note


def test_a_broken_download_is_resumed(server, source, tmp_path):
    server.break_after = [10_000, 100]  # the first response is the MD5
    assert (fetch(source, tmp_path).path / "movies.dat").is_file()
    assert ("/tiny.zip", "bytes=100-") in server.requests


def test_a_wrong_checksum_leaves_nothing(server, source, tmp_path):
    server.files["/tiny.zip.md5"] = b"0" * 32
    with pytest.raises(DownloadError, match="wrong MD5"):
        fetch(source, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (FILES | {"../../evil": b"evil"}, "leads outside its folder"),
        (FILES | {"ml-tiny/zeros": bytes(500_000)}, "would unpack to"),
        ({"ml-tiny/ratings.dat": b"1"}, "does not hold ratings.dat, movies.dat or u.data"),
    ],
)
def test_a_bad_archive_leaves_nothing(server, source, tmp_path, files, message):
    server.files = {"/tiny.zip": zip_of(files)}
    with pytest.raises(DownloadError, match=message):
        fetch(source, tmp_path / "data")
    assert list(tmp_path.rglob("*")) == [tmp_path / "data"]


def test_a_full_disk_while_unpacking_keeps_only_the_part(server, source, tmp_path, monkeypatch):
    def disk_full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfileobj", disk_full)
        with pytest.raises(DownloadError, match=r"tiny could not be written \(No space left on device\)"):
            fetch(source, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.zip.part"]
    server.requests.clear()
    assert fetch(source, tmp_path).path.is_dir()
    assert server.requests[-1] == (
        "/tiny.zip",
        f"bytes={len(server.files['/tiny.zip'])}-",
    )  # nothing left to send


def test_a_faster_process_wins(server, source, tmp_path, monkeypatch):
    copy = shutil.copyfileobj

    def overtaken(packed, unpacked):
        (tmp_path / "tiny").mkdir(exist_ok=True)
        for name in source.layouts[0]:
            (tmp_path / "tiny" / name).write_bytes(b"theirs")
        copy(packed, unpacked)

    monkeypatch.setattr(shutil, "copyfileobj", overtaken)
    assert fetch(source, tmp_path).origin == "already there"
    assert (tmp_path / "tiny" / "ratings.dat").read_bytes() == b"theirs"


def test_the_wheel_is_a_fallback_with_a_reason(server, source, wheel, tmp_path):
    server.files = {}
    fetched = fetch(replace(source, wheel=wheel), tmp_path)
    assert fetched.origin == "tiny==1.0"
    assert (fetched.path / "u.data").read_bytes() == b"from the wheel"
    assert "because" in fetched.note
    assert "answered 404" in fetched.note
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_the_wheel_is_not_used_while_the_server_answers(source, wheel, tmp_path):
    assert fetch(replace(source, wheel=wheel), tmp_path).origin == source.url


def test_a_wrong_wheel_leaves_nothing(source, wheel, tmp_path):
    only_wheel = replace(source, url=None, wheel=replace(wheel, sha256="0" * 64))
    with pytest.raises(DownloadError, match=r"expected 0000.*Run `pip download --no-deps tiny==1\.0`"):
        fetch(only_wheel, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_a_fallback_the_error_says_what_to_do(server, source, tmp_path):
    server.files = {}
    with pytest.raises(DownloadError) as caught:
        fetch(source, tmp_path)
    message = str(caught.value)
    assert "\n" not in message
    assert "answered 404" in message
    assert f"Download {source.url} in a browser" in message
    assert f"ratings.dat, movies.dat or u.data are in {tmp_path / 'tiny'}" in message


def test_a_folder_with_other_files_is_not_changed(server, source, tmp_path):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"tiny: does not hold ratings\.dat, .* or remove the folder"):
        fetch(source, tmp_path)
    assert (tmp_path / "tiny" / "notes.txt").read_text() == "mine"
    assert server.requests == []


def test_an_empty_folder_is_filled(source, tmp_path):
    (tmp_path / "tiny").mkdir()
    assert (fetch(source, tmp_path).path / "ratings.dat").is_file()


def test_a_file_instead_of_the_folder_is_an_input_error(source, tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(DataError, match="no folder can be created here"):
        fetch(source, tmp_path / "data")


def test_unknown_names_are_refused(tmp_path):
    with pytest.raises(NotFoundError):
        get("ml-2m", tmp_path)


def test_the_default_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("MATINEE_DATA", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert default_folder() == tmp_path / ".cache" / "matinee" / "data"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_folder() == tmp_path / ".cache" / "matinee" / "data"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert default_folder() == tmp_path / "cache" / "matinee" / "data"
    monkeypatch.setenv("MATINEE_DATA", "~/movies")
    assert default_folder() == tmp_path / "movies"


@pytest.mark.network
def test_the_real_sets_can_be_downloaded_with_pip(tmp_path, monkeypatch):
    monkeypatch.setattr("matinee.data.fetching.download.published_md5", unreachable)
    ratings = get("ml-100k", tmp_path)
    assert ratings.origin == "recbole==1.2.1"
    with (ratings.path / "ml-100k.inter").open() as lines:
        assert sum(1 for _ in lines) == 100_001  # and a header
    movies = get("movie-table", tmp_path)
    assert movies.origin == "bokeh-sampledata==2026.1"
    assert len(read_movie_table(movies.path / "movies.db")) == 17_472


def unreachable(url: str) -> None:
    raise DownloadError(f"{url} cannot be reached")
