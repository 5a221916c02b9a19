from collections.abc import Callable
from pathlib import Path

import pytest

from matinee.errors import MatineeError
from tests.service.conftest import SECRET, Api


def test_alive_and_ready(api: Api) -> None:
    assert api.get("/health") == {"status": "alive", "model": None}
    assert api.get("/ready") == {"status": "ready", "model": "ease"}


def test_not_ready_when_the_database_does_not_answer(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise MatineeError("matinee.db: the database did not do as asked (disk I/O error)")

    monkeypatch.setattr(api.house.store, "check", broken)
    assert api.get("/ready", 503)["title"] == "Service Unavailable"
    api.get("/health")


def test_counts_are_for_admins_where_there_are_accounts(new_api: Callable[..., Api]) -> None:
    site = new_api(accounts=True, admin_token=SECRET)
    site.ask("GET", "/metrics", 403)
    assert "matinee_requests_total" in site.ask("GET", "/metrics", headers={"X-Matinee-Admin-Token": SECRET}).text


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells it")
def test_what_the_process_takes_is_told(api: Api) -> None:
    told = dict(line.split() for line in api.ask("GET", "/metrics").text.splitlines() if line.startswith("process_"))
    assert float(told["process_resident_memory_bytes"]) > 10e6
