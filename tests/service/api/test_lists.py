import pytest

from tests.service.conftest import Api


@pytest.mark.parametrize("name", ["watchlist", "not-interested", "exclusions"])
def test_a_list_can_be_changed_and_undone(ann: Api, name: str) -> None:
    ann.put(f"/{name}/100")
    change = ann.put(f"/{name}/101")["change"]
    assert change["movie_id"] == "101"
    assert ann.put(f"/{name}/101") == {"change": None}
    assert [(item["movie_id"], item["title"]) for item in ann.get(f"/{name}")["items"]] == [
        ("101", "The Third Man"),
        ("100", "Heat"),
    ]
    ann.delete(f"/{name}/100")
    ann.post(f"/changes/{change['id']}/undo")
    assert ann.get(f"/{name}")["items"] == []
    ann.put(f"/{name}/99", status=404)
