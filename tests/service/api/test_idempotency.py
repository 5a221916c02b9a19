from tests.service.conftest import Api


def test_a_repeated_write_is_done_once(ann: Api) -> None:
    key = {"Idempotency-Key": "one"}
    first = ann.request("PUT", "/ratings/100", json={"rating": 5}, headers=key)
    ann.put("/ratings/100", {"rating": 1})
    second = ann.request("PUT", "/ratings/100", json={"rating": 5}, headers=key)
    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert ann.get("/ratings/100")["rating"] == 1
    assert len(ann.get("/changes")["items"]) == 2


def test_a_key_belongs_to_one_request(ann: Api) -> None:
    key = {"Idempotency-Key": "one"}
    ann.put("/ratings/100", {"rating": 5}, headers=key)
    assert "was used for another request" in ann.put("/ratings/100", {"rating": 4}, 409, headers=key)["detail"]
    ann.put("/ratings/101", {"rating": 5}, 409, headers=key)
    ann.delete("/ratings/100", 409, headers=key)


def test_each_user_has_separate_keys(api: Api) -> None:
    for name in ("Ann", "Ben"):
        user = api.new_user(name)
        user.put("/watchlist/100", headers={"Idempotency-Key": "one"})
        assert len(user.get("/watchlist")["items"]) == 1


def test_a_failed_write_can_be_retried_with_its_key(ann: Api) -> None:
    key = {"Idempotency-Key": "one"}
    ann.post("/changes/1/undo", status=404, headers=key)
    ann.put("/ratings/100", {"rating": 5})
    assert ann.post("/changes/1/undo", headers=key)["change"]["undoes_id"] == 1


def test_replayed_and_empty_removals_are_not_counted(ann: Api) -> None:
    def n_counted() -> float:
        return ann.state.metrics.ratings._value.get()

    ann.put("/ratings/100", {"rating": 5})
    for _ in range(2):
        ann.delete("/ratings/100", headers={"Idempotency-Key": "one"})
    assert n_counted() == 2  # the rating and its removal
    assert ann.delete("/ratings/100") == {"change": None}
    assert n_counted() == 2
    assert [event["kind"] for event in ann.get("/me/export")["events"]] == ["rated", "unrated"]
