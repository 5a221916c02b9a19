import json

import pytest

from tests.service.conftest import Api


def test_a_rating_is_given_changed_removed_and_taken_back(ann: Api) -> None:
    first = ann.put("/ratings/100", {"stars": 4})["change"]
    assert (first["before"], first["after"]["stars"], first["source"]) == (None, 4, "api")
    second = ann.put("/ratings/100", {"stars": 2.5, "rated_at": "2024-05-06T07:08:09+02:00"})["change"]
    assert second["before"]["stars"] == 4
    found = ann.get("/ratings/100")
    assert (found["stars"], found["title"], found["rated_at"]) == (2.5, "Heat", "2024-05-06T05:08:09Z")
    removed = ann.delete("/ratings/100")["change"]
    ann.get("/ratings/100", 404)
    assert ann.delete("/ratings/100") == {"change": None}
    ann.post(f"/changes/{removed['id']}/undo")
    ann.post(f"/changes/{second['id']}/undo")
    assert ann.get("/ratings/100")["stars"] == 4
    assert len(ann.get("/changes")["items"]) == 5


@pytest.mark.parametrize("stars", [0, 5.5, 3.3, "good", None, True, 1e400])
def test_what_is_no_rating_is_refused(ann: Api, stars: object) -> None:
    ann.put("/ratings/100", status=422, content=json.dumps({"stars": stars}))
    assert ann.get("/ratings")["items"] == []


def test_pages_stay_as_they_are_when_ratings_come_in(ann: Api) -> None:
    for number in range(10):
        ann.put(f"/ratings/{100 + number}", {"stars": 3, "rated_at": f"2024-01-{number + 1:02}T00:00:00Z"})
    first = ann.get("/ratings?limit=4")
    ann.put("/ratings/115", {"stars": 5})
    ann.delete("/ratings/100")
    second = ann.get(f"/ratings?limit=4&cursor={first['next']}")
    third = ann.get(f"/ratings?limit=4&cursor={second['next']}")
    seen = [one["movie_id"] for page in (first, second, third) for one in page["items"]]
    assert seen == [str(100 + number) for number in range(9, 0, -1)]
    assert third["next"] is None


def test_what_is_taken_out_can_be_brought_back(api: Api) -> None:
    ann, ben = api.somebody("Ann"), api.somebody("Ben")
    ann.put("/ratings/102", {"stars": 4.5, "rated_at": "2024-01-02T00:00:00Z"})
    ann.put("/ratings/107", {"stars": 2, "rated_at": "2024-01-01T00:00:00Z"})
    taken = ann.ask("GET", "/ratings/export")
    assert taken.headers["content-type"] == "text/csv; charset=utf-8"
    assert taken.headers["content-disposition"] == 'attachment; filename="ratings.csv"'
    assert taken.text.splitlines() == [
        "Title,Year,Rating,WatchedDate,MovieId",
        "Seven (a.k.a. Se7en),1977,2,2024-01-01,107",
        "Amélie,1972,4.5,2024-01-02,102",
    ]
    report = ben.post("/imports", files={"file": ("ratings.csv", taken.content)})
    ben.post(f"/imports/{report['id']}/keep")
    assert [one["stars"] for one in ben.get("/ratings")["items"]] == [4.5, 2]
    assert [one["movie_id"] for one in ann.get("/ratings/export?format=json")] == ["107", "102"]


def test_a_movie_that_is_not_there_cannot_be_rated(ann: Api) -> None:
    ann.put("/ratings/99", {"stars": 5}, 404)
    ann.delete("/ratings/99")
