from tests.service.conftest import Api


def test_what_somebody_has_is_not_sent_again(ann: Api) -> None:
    for path in ("/movies", "/movies/100", "/movies/100/similar", "/search?q=heat", "/recommendations", "/ratings"):
        first = ann.ask("GET", path)
        tag = first.headers["etag"]
        again = ann.ask("GET", path, 304, headers={"If-None-Match": f'"other", {tag}'})
        assert again.content == b""
        assert again.headers["etag"] == tag
        ann.ask("GET", path, headers={"If-None-Match": '"other"'})


def test_a_rating_changes_the_tags_of_ones_own_lists_alone(api: Api) -> None:
    ann, ben = api.somebody("Ann"), api.somebody("Ben")

    def tags(who: Api) -> list[str]:
        return [who.ask("GET", path).headers["etag"] for path in ("/recommendations", "/ratings", "/movies")]

    before, bens = tags(ann), tags(ben)
    assert before[0] != bens[0]
    ann.put("/ratings/100", {"stars": 3})
    after = tags(ann)
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert before[2] == after[2]
    assert tags(ben) == bens
