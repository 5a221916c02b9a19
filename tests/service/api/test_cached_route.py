import pytest

from tests.service.conftest import Api


def test_a_repeated_request_gets_the_same_list(ann: Api) -> None:
    first = ann.request("GET", "/recommendations?k=3")
    again = ann.request("GET", "/recommendations?k=3")
    assert again.content == first.content  # with the same list_id: it is one list, shown twice
    assert {name: again.headers[name] for name in ("etag", "cache-control", "content-type", "content-length")} == {
        name: first.headers[name] for name in ("etag", "cache-control", "content-type", "content-length")
    }
    other = ann.get("/recommendations?k=4")
    assert (other["list_id"] != first.json()["list_id"], len(other["items"])) == (True, 4)


def test_a_new_rating_or_another_user_gets_another_list(api: Api) -> None:
    ann, ben = api.new_user("Ann"), api.new_user("Ben")
    lists = [ann.get("/recommendations")["list_id"], ben.get("/recommendations")["list_id"]]
    ann.put("/ratings/100", {"rating": 5})
    after_rating = ann.get("/recommendations")
    assert after_rating["n_ratings"] == 1
    ann.request("PATCH", "/me", json={"language": "zh"})
    assert ann.get("/recommendations")["items"][0]["reasons"] != after_rating["items"][0]["reasons"]
    lists += [after_rating["list_id"], ann.get("/recommendations")["list_id"]]
    assert len(set(lists)) == 4
    assert ben.get("/recommendations")["list_id"] == lists[1]


@pytest.mark.parametrize(
    ("profile", "status"), [("999", 404), ("0", 422), ("12345678901234567890", 422), ("Ann", 422), ("²", 422)]
)
def test_invalid_users_get_no_cached_list(ann: Api, profile: str, status: int) -> None:
    ann.request("GET", "/recommendations")
    ann.headers = {}
    ann.request("GET", "/recommendations", 401)
    ann.request("GET", "/recommendations", status, headers={b"X-Matinee-Profile": profile.encode()})


def test_errors_are_not_cached(ann: Api) -> None:
    for _ in range(2):
        assert ann.get("/recommendations?k=0", 422)["errors"][0]["field"] == "query.k"
        ann.get("/recommendations?without=999", 404)
