from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.conftest import Api


def ids(movie_list: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["movie_id"] for item in movie_list["items"]]


def test_new_users_get_a_start_list(ann: Api) -> None:
    movie_list = ann.get("/recommendations")
    assert (len(movie_list["items"]), movie_list["n_ratings"], movie_list["model"]) == (10, 0, "ease")
    assert movie_list["items"][0]["reasons"] == ["a good place to start: we do not know your taste yet"]


def test_parameters_and_filters_reach_the_pipeline(ann: Api) -> None:
    ann.put("/ratings/100", {"rating": 5})
    assert all(int(movie_id) % 2 for movie_id in ids(ann.get("/recommendations?genre=odd")))
    assert not any(int(movie_id) % 2 for movie_id in ids(ann.get("/recommendations?without_genre=Odd")))
    assert ids(ann.get("/recommendations?year_from=1974&year_to=1974")) == ["104"]
    plain = ids(ann.get("/recommendations?k=3"))
    assert plain[0] not in ids(ann.get(f"/recommendations?without={plain[0]}&without={plain[1]}"))
    assert len(plain) == 3
    varied = ids(ann.get("/recommendations?k=4&diversity=1"))
    assert {int(movie_id) % 2 for movie_id in varied} == {0, 1}
    assert {int(movie_id) % 2 for movie_id in ids(ann.get("/recommendations?k=4"))} == {0}
    drawn = ids(ann.get("/recommendations?exploration=5&seed=1"))
    assert drawn != ids(ann.get("/recommendations?exploration=5&seed=2"))
    assert "100" in ids(ann.get("/recommendations?include_seen=true&k=16"))
    assert "100" not in ids(ann.get("/recommendations?k=16"))


def test_lists_of_the_user_are_used(ann: Api) -> None:
    ann.put("/ratings/100", {"rating": 5})
    ann.put("/watchlist/109")
    assert ids(ann.get("/recommendations?from_watchlist=only")) == ["109"]
    assert "109" not in ids(ann.get("/recommendations?from_watchlist=leave-out&k=16"))
    first = ids(ann.get("/recommendations"))[0]
    ann.put(f"/not-interested/{first}")
    assert first not in ids(ann.get("/recommendations?k=16"))


def test_excluded_movies_are_neither_used_nor_shown(ann: Api) -> None:
    ann.put("/ratings/101", {"rating": 5})
    ann.put("/ratings/100", {"rating": 5})
    both = ids(ann.get("/recommendations?k=16"))
    ann.put("/exclusions/101")
    without = ann.get("/recommendations?k=16")
    assert without["n_ratings"] == 1
    assert all("Third Man" not in str(item["reasons"]) for item in without["items"])
    assert "101" not in ids(without)
    ann.delete("/exclusions/101")
    assert ids(ann.get("/recommendations?k=16")) == both


def test_reasons_are_in_the_language_of_the_user(ann: Api) -> None:
    ann.put("/ratings/100", {"rating": 5})
    ann.request("PATCH", "/me", json={"language": "zh"})
    assert ann.get("/recommendations")["items"][0]["reasons"] == ["因为你喜欢《Heat》（5星）"]
    assert ann.get("/recommendations?language=en")["items"][0]["reasons"] == ["because you liked Heat (5 stars)"]


def test_an_explanation_names_the_supporters(ann: Api) -> None:
    ann.put("/ratings/100", {"rating": 5})
    first = ids(ann.get("/recommendations"))[0]
    explanation = ann.get(f"/recommendations/{first}/explanation")
    assert (explanation["rank"], explanation["supporters"][0]["movie_id"], explanation["supporters"][0]["rating"]) == (
        1,
        "100",
        5,
    )
    assert explanation["counterfactual"].startswith("without your 5 for Heat it would ")
    assert "is rated already" in ann.get("/recommendations/100/explanation", 404)["detail"]


def test_a_list_can_be_explained_later(ann: Api) -> None:
    ann.put("/ratings/100", {"rating": 5})
    movie_list = ann.get("/recommendations?k=3&diversity=0.5")
    first = ids(movie_list)[0]
    ann.post("/clicks", {"movie_id": first, "list_id": movie_list["list_id"]})
    ann.put(f"/ratings/{first}", {"rating": 4, "list_id": movie_list["list_id"]})
    shown = ann.get(f"/lists/{movie_list['list_id']}")
    assert (shown["model"], shown["fingerprint"]) == (movie_list["model"], movie_list["fingerprint"])
    assert [item["kind"] for item in shown["events"]] == ["shown", "shown", "shown", "clicked", "rated"]
    assert [item["rank"] for item in shown["events"][:3]] == [1, 2, 3]
    assert shown["events"][0]["detail"] == {
        "reasons": movie_list["items"][0]["reasons"],
        "query": {"k": 3, "diversity": 0.5},
    }


def test_a_rating_model_predicts_ratings(new_api: Callable[..., Api], rating_run_folder: Path) -> None:
    ann = new_api(rating_run=rating_run_folder).new_user("Ann")
    ann.put("/ratings/100", {"rating": 5})
    assert all(0.5 <= item["predicted_rating"] <= 5 for item in ann.get("/recommendations")["items"])


def test_a_movie_night_for_profiles_and_guests(api: Api) -> None:
    ann, ben = api.new_user("Ann"), api.new_user("Ben")
    ann.put("/ratings/100", {"rating": 5})
    ben.put("/ratings/102", {"rating": 5})
    ben.put("/exclusions/104")
    night = ann.post(
        "/movie-night",
        {"users": [int(ben.headers["X-Matinee-Profile"])], "guests": [{"name": "Cleo", "likes": ["106"]}], "k": 5},
    )
    assert len(night["movies"]) == 5
    assert [item["name"] for item in night["movies"][0]["guests"]] == ["Ann", "Ben", "Cleo"]
    assert not {"100", "102", "104", "106"} & {item["movie_id"] for item in night["movies"]}
    assert night["movies"][0]["sentence"]


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "A movie night"),
        ({"users": [99]}, 404, "No user has the number 99"),
        ({"guests": [{"name": "Ann"}]}, 400, "Two guests are called 'Ann'"),
        ({"guests": [{"name": "Ben", "likes": ["x"]}]}, 404, "No movie has the id 'x'"),
        ({"guests": [{"name": "Ben"}], "strategy": "dice"}, 422, "body.strategy"),
    ],
)
def test_invalid_movie_nights_are_refused(ann: Api, body: dict[str, object], status: int, text: str) -> None:
    assert text in ann.post("/movie-night", body, status)["detail"]
