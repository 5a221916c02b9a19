import json

import pytest

from tests.service.conftest import Api


def test_a_rating_is_added_changed_removed_and_restored(ann: Api) -> None:
    first = ann.put("/ratings/100", {"rating": 4})["change"]
    assert (first["before"], first["after"]["rating"], first["source"]) == (None, 4, "api")
    second = ann.put("/ratings/100", {"rating": 2.5, "rated_at": "2024-05-06T07:08:09+02:00"})["change"]
    assert second["before"]["rating"] == 4
    rating = ann.get("/ratings/100")
    assert (rating["rating"], rating["title"], rating["rated_at"]) == (2.5, "Heat", "2024-05-06T05:08:09Z")
    removed = ann.delete("/ratings/100")["change"]
    ann.get("/ratings/100", 404)
    assert ann.delete("/ratings/100") == {"change": None}
    ann.post(f"/changes/{removed['id']}/undo")
    ann.post(f"/changes/{second['id']}/undo")
    assert ann.get("/ratings/100")["rating"] == 4
    assert len(ann.get("/changes")["items"]) == 5


@pytest.mark.parametrize("value", [0, 5.5, 3.3, "good", None, True, 1e400])
def test_invalid_ratings_are_refused(ann: Api, value: object) -> None:
    ann.put("/ratings/100", status=422, content=json.dumps({"rating": value}))
    assert ann.get("/ratings")["items"] == []


def test_pages_stay_stable_while_ratings_are_added(ann: Api) -> None:
    for number in range(10):
        ann.put(f"/ratings/{100 + number}", {"rating": 3, "rated_at": f"2024-01-{number + 1:02}T00:00:00Z"})
    first = ann.get("/ratings?limit=4")
    ann.put("/ratings/115", {"rating": 5})
    ann.delete("/ratings/100")
    second = ann.get(f"/ratings?limit=4&cursor={first['next']}")
    third = ann.get(f"/ratings?limit=4&cursor={second['next']}")
    seen = [item["movie_id"] for page in (first, second, third) for item in page["items"]]
    assert seen == [str(100 + number) for number in range(9, 0, -1)]
    assert third["next"] is None


def test_an_export_can_be_imported(api: Api) -> None:
    ann, ben = api.new_user("Ann"), api.new_user("Ben")
    ann.put("/ratings/102", {"rating": 4.5, "rated_at": "2024-01-02T00:00:00Z"})
    ann.put("/ratings/107", {"rating": 2, "rated_at": "2024-01-01T00:00:00Z"})
    exported = ann.request("GET", "/ratings/export")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    assert exported.headers["content-disposition"] == 'attachment; filename="ratings.csv"'
    assert exported.text.splitlines() == [
        "Title,Year,Rating,WatchedDate,MovieId",
        "Seven (a.k.a. Se7en),1977,2,2024-01-01,107",
        "Amélie,1972,4.5,2024-01-02,102",
    ]
    report = ben.post("/imports", files={"file": ("ratings.csv", exported.content)})
    ben.post(f"/imports/{report['id']}/keep")
    assert [item["rating"] for item in ben.get("/ratings")["items"]] == [4.5, 2]
    assert [item["movie_id"] for item in ann.get("/ratings/export?format=json")] == ["107", "102"]


def test_unknown_movies_cannot_be_rated(ann: Api) -> None:
    ann.put("/ratings/99", {"rating": 5}, 404)
    ann.delete("/ratings/99")
