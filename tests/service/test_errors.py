import pytest

from matinee.errors import ConfigError, ConflictError, DataError, MatineeError, NotFoundError, RunError
from matinee.service.errors import Problem, status_of
from tests.service.conftest import Api


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("x"), 404),
        (ConflictError("x"), 409),
        (RunError("x"), 409),
        (ConfigError("x"), 400),
        (DataError("x", "file"), 400),
        (MatineeError("x"), 503),
    ],
)
def test_each_error_of_ours_has_a_status(error: MatineeError, status: int) -> None:
    assert status_of(error) == status


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/recommendations?k=1000", 422, "query.k: Input should be less than or equal to 100"),
        ("GET", "/recommendations?colour=red", 422, "query.colour: Extra inputs are not permitted"),
        ("GET", "/recommendations?genre=Noir", 404, "no movie here has genres 'Noir'; there are Even, Odd"),
        ("GET", "/movies/nothing", 404, "no movie has the id 'nothing'; expected one of the catalogue of this run"),
        ("GET", "/ratings?cursor=%F0%9F", 400, "expected the one that the page before ended with"),
        ("GET", "/nowhere", 404, "Not Found"),
        ("POST", "/ratings", 405, "Method Not Allowed"),
        ("POST", "/models/reload", 403, "for admins alone"),
    ],
)
def test_every_error_is_a_problem_document(ann: Api, method: str, path: str, status: int, said: str) -> None:
    answer = ann.ask(method, path, status)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate(answer.json())
    assert said in problem.detail
    assert problem.status == status
    assert problem.instance == f"/api/v1{path.partition('?')[0]}"
    assert problem.request_id == answer.headers["x-request-id"]


def test_nobody_is_told_to_say_who_they_are(api: Api) -> None:
    answer = api.ask("GET", "/recommendations", 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    api.get("/recommendations", 404, headers={"X-Matinee-Profile": "99"})
