"""A policy is read or refused, never half; hours, retention and changes agree with a slower way of asking."""

import tomllib
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from overt.policy.changes import Meaning, asks_anew, changes
from overt.policy.document import Policy, parse_policy, read_policy
from overt.policy.positions import positions
from overt.policy.purposes import Purpose
from overt.policy.retention import gone_on, usable
from overt.policy.schedule import in_hours, minutes_open
from overt.policy.signals import Signal
from overt.policy.tables import Day, Window
from overt.policy.templates import new_policy_text

SOUND = new_policy_text("Acme", "a@acme.example")
POLICY = parse_policy(SOUND)

clock = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)) | st.just("24:00")
windows = st.lists(
    st.tuples(st.lists(st.sampled_from(Day), min_size=1, unique=True), clock, clock)
    .filter(lambda window: window[1] < window[2])
    .map(lambda window: Window(days=tuple(window[0]), begin=window[1], end=window[2])),
    max_size=3,
).map(tuple)
retention = st.dictionaries(st.sampled_from(Purpose), st.integers(1, 730), min_size=1)
days = st.dates(date(2026, 1, 1), date(2029, 1, 1))


def subset(values: type[Signal] | type[Purpose]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)


policies = st.builds(
    lambda signals, purposes, kept, minutes, schedule: POLICY.model_copy(
        update={
            "signals": signals,
            "purposes": purposes,
            "limits": POLICY.limits.model_copy(update={"retention_days": kept, "daily_cap_minutes": minutes}),
            "schedule": schedule,
        }
    ),
    subset(Signal),
    subset(Purpose),
    st.sampled_from([30, 60, 90]),
    st.sampled_from([60, 120]),
    windows,
)


def _cut(text: str, at: int, length: int, put: str) -> str:
    return text[:at] + put + text[at + length :]


@given(
    st.integers(0, len(SOUND)), st.integers(0, 30), st.text(max_size=8) | st.sampled_from(['"', "[", "=", "\n", "{}"])
)
def test_a_damaged_policy_is_read_or_every_problem_has_a_place(at: int, length: int, put: str) -> None:
    text = _cut(SOUND, at, length, put)

    outcome = read_policy(text)

    if not isinstance(outcome, Policy):
        assert outcome
        assert all(0 <= problem.line <= text.count("\n") + 1 for problem in outcome)
        assert all("\n" not in str(problem) for problem in outcome if problem.entry)


values = st.recursive(
    st.sampled_from(["1", '"a]"', "'#'", '"""x\n]"""', "true", "2026-01-01", "1.5", "'''\n'''"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "[" + ", # x\n".join(parts) + "]"),
    max_leaves=6,
)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b.c", '"d e"', "f"]), values), max_size=4, unique_by=lambda pair: pair[0])
)
def test_every_key_that_the_parser_finds_has_a_line_that_writes_it(pairs: list[tuple[str, str]]) -> None:
    text = "\n".join(["[t]", *(f"{key} = {value}" for key, value in pairs), "[[s]]", "k = 1", "[[s]]", "k = 2", ""])
    lines, written = positions(text), text.splitlines()

    def walk(value: object, path: tuple[str | int, ...]) -> None:
        if path and isinstance(path[-1], str):
            assert str(path[-1]) in written[lines[path] - 1]
        for part, inner in (
            value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else [])
        ):
            walk(inner, (*path, part))

    walk(tomllib.loads(text), ())
    assert written[lines["s", 1, "k"] - 1] == "k = 2"


@given(windows, st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001 - made aware below
def test_hours_agree_with_the_minutes_that_are_open(schedule: tuple[Window, ...], naive: datetime) -> None:
    local = naive.replace(tzinfo=UTC)
    minute = (tuple(Day)[local.weekday()], local.hour * 60 + local.minute)

    assert in_hours(schedule, local) is (minute in minutes_open(schedule))


@given(retention, st.frozensets(st.sampled_from(Purpose)), days, st.integers(0, 800))
def test_nothing_is_used_on_the_day_on_which_it_must_be_gone(
    kept: dict[Purpose, int], purposes: frozenset[Purpose], recorded: date, later: int
) -> None:
    gone = gone_on(kept, purposes, recorded)

    assert recorded < gone
    assert not any(usable(kept, use, recorded, gone + timedelta(days=later)) for use in purposes)
    offered = purposes & kept.keys()
    if offered == purposes and purposes:
        assert any(usable(kept, use, recorded, gone - timedelta(days=1)) for use in purposes)


@given(policies, policies)
def test_what_has_nothing_to_do_one_way_needs_consent_the_other_way(old: Policy, new: Policy) -> None:
    there, back = changes(old, new), changes(new, old)

    assert len(there) == len(back)
    assert {change.meaning for change in there} <= {Meaning.ANEW, Meaning.NOTHING}
    wider = sum(change.meaning is Meaning.ANEW for change in there)
    assert wider == sum(change.meaning is Meaning.NOTHING for change in back)


@given(policies)
def test_a_policy_does_not_differ_from_itself(policy: Policy) -> None:
    assert changes(policy, policy) == ()


@given(policies, policies, policies)
def test_no_two_steps_without_consent_lead_where_one_would_need_it(one: Policy, other: Policy, third: Policy) -> None:
    if not asks_anew(one, other) and not asks_anew(other, third):
        assert not asks_anew(one, third)
