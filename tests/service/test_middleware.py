from collections.abc import Callable

import pytest
from fastapi import APIRouter
from prometheus_client.parser import text_string_to_metric_families

from tests.service.conftest import Api


def test_every_answer_has_the_headers_that_keep_browsers_safe(ann: Api) -> None:
    for answer in (ann.ask("GET", "/recommendations"), ann.ask("GET", "/nowhere", 404)):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert len(answer.headers["x-request-id"]) == 16
    told = ann.ask("GET", "/health", headers={"X-Request-ID": "mine-1"})
    assert told.headers["x-request-id"] == "mine-1"
    made = ann.ask("GET", "/health", headers={"X-Request-ID": "a b\tc"})
    assert made.headers["x-request-id"] != "a b\tc"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example:8000", "[::1"])
def test_a_name_that_is_not_ours_is_turned_away(ann: Api, host: str) -> None:
    problem = ann.get("/health", 421, headers={"Host": host})
    assert problem["title"] == "Misdirected Request"


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000"])
def test_our_own_names_are_let_in(ann: Api, host: str) -> None:
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
def test_another_sites_page_may_not_write(ann: Api, headers: dict[str, str]) -> None:
    ann.put("/ratings/100", {"stars": 5}, 403, headers=headers)
    assert ann.get("/ratings", headers=headers)["items"] == []


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://127.0.0.1:8000"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_our_own_pages_and_programs_may(ann: Api, headers: dict[str, str]) -> None:
    ann.put("/ratings/100", {"stars": 5}, headers=headers)


def test_too_much_is_refused_whether_it_is_announced_or_not(new_api: Callable[..., Api]) -> None:
    ann = new_api(most_upload=500).somebody("Ann")
    assert "at most 500" in ann.put("/ratings/100", status=413, content=b"x" * 501)["detail"]

    async def much():
        for _ in range(100):
            yield b"x" * 50

    assert "more than 500" in ann.put("/ratings/100", status=413, content=much())["detail"]


def test_our_own_faults_are_told_without_what_is_inside(new_api: Callable[..., Api]) -> None:
    pages = APIRouter()

    @pages.get("/api/v1/broken")
    def broken() -> None:
        raise ValueError("a secret")

    made = new_api()
    made.app.include_router(pages)
    problem = made.get("/broken", 500)
    assert problem["detail"].startswith("our fault: ValueError; the log has it as ")
    assert "secret" not in str(problem)


def test_requests_lists_and_ratings_are_counted(ann: Api) -> None:
    ann.put("/ratings/100", {"stars": 5})
    ann.get("/recommendations")
    ann.get("/recommendations?seed=1")
    ann.get("/nowhere", 404)
    counted = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(ann.ask("GET", "/metrics").text)
        for sample in family.samples
    }
    assert counted["matinee_requests_total", "GET", "/api/v1/recommendations", "200"] == 2
    assert counted["matinee_requests_total", "GET", "none", "404"] == 1
    assert counted["matinee_lists_served_total", "recommendations"] == 2
    assert counted["matinee_ratings_total",] == 1
    assert counted["matinee_request_seconds_count", "/api/v1/recommendations"] == 2
