import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
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

from matinee.errors import InputError
from matinee.service.app import API, app_from_environment, create_app
from matinee.service.state.app_state import open_state
from tests.service.conftest import Api, NewSettings

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def ids(movie_list: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["movie_id"] for item in movie_list["items"]]


def test_a_rating_changes_the_next_list(ann: Api) -> None:
    ann.put("/ratings/100", {"rating": 5})
    first = ann.get("/recommendations?k=5")
    # Users with even numbers watch even movies only; the ring goes 100, 102, 104 ...
    assert all(int(movie_id) % 2 == 0 for movie_id in ids(first))
    assert first["items"][0]["reasons"] == ["because you liked Heat (5 stars)"]
    ann.put(f"/ratings/{ids(first)[0]}", {"rating": 5})
    second = ann.get("/recommendations?k=5")
    assert ids(first)[0] not in ids(second)
    assert second["n_ratings"] == 2


def test_users_do_not_see_the_data_of_others(api: Api) -> None:
    ann, ben = api.new_user("Ann"), api.new_user("Ben")
    ann.put("/ratings/100", {"rating": 5})
    change = ann.get("/changes")["items"][0]["id"]
    list_id = ann.get("/recommendations")["list_id"]
    assert ben.get("/ratings")["items"] == []
    assert ben.get("/recommendations")["n_ratings"] == 0
    ben.get("/ratings/100", 404)
    ben.get(f"/lists/{list_id}", 404)
    ben.post(f"/changes/{change}/undo", status=404)
    assert [item["movie_id"] for item in ann.get("/ratings")["items"]] == ["100"]


def test_the_openapi_document_describes_errors(new_settings: NewSettings) -> None:
    document = create_app(new_settings()).openapi()
    assert "Problem" in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert "4XX" in operation["responses"], (method, path)
            assert operation.get("summary"), (method, path)


def test_the_app_can_be_created_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, run_folder: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("MATINEE_SERVE_RUN", str(run_folder))
    monkeypatch.setenv("MATINEE_SERVE_DATABASE", str(tmp_path / "other.db"))
    assert app_from_environment().title == "Matinee"


def test_each_module_of_the_api_with_a_router_is_included(new_settings: NewSettings) -> None:
    paths = create_app(new_settings()).openapi()["paths"]
    for path in ("exclusions", "health", "imports", "models/current", "movies", "ratings", "recommendations", "me"):
        assert f"{API}/{path}" in paths
    assert "/metrics" in paths


def test_unreadable_report_files_are_refused_at_the_start(new_settings: NewSettings, tmp_path: Path) -> None:
    settings = new_settings(report=tmp_path / "missing.json")
    with closing(open_state(settings)) as state, pytest.raises(InputError, match=r"missing\.json"):
        create_app(settings, state)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app on a real server."""
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
@pytest.mark.timeout(900)
@pytest.mark.parametrize("backend", ["sqlite"])  # it sends thousands of requests, for some minutes
@pytest.mark.filterwarnings("default")  # of the dependencies of schemathesis
def test_all_responses_conform_to_the_openapi_document(new_settings: NewSettings) -> None:
    with served(create_app(new_settings())) as address:
        n_requests = 0
        user = httpx.post(f"{address}{API}/profiles", json={"name": "Ann"}).json()["id"]
        headers = {"X-Matinee-Profile": str(user)}
        for movie_id in ("100", "103"):
            httpx.put(f"{address}{API}/ratings/{movie_id}", json={"rating": 5}, headers=headers).raise_for_status()
        schema = schemathesis.openapi.from_url(f"{address}{API}/openapi.json")
        for operation in schema.exclude(path_regex="/me$", method="DELETE").get_all_operations():
            for mode in GenerationMode:
                n_requests += _send_examples(operation.ok(), mode, headers)
        assert n_requests >= 2_000


def _send_examples(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> int:
    """Send valid or invalid requests to an operation. Returns their number."""
    n_requests = 0

    @settings(max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        nonlocal n_requests
        n_requests += 1
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        send()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # a request without parameters cannot be invalid
    return n_requests
