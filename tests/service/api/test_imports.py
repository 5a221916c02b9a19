from collections.abc import Callable

from tests.service.conftest import Api

DIARY = b"Title,Year,Rating\nHeat,1970,4\nAlien,1973,2\nThe Fourth Man,1950,5\n"


def upload(user: Api, content: bytes = DIARY, status: int = 200) -> dict:
    return user.post("/imports", status=status, files={"file": ("films.csv", content)})


def test_a_diary_is_uploaded_corrected_kept_and_undone(ann: Api) -> None:
    report = upload(ann)
    assert (report["status"], report["new"], report["source"]) == ("pending", True, "csv")
    assert report["counts"] == {"matched": 2, "ambiguous": 0, "missed": 1}
    missed = next(line for line in report["lines"] if line["movie_id"] is None)
    assert missed["entry"]["title"] == "The Fourth Man"
    assert ann.get("/ratings")["items"] == []
    url = f"/imports/{report['id']}"
    corrected = ann.put(f"{url}/choices", {"choices": [{"line": missed["line"], "movie_id": "101"}]})
    assert corrected["counts"] == {"matched": 3, "ambiguous": 0, "missed": 0}
    done = ann.post(f"{url}/keep")
    assert (done["status"], done["changed"], done["unchanged"]) == ("kept", 3, 0)
    assert {item["movie_id"]: item["rating"] for item in ann.get("/ratings")["items"]} == {"100": 4, "103": 2, "101": 5}
    again = upload(ann)
    assert (again["id"], again["new"], again["status"]) == (report["id"], False, "kept")
    ann.post(f"{url}/keep", status=409)
    assert ann.post(f"{url}/undo")["changed"] == 3
    assert ann.get("/ratings")["items"] == []
    assert [item["status"] for item in ann.get("/imports")["items"]] == ["undone"]


def test_a_diary_can_be_discarded(ann: Api) -> None:
    report = upload(ann)
    assert ann.post(f"/imports/{report['id']}/discard")["status"] == "discarded"
    assert ann.get(f"/imports/{report['id']}")["lines"] == []
    assert upload(ann)["new"]


def test_errors_in_a_diary_name_the_row(ann: Api) -> None:
    problem = upload(ann, b"a,b\n1,2\n", 400)
    assert problem["detail"].startswith("films.csv, row 1: the columns are 'a', 'b'; expected ")


def test_imports_of_other_users_are_not_found(api: Api) -> None:
    ann, ben = api.new_user("Ann"), api.new_user("Ben")
    number = upload(ann)["id"]
    for method, path in (("GET", ""), ("POST", "/keep"), ("POST", "/discard"), ("POST", "/undo")):
        ben.request(method, f"/imports/{number}{path}", 404)


def test_a_large_file_is_refused(new_api: Callable[..., Api]) -> None:
    ann = new_api(max_upload_bytes=200).new_user("Ann")
    upload(ann, DIARY * 10, 413)
