"""A session that nobody had: repeatable, of the vocabulary, as a recorder would have kept it, and never a person's."""

import hashlib
import struct
import zlib
from collections import Counter
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.errors import UsageError
from overt.events.redacted import (
    REDACTED,
    Clicked,
    FrameTaken,
    PageEntered,
    PageLeft,
    RedactedEvent,
    RedactedFrame,
    Typed,
    Withheld,
)
from overt.policy.sites import Allowed, judge
from overt.redact.detect import detect
from overt.synth import words
from overt.synth.sealing import event_of
from overt.synth.session import Plan, Session
from overt.trajectory.action import Action, Kind
from overt.trajectory.build import Rules, reduce_events

SEEDS = st.integers(min_value=-(2**63), max_value=2**63)
PINNED = "8f29708b5ac4998e583c6cbfa564d13589818c613a6207868f4783ce57d52b54"
"""Of the first session of seed 1: a change of it is a new version of the generator."""


def session(seed: int = 1, index: int = 0, **changes: Any) -> Session:
    return Plan(seed=seed, **{"episodes": index + 1, **changes}).session(index)


def events(made: Session) -> list[RedactedEvent]:
    return [event_of(record) for record in made.records]


def many(count: int = 60) -> list[RedactedEvent]:
    return [event for index in range(count) for event in events(session(11, index))]


def test_the_same_seed_gives_the_same_records() -> None:
    assert session(5, 3, frames=True) == session(5, 3, frames=True)


def test_what_a_seed_gives_changes_with_the_generator_s_version_alone() -> None:
    text = "\n".join(event.model_dump_json() for event in events(session(1, 0)))

    assert hashlib.sha256(text.encode()).hexdigest() == PINNED


def test_other_seeds_and_numbers_give_other_sessions() -> None:
    texts = {repr([event.model_dump_json() for event in events(session(*which))]) for which in ((1, 0), (1, 1), (2, 0))}

    assert len(texts) == 3


def test_an_episode_does_not_depend_on_how_many_there_shall_be() -> None:
    assert Plan(seed=1, episodes=4).session(2) == Plan(seed=1, episodes=400).session(2)


def test_pictures_change_nothing_of_what_is_done() -> None:
    plain, pictured = session(4, 0), session(4, 0, frames=True)

    others = [event for event in events(pictured) if not isinstance(event, FrameTaken)]
    assert plain.acts == pictured.acts
    # Typing has the time of what came before it, and that may be a picture.
    assert [untimed(event) for event in others] == [untimed(event) for event in events(plain)]


def untimed(event: RedactedEvent) -> RedactedEvent:
    return event.model_copy(update={"at_ms": 0}) if isinstance(event, Typed) else event


@given(seed=SEEDS)
def test_every_record_is_of_the_vocabulary_and_says_that_it_is_synthetic(seed: int) -> None:
    made = session(seed)

    for event in events(made):
        assert REDACTED.validate_json(event.model_dump_json()) == event
        assert event.synthetic


@given(seed=SEEDS)
def test_time_never_goes_back_and_ends_with_the_session(seed: int) -> None:
    made = session(seed)

    times = [event.at_ms for event in events(made)]
    assert all(before <= after for before, after in pairwise(times))
    assert times[-1] <= made.end_ms
    assert made.seen_ms == sum(event.dwell_ms for event in events(made) if isinstance(event, PageLeft))


@given(seed=SEEDS)
def test_every_page_is_one_that_may_be_recorded_and_each_visit_is_whole(seed: int) -> None:
    visits: dict[int, list[RedactedEvent]] = {}
    for event in events(session(seed)):
        visits.setdefault(event.visit, []).append(event)

    assert list(visits) == list(range(1, len(visits) + 1))
    for entered, *_, left in visits.values():
        assert isinstance(entered, PageEntered)
        assert isinstance(left, PageLeft)
        assert left.dwell_ms == left.at_ms - entered.at_ms
        verdict = judge(entered.url)
        # Cleaning replaces the number of an opening by a template.
        assert isinstance(verdict, Allowed)
        assert verdict.area == entered.area


def as_one(acts: tuple[Action, ...]) -> tuple[Action, ...]:
    """What was typed into one field and then mended is one action, of the mended text."""
    told: list[Action] = []
    for act in acts:
        again = told and {act.kind, told[-1].kind} == {Kind.TYPE} and act.target and act.target == told[-1].target
        told[-1 if again else len(told) :] = [act]
    return tuple(told)


@given(seed=SEEDS)
def test_what_is_reduced_from_the_records_is_what_was_done(seed: int) -> None:
    made = session(seed)

    reduction = reduce_events(events(made), Rules())

    steps = [step.action for part in reduction.trajectories for step in part.steps]
    assert tuple(step for step in steps if step.kind is not Kind.TERMINATE) == as_one(made.acts)
    assert not reduction.left_out


@settings(max_examples=15)  # each draws dozens of pictures
@given(seed=SEEDS)
def test_clicks_hit_what_they_say_inside_what_is_seen(seed: int) -> None:
    made = session(seed, frames=True)

    sizes = {(event.width, event.height) for event in events(made) if isinstance(event, FrameTaken)}
    for click in (event for event in events(made) if isinstance(event, Clicked)):
        assert click.target is not None
        assert click.target.box is not None
        x, y, width, height = click.target.box
        assert x <= click.x < x + width
        assert y <= click.y < y + height
        assert all(0 <= click.x < wide and 0 <= click.y < high for wide, high in sizes)


