from collections.abc import Callable
from pathlib import Path

import pytest

from matinee.errors import MatineeError
from tests.service.conftest import SECRET, Api


def test_health_and_readiness(api: Api) -> None:
    assert api.get("/health") == {"status": "alive", "model": None}
    assert api.get("/ready") == {"status": "ready", "model": "ease"}


def test_not_ready_if_the_database_fails(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise MatineeError("matinee.db: the database failed (disk I/O error).")

    monkeypatch.setattr(api.state.store, "check", broken)
    assert api.get("/ready", 503)["title"] == "Service Unavailable"
    api.get("/health")


def test_metrics_need_an_admin_with_accounts(new_api: Callable[..., Api]) -> None:
    site = new_api(accounts=True, admin_token=SECRET)
    site.request("GET", "/metrics", 403)
    assert "matinee_requests_total" in site.request("GET", "/metrics", headers={"X-Matinee-Admin-Token": SECRET}).text


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux")
def test_metrics_have_the_memory_of_the_process(api: Api) -> None:
    metrics = dict(
        line.split() for line in api.request("GET", "/metrics").text.splitlines() if line.startswith("process_")
    )
    assert float(metrics["process_resident_memory_bytes"]) > 10e6
