from pathlib import Path

from matinee.service.state.event_queue import EventQueue
from matinee.store.events import NewEvent
from matinee.store.store import open_store


def test_events_are_written_in_order_and_before_close(tmp_path: Path) -> None:
    with open_store(tmp_path / "matinee.db") as store:
        ann = store.users.create("Ann").id
        event_queue = EventQueue(store.events)
        for rank in range(1, 2501):
            event_queue.put([NewEvent(kind="shown", user_id=ann, movie_id=str(rank), list_id="l", rank=rank)])
        event_queue.flush()
        assert [event.rank for event in store.events.for_list("l")] == list(range(1, 2501))
        event_queue.put([NewEvent(kind="clicked", user_id=ann, list_id="m")])
        event_queue.close()
        assert len(store.events.for_list("m")) == 1


def test_a_deleted_user_causes_no_loss_for_others(tmp_path: Path) -> None:
    with open_store(tmp_path / "matinee.db") as store:
        ann, ben = store.users.create("Ann").id, store.users.create("Ben").id
        store.users.delete(ben)
        event_queue = EventQueue(store.events)
        event_queue.put([NewEvent(kind="clicked", user_id=user_id, list_id="l") for user_id in (ann, ben, ann)])
        event_queue.close()
        assert [event.user_id for event in store.events.for_list("l")] == [ann, ann]
