from tests.service.conftest import Api


def test_a_known_response_is_not_sent_again(ann: Api) -> None:
    for path in ("/movies", "/movies/100", "/movies/100/similar", "/search?q=heat", "/recommendations", "/ratings"):
        first = ann.request("GET", path)
        etag = first.headers["etag"]
        again = ann.request("GET", path, 304, headers={"If-None-Match": f'"other", {etag}'})
        assert again.content == b""
        assert again.headers["etag"] == etag
        ann.request("GET", path, headers={"If-None-Match": '"other"'})


def test_a_rating_changes_only_the_etags_of_its_user(api: Api) -> None:
    ann, ben = api.new_user("Ann"), api.new_user("Ben")

    def etags(user: Api) -> list[str]:
        return [user.request("GET", path).headers["etag"] for path in ("/recommendations", "/ratings", "/movies")]

    before, before_ben = etags(ann), etags(ben)
    assert before[0] != before_ben[0]
    ann.put("/ratings/100", {"rating": 3})
    after = etags(ann)
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert before[2] == after[2]
    assert etags(ben) == before_ben
