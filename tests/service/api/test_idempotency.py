from tests.service.conftest import Api


def test_a_write_sent_twice_is_done_once(ann: Api) -> None:
    key = {"Idempotency-Key": "one"}
    first = ann.ask("PUT", "/ratings/100", json={"stars": 5}, headers=key)
    ann.put("/ratings/100", {"stars": 1})
    second = ann.ask("PUT", "/ratings/100", json={"stars": 5}, headers=key)
    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert ann.get("/ratings/100")["stars"] == 1
    assert len(ann.get("/changes")["items"]) == 2


def test_a_key_goes_with_one_request(ann: Api) -> None:
    key = {"Idempotency-Key": "one"}
    ann.put("/ratings/100", {"stars": 5}, headers=key)
    assert "came with another request" in ann.put("/ratings/100", {"stars": 4}, 409, headers=key)["detail"]
    ann.put("/ratings/101", {"stars": 5}, 409, headers=key)
    ann.delete("/ratings/100", 409, headers=key)


def test_each_person_has_keys_of_their_own(api: Api) -> None:
    for name in ("Ann", "Ben"):
        who = api.somebody(name)
        who.put("/watchlist/100", headers={"Idempotency-Key": "one"})
        assert len(who.get("/watchlist")["items"]) == 1


def test_what_failed_may_be_tried_again_under_its_key(ann: Api) -> None:
    key = {"Idempotency-Key": "one"}
    ann.post("/changes/1/undo", status=404, headers=key)
    ann.put("/ratings/100", {"stars": 5})
    assert ann.post("/changes/1/undo", headers=key)["change"]["undoes_id"] == 1
