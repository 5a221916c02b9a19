import pytest

from tests.service.conftest import Api


def test_asked_again_the_same_list_is_sent(ann: Api) -> None:
    first = ann.ask("GET", "/recommendations?k=3")
    again = ann.ask("GET", "/recommendations?k=3")
    assert again.content == first.content  # its number too: it is one list, shown twice
    assert {name: again.headers[name] for name in ("etag", "cache-control", "content-type", "content-length")} == {
        name: first.headers[name] for name in ("etag", "cache-control", "content-type", "content-length")
    }
    other = ann.get("/recommendations?k=4")
    assert (other["list_id"] != first.json()["list_id"], len(other["items"])) == (True, 4)


def test_what_was_said_since_and_who_asks_make_another_list(api: Api) -> None:
    ann, ben = api.somebody("Ann"), api.somebody("Ben")
    lists = [ann.get("/recommendations")["list_id"], ben.get("/recommendations")["list_id"]]
    ann.put("/ratings/100", {"stars": 5})
    rated = ann.get("/recommendations")
    assert rated["rated"] == 1
    ann.ask("PATCH", "/me", json={"language": "zh"})
    assert ann.get("/recommendations")["items"][0]["reasons"] != rated["items"][0]["reasons"]
    lists += [rated["list_id"], ann.get("/recommendations")["list_id"]]
    assert len(set(lists)) == 4
    assert ben.get("/recommendations")["list_id"] == lists[1]


@pytest.mark.parametrize(
    ("profile", "status"), [("999", 404), ("0", 422), ("12345678901234567890", 422), ("Ann", 422), ("²", 422)]
)
def test_who_is_nobody_gets_no_list_that_is_kept(ann: Api, profile: str, status: int) -> None:
    ann.ask("GET", "/recommendations")
    ann.headers = {}
    ann.ask("GET", "/recommendations", 401)
    ann.ask("GET", "/recommendations", status, headers={b"X-Matinee-Profile": profile.encode()})


def test_what_cannot_be_answered_is_not_kept(ann: Api) -> None:
    for _ in range(2):
        assert ann.get("/recommendations?k=0", 422)["errors"][0]["where"] == "query.k"
        ann.get("/recommendations?without=999", 404)
