from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.conftest import Api


def ids(listed: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["movie_id"] for one in listed["items"]]


def test_somebody_new_gets_a_place_to_start(ann: Api) -> None:
    listed = ann.get("/recommendations")
    assert (len(listed["items"]), listed["rated"], listed["model"]) == (10, 0, "ease")
    assert listed["items"][0]["reasons"] == ["a good place to start: nothing is known of your taste yet"]


def test_the_dials_and_filters_reach_the_pipeline(ann: Api) -> None:
    ann.put("/ratings/100", {"stars": 5})
    assert all(int(one) % 2 for one in ids(ann.get("/recommendations?genre=odd")))
    assert not any(int(one) % 2 for one in ids(ann.get("/recommendations?without_genre=Odd")))
    assert ids(ann.get("/recommendations?year_from=1974&year_to=1974")) == ["104"]
    plain = ids(ann.get("/recommendations?k=3"))
    assert plain[0] not in ids(ann.get(f"/recommendations?without={plain[0]}&without={plain[1]}"))
    assert len(plain) == 3
    varied = ids(ann.get("/recommendations?k=4&diversity=1"))
    assert {int(one) % 2 for one in varied} == {0, 1}
    assert {int(one) % 2 for one in ids(ann.get("/recommendations?k=4"))} == {0}
    drawn = ids(ann.get("/recommendations?exploration=5&seed=1"))
    assert drawn != ids(ann.get("/recommendations?exploration=5&seed=2"))
    assert "100" in ids(ann.get("/recommendations?seen_too=true&k=16"))
    assert "100" not in ids(ann.get("/recommendations?k=16"))


def test_lists_of_ones_own_are_heard(ann: Api) -> None:
    ann.put("/ratings/100", {"stars": 5})
    ann.put("/watchlist/109")
    assert ids(ann.get("/recommendations?from_watchlist=only")) == ["109"]
    assert "109" not in ids(ann.get("/recommendations?from_watchlist=leave-out&k=16"))
    first = ids(ann.get("/recommendations"))[0]
    ann.put(f"/not-interested/{first}")
    assert first not in ids(ann.get("/recommendations?k=16"))


def test_what_is_left_out_of_a_taste_is_neither_heard_nor_shown(ann: Api) -> None:
    ann.put("/ratings/101", {"stars": 5})
    ann.put("/ratings/100", {"stars": 5})
    both = ids(ann.get("/recommendations?k=16"))
    ann.put("/exclusions/101")
    left = ann.get("/recommendations?k=16")
    assert left["rated"] == 1
    assert all("Third Man" not in str(one["reasons"]) for one in left["items"])
    assert "101" not in ids(left)
    ann.delete("/exclusions/101")
    assert ids(ann.get("/recommendations?k=16")) == both


def test_reasons_are_said_in_ones_own_language(ann: Api) -> None:
    ann.put("/ratings/100", {"stars": 5})
    ann.ask("PATCH", "/me", json={"language": "zh"})
    assert ann.get("/recommendations")["items"][0]["reasons"] == ["因为你喜欢《Heat》（5星）"]
    assert ann.get("/recommendations?language=en")["items"][0]["reasons"] == ["because you liked Heat (5 stars)"]


def test_why_says_what_carries_a_movie(ann: Api) -> None:
    ann.put("/ratings/100", {"stars": 5})
    first = ids(ann.get("/recommendations"))[0]
    told = ann.get(f"/recommendations/{first}/explanation")
    assert (told["rank"], told["supporters"][0]["movie_id"], told["supporters"][0]["stars"]) == (1, "100", 5)
    assert told["counterfactual"].startswith("without your 5 for Heat it would ")
    assert "has been rated already" in ann.get("/recommendations/100/explanation", 404)["detail"]


def test_a_list_can_be_explained_later(ann: Api) -> None:
    ann.put("/ratings/100", {"stars": 5})
    listed = ann.get("/recommendations?k=3&diversity=0.5")
    first = ids(listed)[0]
    ann.post("/clicks", {"movie_id": first, "list_id": listed["list_id"]})
    ann.put(f"/ratings/{first}", {"stars": 4, "list_id": listed["list_id"]})
    told = ann.get(f"/lists/{listed['list_id']}")
    assert (told["model"], told["fingerprint"]) == (listed["model"], listed["fingerprint"])
    assert [one["kind"] for one in told["events"]] == ["shown", "shown", "shown", "opened", "rated"]
    assert [one["place"] for one in told["events"][:3]] == [1, 2, 3]
    assert told["events"][0]["detail"] == {
        "reasons": listed["items"][0]["reasons"],
        "asked": {"k": 3, "diversity": 0.5},
    }


def test_stars_are_predicted_where_a_model_does(new_api: Callable[..., Api], stars_folder: Path) -> None:
    ann = new_api(stars=stars_folder).somebody("Ann")
    ann.put("/ratings/100", {"stars": 5})
    assert all(0.5 <= one["predicted_rating"] <= 5 for one in ann.get("/recommendations")["items"])


def test_a_night_for_profiles_and_guests(api: Api) -> None:
    ann, ben = api.somebody("Ann"), api.somebody("Ben")
    ann.put("/ratings/100", {"stars": 5})
    ben.put("/ratings/102", {"stars": 5})
    ben.put("/exclusions/104")
    night = ann.post(
        "/movie-night",
        {"people": [int(ben.headers["X-Matinee-Profile"])], "guests": [{"name": "Cleo", "likes": ["106"]}], "k": 5},
    )
    assert len(night["movies"]) == 5
    assert [one["name"] for one in night["movies"][0]["people"]] == ["Ann", "Ben", "Cleo"]
    assert not {"100", "102", "104", "106"} & {one["movie_id"] for one in night["movies"]}
    assert night["movies"][0]["sentence"]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({}, 400, "a movie night is for 2 to 8 people, and 1 was given"),
        ({"people": [99]}, 404, "no user has the number 99"),
        ({"guests": [{"name": "Ann"}]}, 400, "two people are called 'Ann'"),
        ({"guests": [{"name": "Ben", "likes": ["x"]}]}, 404, "no movie has the id 'x'"),
        ({"guests": [{"name": "Ben"}], "strategy": "dice"}, 422, "body.strategy"),
    ],
)
def test_a_night_that_cannot_be(ann: Api, asked: dict[str, object], status: int, said: str) -> None:
    assert said in ann.post("/movie-night", asked, status)["detail"]
