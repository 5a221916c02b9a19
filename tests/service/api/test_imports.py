from collections.abc import Callable

from tests.service.conftest import Api

DIARY = b"Title,Year,Rating\nHeat,1970,4\nAlien,1973,2\nThe Fourth Man,1950,5\n"


def brought(who: Api, content: bytes = DIARY, status: int = 200) -> dict:
    return who.post("/imports", status=status, files={"file": ("films.csv", content)})


def test_a_diary_is_brought_corrected_kept_and_taken_back(ann: Api) -> None:
    report = brought(ann)
    assert (report["status"], report["new"], report["source"]) == ("pending", True, "csv")
    assert report["counts"] == {"matched": 2, "ambiguous": 0, "missed": 1}
    missed = next(one for one in report["lines"] if one["movie_id"] is None)
    assert missed["entry"]["title"] == "The Fourth Man"
    assert ann.get("/ratings")["items"] == []
    address = f"/imports/{report['id']}"
    chosen = ann.put(f"{address}/choices", {"choices": [{"line": missed["line"], "movie_id": "101"}]})
    assert chosen["counts"] == {"matched": 3, "ambiguous": 0, "missed": 0}
    done = ann.post(f"{address}/keep")
    assert (done["status"], done["changed"], done["left"]) == ("kept", 3, 0)
    assert {one["movie_id"]: one["stars"] for one in ann.get("/ratings")["items"]} == {"100": 4, "103": 2, "101": 5}
    again = brought(ann)
    assert (again["id"], again["new"], again["status"]) == (report["id"], False, "kept")
    ann.post(f"{address}/keep", status=409)
    assert ann.post(f"{address}/undo")["changed"] == 3
    assert ann.get("/ratings")["items"] == []
    assert [one["status"] for one in ann.get("/imports")["items"]] == ["undone"]


def test_a_diary_may_be_discarded(ann: Api) -> None:
    report = brought(ann)
    assert ann.post(f"/imports/{report['id']}/discard")["status"] == "discarded"
    assert ann.get(f"/imports/{report['id']}")["lines"] == []
    assert brought(ann)["new"]


def test_what_is_no_diary_is_told_where(ann: Api) -> None:
    problem = brought(ann, b"a,b\n1,2\n", 400)
    assert problem["detail"].startswith("films.csv, row 1: the columns are 'a', 'b'; expected ")


def test_anothers_import_is_not_there(api: Api) -> None:
    ann, ben = api.somebody("Ann"), api.somebody("Ben")
    number = brought(ann)["id"]
    for method, path in (("GET", ""), ("POST", "/keep"), ("POST", "/discard"), ("POST", "/undo")):
        ben.ask(method, f"/imports/{number}{path}", 404)


def test_a_file_that_is_too_large_is_refused(new_api: Callable[..., Api]) -> None:
    ann = new_api(most_upload=200).somebody("Ann")
    brought(ann, DIARY * 10, 413)
