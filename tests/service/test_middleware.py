from collections.abc import Callable

import pytest
import structlog
from fastapi import APIRouter
from prometheus_client.parser import text_string_to_metric_families

from tests.service.conftest import Api


def test_every_response_has_security_headers(ann: Api) -> None:
    for response in (ann.request("GET", "/recommendations"), ann.request("GET", "/nowhere", 404)):
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert len(response.headers["x-request-id"]) == 16
    with_id = ann.request("GET", "/health", headers={"X-Request-ID": "mine-1"})
    assert with_id.headers["x-request-id"] == "mine-1"
    replaced = ann.request("GET", "/health", headers={"X-Request-ID": "a b\tc"})
    assert replaced.headers["x-request-id"] != "a b\tc"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example:8000", "[::1"])
def test_unknown_hosts_are_refused(ann: Api, host: str) -> None:
    problem = ann.get("/health", 421, headers={"Host": host})
    assert problem["title"] == "Misdirected Request"


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000"])
def test_local_hosts_are_accepted(ann: Api, host: str) -> None:
    ann.get("/health", headers={"Host": host})


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_sites_cannot_write(ann: Api, headers: dict[str, str]) -> None:
    ann.put("/ratings/100", {"rating": 5}, 403, headers=headers)
    assert ann.get("/ratings", headers=headers)["items"] == []


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://127.0.0.1:8000"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_own_pages_and_programs_can_write(ann: Api, headers: dict[str, str]) -> None:
    ann.put("/ratings/100", {"rating": 5}, headers=headers)


def test_large_requests_are_refused_with_and_without_a_length(new_api: Callable[..., Api]) -> None:
    ann = new_api(max_upload_bytes=500).new_user("Ann")
    assert "The limit is 500" in ann.put("/ratings/100", status=413, content=b"x" * 501)["detail"]

    async def chunks():
        for _ in range(100):
            yield b"x" * 50

    assert "more than 500" in ann.put("/ratings/100", status=413, content=chunks())["detail"]


def test_server_errors_reveal_no_details(new_api: Callable[..., Api]) -> None:
    pages = APIRouter()

    @pages.get("/api/v1/broken")
    def broken() -> None:
        password = "a secret"
        raise ValueError(len(password))

    api = new_api()
    api.app.include_router(pages)
    with structlog.testing.capture_logs() as entries:
        problem = api.get("/broken", 500)
    assert problem["detail"].startswith("The server failed with ValueError. The log has the details")
    assert "secret" not in str(problem)
    entry = next(entry for entry in entries if entry["event"] == "request_failed")
    assert (entry["request_id"], "exc_info" in entry) == (problem["request_id"], False)
    assert entry["exception"].rstrip().endswith("ValueError: 8")
    # The traceback quotes the source of `broken`, and no values of its variables.
    assert "│" not in entry["exception"]


def test_requests_lists_and_ratings_are_counted(ann: Api) -> None:
    ann.put("/ratings/100", {"rating": 5})
    ann.get("/recommendations")
    ann.get("/recommendations?seed=1")
    ann.get("/nowhere", 404)
    counts = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(ann.request("GET", "/metrics").text)
        for sample in family.samples
    }
    assert counts["matinee_requests_total", "GET", "/api/v1/recommendations", "200"] == 2
    assert counts["matinee_requests_total", "GET", "none", "404"] == 1
    assert counts["matinee_lists_served_total", "recommendations"] == 2
    assert counts["matinee_ratings_total",] == 1
    assert counts["matinee_request_seconds_count", "/api/v1/recommendations"] == 2
