"""The bounded queue counts what it could not hold."""

from hypothesis import example, given
from hypothesis import strategies as st

from overt.capture._backends._queue import EventQueue
from overt.events.raw import RawMove


def move(seq: int) -> RawMove:
    return RawMove(seq=seq, at_ns=0, x=0, y=0)


@example(capacity=1, script=["push", "push", "drain", "push"])
@example(capacity=2, script=["push", "push", "push", "forget", "push"])
@given(capacity=st.integers(1, 5), script=st.lists(st.sampled_from(["push", "lose", "drain", "forget"])))
def test_what_was_seen_is_what_was_taken_forgotten_and_lost(capacity: int, script: list[str]) -> None:
    queue, taken = EventQueue(capacity), []

    for step in script:
        if step == "push":
            queue.push(move(queue.seen + 1))
        elif step == "lose":
            queue.lose()
        elif step == "forget":
            queue.forget()
        else:
            taken += queue.drain()
    taken += queue.drain()

    assert queue.seen == len(taken) + queue.forgotten + queue.lost == script.count("push") + script.count("lose")
    assert [event.seq for event in taken] == sorted(event.seq for event in taken)


def test_only_the_first_event_of_an_empty_queue_wakes_the_session() -> None:
    queue = EventQueue()

    woken = [queue.push(move(1)), queue.push(move(2))]
    queue.drain()

    assert [*woken, queue.pending, queue.push(move(3)), queue.pending] == [True, False, False, True, True]


def test_a_full_queue_keeps_the_oldest() -> None:
    queue = EventQueue(2)

    for seq in (1, 2, 3):
        queue.push(move(seq))

    assert [event.seq for event in queue.drain()] == [1, 2]
    assert queue.lost == 1
