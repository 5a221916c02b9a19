import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks

from matinee.service.app import API, app_from_environment, create_app
from tests.service.conftest import Api, NewSettings

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def ids(listed: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["movie_id"] for one in listed["items"]]


def test_a_rating_changes_the_next_list_at_once(ann: Api) -> None:
    ann.put("/ratings/100", {"stars": 5})
    first = ann.get("/recommendations?k=5")
    # All that even people watch is even; the ring goes 100, 102, 104 ...
    assert all(int(one) % 2 == 0 for one in ids(first))
    assert first["items"][0]["reasons"] == ["because you liked Heat (5 stars)"]
    ann.put(f"/ratings/{ids(first)[0]}", {"stars": 5})
    second = ann.get("/recommendations?k=5")
    assert ids(first)[0] not in ids(second)
    assert second["rated"] == 2


def test_what_one_rates_is_nothing_to_another(api: Api) -> None:
    ann, ben = api.somebody("Ann"), api.somebody("Ben")
    ann.put("/ratings/100", {"stars": 5})
    change = ann.get("/changes")["items"][0]["id"]
    listed = ann.get("/recommendations")["list_id"]
    assert ben.get("/ratings")["items"] == []
    assert ben.get("/recommendations")["rated"] == 0
    ben.get("/ratings/100", 404)
    ben.get(f"/lists/{listed}", 404)
    ben.post(f"/changes/{change}/undo", status=404)
    assert [one["movie_id"] for one in ann.get("/ratings")["items"]] == ["100"]


def test_the_openapi_document_says_what_errors_look_like(new_settings: NewSettings) -> None:
    document = create_app(new_settings()).openapi()
    assert "Problem" in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert "4XX" in operation["responses"], (method, path)
            assert operation.get("summary"), (method, path)


def test_the_app_can_be_made_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, run_folder: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("MATINEE_SERVE_RUN", str(run_folder))
    monkeypatch.setenv("MATINEE_SERVE_DATABASE", str(tmp_path / "other.db"))
    assert app_from_environment().title == "Matinee"


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app behind a real server on this machine."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite"])  # a minute of thousands of requests; the rest runs on both databases
@pytest.mark.filterwarnings("default")  # of what schemathesis uses
def test_no_request_gets_an_answer_that_the_document_does_not_know(new_settings: NewSettings) -> None:
    with served(create_app(new_settings())) as address:
        asked = 0
        user = httpx.post(f"{address}{API}/profiles", json={"name": "Ann"}).json()["id"]
        who = {"X-Matinee-Profile": str(user)}
        for movie_id in ("100", "103"):
            httpx.put(f"{address}{API}/ratings/{movie_id}", json={"stars": 5}, headers=who).raise_for_status()
        schema = schemathesis.openapi.from_url(f"{address}{API}/openapi.json")
        for found in schema.exclude(path_regex="/me$", method="DELETE").get_all_operations():
            for mode in GenerationMode:
                asked += _tried(found.ok(), mode, who)
        assert asked >= 2_000


def _tried(operation: Any, mode: GenerationMode, who: dict[str, str]) -> int:
    """Ask an operation some questions, right or wrong ones; how many."""
    asked = 0

    @settings(max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(headers=who, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # nothing can be wrong with a question without parameters
    return asked
