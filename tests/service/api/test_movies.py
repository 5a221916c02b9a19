from tests.service.conftest import TITLES, Api


def test_the_catalogue_has_pages_most_rated_first(api: Api) -> None:
    seen, cursor = [], ""
    while True:
        page = api.get(f"/movies?limit=5{cursor}")
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(item["movie_id"] for item in seen) == [str(number) for number in range(100, 116)]
    counts = [item["rating_count"] for item in seen]
    assert counts == sorted(counts, reverse=True)
    assert api.get("/movies?genre=Even&limit=100")["next"] is None
    assert len(api.get("/movies?genre=Even&limit=100")["items"]) == 8
    api.get("/movies?cursor=nothing", 400)


def test_a_movie_has_its_facts(api: Api) -> None:
    assert api.get("/movies/100") | {"rating_count": 0} == {
        "movie_id": "100",
        "title": "Heat",
        "year": 1970,
        "genres": ["Even"],
        "rating_count": 0,
        "facts": {},
    }


def test_search_finds_movies_while_the_title_is_typed(api: Api) -> None:
    assert sorted(item["title"] for item in api.get("/search?q=ali")["items"]) == ["Alien", "Aliens"]
    assert api.get("/search?q=amelei")["items"][0]["title"] == TITLES[2]
    assert api.get("/search?q=se7en&k=1")["items"][0]["movie_id"] == "107"
    assert api.get("/search?q=")["items"] == []


def test_similar_and_also_liked_movies_share_a_genre(ann: Api) -> None:
    similar = ann.get("/movies/100/similar?k=3")
    assert similar["to"]["title"] == "Heat"
    assert all(int(item["movie_id"]) % 2 == 0 and item["shared_genres"] == ["Even"] for item in similar["items"])
    liked = ann.get("/movies/100/also-liked?k=3")
    assert liked["items"]
    assert all(int(item["movie_id"]) % 2 == 0 for item in liked["items"])
    first = liked["items"][0]["movie_id"]
    ann.put(f"/ratings/{first}", {"rating": 5})
    assert first not in [item["movie_id"] for item in ann.get("/movies/100/also-liked?near_me=true")["items"]]


def test_also_liked_without_the_data_gives_the_reason(new_api) -> None:
    api = new_api(also_liked=False)
    assert "the setting also_liked is off. Set --data" in api.get("/movies/100/also-liked", 409)["detail"]
