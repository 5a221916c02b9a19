import io
import time

from rich.console import Console

from matinee.progress import shown, track, track_bytes


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=120)


def test_tracking_is_silent_unless_shown():
    assert list(track([1, 2, 3], "Counting")) == [1, 2, 3]
    with track_bytes(10, "Fetching") as done:
        done(10)


def test_items_are_counted_and_bytes_are_measured():
    console = terminal()
    with shown(console):
        assert list(track(["a", "b"], "Counting")) == ["a", "b"]
        with track_bytes(4_900_000, "Fetching") as done:
            done(2_000_000)
            deadline = time.monotonic() + 10
            while "2.0/4.9 MB" not in console.file.getvalue() and time.monotonic() < deadline:
                time.sleep(0.02)  # the bar is drawn ten times a second
    output = console.file.getvalue()
    assert "Counting" in output
    assert "0/2" in output
    assert "2.0/4.9 MB" in output


def test_bytes_of_unknown_total():
    console = terminal()
    with shown(console), track_bytes(None, "Fetching") as done:
        done(2_000_000)
    assert "0/? bytes" in console.file.getvalue()
