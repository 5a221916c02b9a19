from pathlib import Path

from matinee.service.state.event_queue import EventQueue
from matinee.store.events import NewEvent
from matinee.store.store import open_store


def test_events_are_written_in_order_and_before_it_closes(tmp_path: Path) -> None:
    with open_store(tmp_path / "matinee.db") as store:
        ann = store.users.create("Ann").id
        happenings = EventQueue(store.events)
        for place in range(1, 2501):
            happenings.put([NewEvent(kind="shown", user_id=ann, movie_id=str(place), list_id="l", place=place)])
        happenings.flush()
        assert [one.place for one in store.events.of_list("l")] == list(range(1, 2501))
        happenings.put([NewEvent(kind="opened", user_id=ann, list_id="m")])
        happenings.close()
        assert len(store.events.of_list("m")) == 1


def test_whoever_is_gone_costs_others_no_event(tmp_path: Path) -> None:
    with open_store(tmp_path / "matinee.db") as store:
        ann, ben = store.users.create("Ann").id, store.users.create("Ben").id
        store.users.delete(ben)
        happenings = EventQueue(store.events)
        happenings.put([NewEvent(kind="opened", user_id=one, list_id="l") for one in (ann, ben, ann)])
        happenings.close()
        assert [one.user_id for one in store.events.of_list("l")] == [ann, ann]
