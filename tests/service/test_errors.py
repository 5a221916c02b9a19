import pytest

from matinee.errors import ConfigError, ConflictError, DataError, MatineeError, NotFoundError, RunError
from matinee.service.errors import Problem, http_status
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
def test_each_matinee_error_has_a_status(error: MatineeError, status: int) -> None:
    assert http_status(error) == status


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/recommendations?k=1000", 422, "query.k: Input should be less than or equal to 100"),
        ("GET", "/recommendations?colour=red", 422, "query.colour: Extra inputs are not permitted"),
        ("GET", "/recommendations?genre=Noir", 404, "No movie has genres 'Noir'. Choose from Even, Odd."),
        ("GET", "/movies/nothing", 404, "No movie has the id 'nothing'. Use an id from this run's catalogue."),
        ("GET", "/ratings?cursor=%F0%9F", 400, "Use the `next` of the previous page."),
        ("GET", "/nowhere", 404, "Not Found"),
        ("POST", "/ratings", 405, "Method Not Allowed"),
        ("POST", "/models/reload", 403, "Only admins may do this."),
    ],
)
def test_every_error_is_a_problem_document(ann: Api, method: str, path: str, status: int, text: str) -> None:
    response = ann.request(method, path, status)
    assert response.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate(response.json())
    assert text in problem.detail
    assert problem.status == status
    assert problem.instance == f"/api/v1{path.partition('?')[0]}"
    assert problem.request_id == response.headers["x-request-id"]


def test_requests_without_a_user_are_refused(api: Api) -> None:
    response = api.request("GET", "/recommendations", 401)
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["detail"] == "Not signed in. Send a session token, or pick a profile."
    api.get("/recommendations", 404, headers={"X-Matinee-Profile": "99"})