@given(seed=SEEDS)
def test_the_detectors_find_nothing_in_what_is_made_up(seed: int) -> None:
    texts = [
        text
        for event in events(session(seed))
        for text in (getattr(event, "text", ""), getattr(event, "title", ""), target_name(event))
    ]

    assert [text for text in texts if text and detect(text)] == []


def target_name(event: RedactedEvent) -> str:
    target = getattr(event, "target", None) or getattr(event, "field", None)
    return target.name if target else ""


def test_sessions_hold_all_that_recordings_hold() -> None:
    seen = many()

    kinds = Counter(event.kind for event in seen)
    assert set(kinds) == {"page_entered", "page_left", "click", "drag", "scroll", "type", "key", "withheld"}
    pages = [event for event in seen if isinstance(event, PageEntered)]
    assert {page.site for page in pages} == {"google", "linkedin", "wikipedia"}
    assert {page.arrived for page in pages} == {"start", "click", "key", "navigate"}
    assert any(event.off_list for event in seen if isinstance(event, PageLeft))
    typed = [event for event in seen if isinstance(event, Typed)]
    assert any(event.withheld for event in typed)
    assert any(event.incomplete for event in typed)
    assert any(isinstance(event, Withheld) for event in seen)


def test_a_slip_is_seen_late_and_mended() -> None:
    typed = [event for event in many() if isinstance(event, Typed)]

    mended = [
        (one.text, other.text)
        for one, other in pairwise(typed)
        if (one.visit, one.field, one.at_ms) == (other.visit, other.field, other.at_ms)
    ]
    assert mended
    assert all(not whole.startswith(wrong) for wrong, whole in mended)


@settings(max_examples=15)  # each draws dozens of pictures
@given(seed=SEEDS)
def test_no_picture_shows_what_was_withheld(seed: int) -> None:
    secret: set[tuple[str, str]] = set()
    pages: dict[int, tuple[str, str]] = {}
    for event in events(session(seed, frames=True)):
        match event:
            case PageEntered():
                pages[event.visit] = (event.url, event.title)
                if "[" in event.title:
                    secret.add(pages[event.visit])
            case Withheld() | Typed(withheld=[_, *_]):
                secret.add(pages[event.visit])
            case FrameTaken():
                assert pages[event.visit] not in secret
            case _:
                pass


def test_pictures_are_bare_png_files_under_a_stripe_that_says_synthetic() -> None:
    pictures = [record for record in session(2, 0, frames=True).records if isinstance(record, RedactedFrame)]

    assert pictures
    for picture in pictures:
        assert hashlib.sha256(picture.png).hexdigest() == picture.event.sha256
        width, height, kinds, rows = opened(picture.png)
        assert (width, height) == (picture.event.width, picture.event.height)
        assert kinds == ["IHDR", "IDAT", "IEND"]
        top = rows[1 : 1 + 3 * width]
        assert top == bytes((200, 30, 90)) * width
    assert [each.event.frame for each in pictures] == list(range(1, len(pictures) + 1))


def opened(png: bytes) -> tuple[int, int, list[str], bytes]:
    offset, kinds, body = 8, [], b""
    while offset < len(png):
        length, kind = struct.unpack_from(">I4s", png, offset)
        kinds.append(kind.decode())
        body += png[offset + 8 : offset + 8 + length] if kind == b"IDAT" else b""
        offset += 12 + length
    width, height = struct.unpack_from(">II", png, 16)
    return width, height, kinds, zlib.decompress(body)


def test_the_stripe_spells_synthetic() -> None:
    """A dot at the top of the first letter, and none before it."""
    picture = next(each for each in session(2, 0, frames=True).records if isinstance(each, RedactedFrame))

    width, _, _, rows = opened(picture.png)
    line = rows[2 * (1 + 3 * width) + 1 :][: 3 * width]
    dots = [line[3 * x : 3 * x + 3] == b"\xff\xff\xff" for x in range(120)]
    drawn = "".join("#" if dots[x] else "." for x in range(8, 18, 2))
    assert drawn == ".###."


@pytest.mark.parametrize(
    "numbers", [{"episodes": 0}, {"episodes": 1, "contributors": 0}, {"episodes": 2, "contributors": 3}]
)
def test_a_plan_that_makes_no_sense_is_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        Plan(seed=1, **numbers)


def test_people_differ_and_each_stays_the_same() -> None:
    plan = Plan(seed=9, episodes=6, contributors=3, frames=True)

    sizes: dict[int, set[tuple[int, int]]] = {}
    for index in range(plan.episodes):
        frames = [event for event in events(plan.session(index)) if isinstance(event, FrameTaken)]
        sizes.setdefault(plan.person_of(index), set()).update((each.width, each.height) for each in frames)
    assert all(len(own) == 1 for own in sizes.values())


@given(seed=SEEDS, text=st.text(alphabet="abc dé'", min_size=1))
def test_a_slip_is_never_the_beginning_of_what_was_meant(seed: int, text: str) -> None:
    wrong = words.slipped(Random(seed), text)

    assert not text.startswith(wrong)
