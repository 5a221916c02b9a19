from tests.service.conftest import TITLES, Api


def test_the_catalogue_comes_by_pages_the_most_rated_first(api: Api) -> None:
    seen, cursor = [], ""
    while True:
        page = api.get(f"/movies?limit=5{cursor}")
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(one["movie_id"] for one in seen) == [str(number) for number in range(100, 116)]
    rated = [one["rated"] for one in seen]
    assert rated == sorted(rated, reverse=True)
    assert api.get("/movies?genre=Even&limit=100")["next"] is None
    assert len(api.get("/movies?genre=Even&limit=100")["items"]) == 8
    api.get("/movies?cursor=nothing", 400)


def test_a_movie_has_its_facts(api: Api) -> None:
    assert api.get("/movies/100") | {"rated": 0} == {
        "movie_id": "100",
        "title": "Heat",
        "year": 1970,
        "genres": ["Even"],
        "rated": 0,
        "facts": {},
    }


def test_movies_are_found_as_they_are_typed(api: Api) -> None:
    assert sorted(one["title"] for one in api.get("/search?q=ali")["items"]) == ["Alien", "Aliens"]
    assert api.get("/search?q=amelei")["items"][0]["title"] == TITLES[2]
    assert api.get("/search?q=se7en&k=1")["items"][0]["movie_id"] == "107"
    assert api.get("/search?q=")["items"] == []


def test_similar_and_also_liked_name_movies_of_the_same_kind(ann: Api) -> None:
    likest = ann.get("/movies/100/similar?k=3")
    assert likest["to"]["title"] == "Heat"
    assert all(int(one["movie_id"]) % 2 == 0 and one["shared_genres"] == ["Even"] for one in likest["items"])
    liked = ann.get("/movies/100/also-liked?k=3")
    assert liked["items"]
    assert all(int(one["movie_id"]) % 2 == 0 for one in liked["items"])
    first = liked["items"][0]["movie_id"]
    ann.put(f"/ratings/{first}", {"stars": 5})
    assert first not in [one["movie_id"] for one in ann.get("/movies/100/also-liked?near_me=true")["items"]]


def test_also_liked_without_the_data_says_why(new_api) -> None:
    api = new_api(also_liked=False)
    assert "the setting also_liked; expected" in api.get("/movies/100/also-liked", 409)["detail"]
