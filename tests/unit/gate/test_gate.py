"""The gate says no unless everything says yes."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.events.context import Absence, Context, Document, FieldInfo, Focus, NoContext, Window
from overt.events.geometry import Rect
from overt.events.raw import Admitted, RawButton, RawEvent, RawKey, RawMove, RawScroll
from overt.events.verdict import Dropped, DropReason
from overt.gate import HOLD_NS, LATE_NS, Gate, Open, Sandwich, is_text, page_of
from overt.policy.signals import Signal

SITES = frozenset({"google", "wikipedia", "linkedin"})
SIGNALS = frozenset(Signal)
PAGE = Rect(x=10, y=100, width=800, height=600)
GOOGLE = "https://www.google.com/search?q=x"
WIKI = "https://en.wikipedia.org/wiki/Otter"
OTHER = "https://example.com/"
T0 = 1_000_000_000


def field(key: str = "f1", *, secret: bool = False, editable: bool = True) -> FieldInfo:
    return FieldInfo(key=key, role="entry", editable=editable, secret=secret)


def context(
    uri: str = GOOGLE, *frames: str, focused: FieldInfo | None = None, page_key: str = "page", xid: int = 1
) -> Context:
    documents = [Document(key=f"frame{i}", uri=frame) for i, frame in enumerate(frames)]
    documents.append(Document(key=page_key, uri=uri, rect=PAGE))
    return Context(
        window=Window(xid=xid, pid=2, browser="chromium", rect=PAGE.grown(50)),
        documents=tuple(documents),
        field=focused,
        generation=1,
        taken_ns=T0,
    )


def nothing(absence: Absence) -> NoContext:
    return NoContext(absence=absence, taken_ns=T0)


def key(text: str | None = "a", name: str | None = None, *, at_ns: int = T0, mods: tuple[str, ...] = ()) -> RawKey:
    return RawKey(seq=1, at_ns=at_ns, pressed=True, text=text, name=name, modifiers=frozenset(mods))


def button(*, pressed: bool = True, x: int = 50, y: int = 150, at_ns: int = T0) -> RawButton:
    return RawButton(seq=1, at_ns=at_ns, pressed=pressed, button="left", x=x, y=y)


def decide(
    event: RawEvent,
    before: Focus,
    after: Focus | None = None,
    *,
    gate: Gate | None = None,
    known_ns: int | None = None,
) -> Admitted | Dropped:
    gate = gate or Gate(sites=SITES, signals=SIGNALS)
    known = event.at_ns if known_ns is None else known_ns
    return gate.decide(Sandwich(event=event, before=before, after=after or before, known_ns=known))


def test_text_in_an_ordinary_field_of_an_allowed_page_is_admitted_with_its_context() -> None:
    before = context(focused=field())

    verdict = decide(key(), before)

    assert isinstance(verdict, Admitted)
    assert verdict.context is before
    assert verdict.area == "google/search"


@pytest.mark.parametrize("absence", list(Absence))
def test_no_absence_is_ever_open(absence: Absence) -> None:
    assert isinstance(page_of(nothing(absence), SITES), DropReason)


@pytest.mark.parametrize("absence", list(Absence))
@pytest.mark.parametrize("side", ["before", "after"])
def test_text_with_an_absent_context_on_either_side_is_dropped(absence: Absence, side: str) -> None:
    good, absent = context(focused=field()), nothing(absence)

    verdict = decide(key(), absent, good) if side == "before" else decide(key(), good, absent)

    assert isinstance(verdict, Dropped)


def test_private_window_and_browser_chrome_have_reasons_of_their_own() -> None:
    assert page_of(nothing(Absence.PRIVATE), SITES) is DropReason.PRIVATE_WINDOW
    assert page_of(nothing(Absence.CHROME), SITES) is DropReason.BROWSER_CHROME


def test_a_page_of_another_site_is_dropped() -> None:
    assert decide(key(), context(OTHER, focused=field())) == Dropped(reason=DropReason.PAGE_NOT_ALLOWED)


def test_a_page_of_a_site_that_was_not_granted_is_dropped() -> None:
    gate = Gate(sites=frozenset({"wikipedia"}), signals=SIGNALS)

    assert decide(key(), context(focused=field()), gate=gate) == Dropped(reason=DropReason.PAGE_NOT_ALLOWED)


def test_a_foreign_frame_inside_an_allowed_page_is_dropped() -> None:
    framed = context(GOOGLE, OTHER, focused=field())

    assert decide(key(), framed) == Dropped(reason=DropReason.FOREIGN_FRAME)


def test_a_foreign_frame_around_an_allowed_frame_is_dropped() -> None:
    assert decide(key(), context(OTHER, GOOGLE, focused=field())) == Dropped(reason=DropReason.PAGE_NOT_ALLOWED)


def test_a_foreign_frame_between_two_allowed_documents_is_dropped() -> None:
    nested = context(GOOGLE, WIKI, OTHER, focused=field())

    assert decide(key(), nested) == Dropped(reason=DropReason.FOREIGN_FRAME)


def test_an_allowed_frame_inside_an_allowed_page_is_open() -> None:
    assert page_of(context(GOOGLE, WIKI), SITES) == Open(area="google/search", site="google", host="www.google.com")


@pytest.mark.parametrize("side", ["before", "after", "both"])
def test_text_with_a_secret_field_on_either_side_is_dropped(side: str) -> None:
    plain, secret = context(focused=field()), context(focused=field("pw", secret=True))
    before = secret if side in {"before", "both"} else plain
    after = secret if side in {"after", "both"} else plain

    assert decide(key(), before, after) == Dropped(reason=DropReason.SECRET_FIELD)


@pytest.mark.parametrize("name", ["enter", "tab", "esc", "backspace", "left"])
def test_no_key_of_a_secret_field_is_admitted(name: str) -> None:
    secret = context(focused=field("pw", secret=True))

    assert decide(key(None, name), secret) == Dropped(reason=DropReason.SECRET_FIELD)


def test_text_without_a_known_editable_field_is_dropped() -> None:
    assert decide(key(), context(focused=None)) == Dropped(reason=DropReason.UNKNOWN_CONTEXT)
    assert decide(key(), context(focused=field(editable=False))) == Dropped(reason=DropReason.UNKNOWN_CONTEXT)


def test_text_typed_just_after_tab_into_a_field_that_changed_could_be_either_fields_and_is_dropped() -> None:
    gate = Gate(sites=SITES, signals=SIGNALS)
    one, two = context(focused=field("one")), context(focused=field("two"))
    decide(key(None, "tab", at_ns=T0), one, two, gate=gate)

    verdict = decide(key("x", at_ns=T0 + HOLD_NS - 1), one, two, gate=gate)

    assert verdict == Dropped(reason=DropReason.FOCUS_MOVED)


def test_text_typed_the_whole_hold_time_after_tab_belongs_to_the_field_before() -> None:
    gate = Gate(sites=SITES, signals=SIGNALS)
    one, two = context(focused=field("one")), context(focused=field("two"))
    decide(key(None, "tab", at_ns=T0), one, two, gate=gate)

    gate.foresee([replace(TAB, seq=2, at_ns=T0 + HOLD_NS + 1)], one)
    verdict = decide(key("x", at_ns=T0 + HOLD_NS), one, replace(two, focused_ns=T0 + HOLD_NS + 2), gate=gate)

    assert isinstance(verdict, Admitted)
    assert verdict.context is one


def test_text_after_tab_within_one_field_is_admitted() -> None:
    gate = Gate(sites=SITES, signals=SIGNALS)
    one = context(focused=field("one"))
    decide(key(None, "tab", at_ns=T0), one, one, gate=gate)

    assert isinstance(decide(key("x", at_ns=T0 + 1), one, one, gate=gate), Admitted)


@pytest.mark.parametrize("name", ["enter", "tab", "esc"])
@pytest.mark.parametrize("after", [context(OTHER), nothing(Absence.NOT_A_BROWSER), context(focused=field(secret=True))])
def test_a_key_that_leads_away_is_judged_by_the_context_before_it(name: str, after: Focus) -> None:
    assert isinstance(decide(key(None, name), context(focused=field()), after), Admitted)


def test_a_hotkey_that_leaves_the_page_is_judged_by_the_context_before_it() -> None:
    assert isinstance(decide(key("l", mods=("ctrl",)), context(), nothing(Absence.CHROME)), Admitted)


def test_a_hotkey_whose_focus_settles_in_a_secret_field_is_dropped() -> None:
    secret = context(focused=field("pw", secret=True))

    assert decide(key("a", mods=("ctrl",)), context(), secret) == Dropped(reason=DropReason.SECRET_FIELD)


def test_a_key_without_text_needs_no_field() -> None:
    assert isinstance(decide(key(None, "pagedown"), context()), Admitted)


@pytest.mark.parametrize("after", [context(OTHER, page_key="next"), nothing(Absence.NOT_A_BROWSER)])
def test_a_click_that_leaves_is_judged_by_the_context_before_it(after: Focus) -> None:
    assert isinstance(decide(button(), context(), after), Admitted)


def test_a_click_into_a_foreign_frame_is_dropped() -> None:
    assert decide(button(), context(), context(GOOGLE, OTHER)) == Dropped(reason=DropReason.FOREIGN_FRAME)


def test_a_click_into_the_browsers_own_interface_is_dropped() -> None:
    assert decide(button(), context(), nothing(Absence.CHROME)) == Dropped(reason=DropReason.BROWSER_CHROME)


@pytest.mark.parametrize(("x", "y"), [(9, 100), (10, 99), (810, 100), (10, 700)])
def test_a_click_one_pixel_outside_the_page_is_dropped(x: int, y: int) -> None:
    assert decide(button(x=x, y=y), context()) == Dropped(reason=DropReason.OUTSIDE_DOCUMENT)


@pytest.mark.parametrize(("x", "y"), [(10, 100), (809, 699)])
def test_a_click_on_the_pages_last_pixel_is_admitted(x: int, y: int) -> None:
    assert isinstance(decide(button(x=x, y=y), context()), Admitted)


def test_a_click_on_a_page_whose_box_is_unknown_is_dropped() -> None:
    page = Document(key="page", uri=GOOGLE, rect=None)
    blind = Context(window=context().window, documents=(page,), field=None, generation=1, taken_ns=T0)

    assert decide(button(), blind) == Dropped(reason=DropReason.OUTSIDE_DOCUMENT)


def test_a_release_follows_its_press_even_when_the_page_is_gone() -> None:
    gate, here = Gate(sites=SITES, signals=SIGNALS), context()
    decide(button(), here, gate=gate)

    verdict = decide(button(pressed=False), nothing(Absence.NOT_A_BROWSER), gate=gate)

    assert isinstance(verdict, Admitted)
    assert verdict.context is here


def test_a_release_whose_press_was_dropped_or_never_seen_is_dropped() -> None:
    gate = Gate(sites=SITES, signals=SIGNALS)
    decide(button(), context(OTHER), gate=gate)

    assert decide(button(pressed=False), context(), gate=gate) == Dropped(reason=DropReason.UNMATCHED_RELEASE)


def test_a_second_release_is_dropped() -> None:
    gate = Gate(sites=SITES, signals=SIGNALS)
    decide(button(), context(), gate=gate)
    decide(button(pressed=False), context(), gate=gate)

    assert decide(button(pressed=False), context(), gate=gate) == Dropped(reason=DropReason.UNMATCHED_RELEASE)


@pytest.mark.parametrize(
    ("event", "signal"),
    [
        (key(), Signal.TEXT),
        (button(), Signal.CLICKS),
        (RawScroll(seq=1, at_ns=T0, x=50, y=150, dx=0, dy=1), Signal.SCROLLS),
        (RawMove(seq=1, at_ns=T0, x=50, y=150), Signal.MOVES),
    ],
)
def test_each_kind_needs_its_own_signal(event: RawEvent, signal: Signal) -> None:
    here = context(focused=field())

    without = decide(event, here, gate=Gate(sites=SITES, signals=SIGNALS - {signal}))
    alone = decide(event, here, gate=Gate(sites=SITES, signals=frozenset({signal})))

    assert without == Dropped(reason=DropReason.SIGNAL_NOT_GRANTED)
    assert isinstance(alone, Admitted)


def test_an_event_that_waited_too_long_in_the_queue_is_late() -> None:
    here = context(focused=field())

    assert isinstance(decide(key(), here, known_ns=T0 + LATE_NS), Admitted)
    assert decide(key(), here, known_ns=T0 + LATE_NS + 1) == Dropped(reason=DropReason.LATE)


def test_enter_tab_and_escape_are_no_text_and_backspace_is() -> None:
    assert not is_text(key(None, "enter"))
    assert is_text(key(None, "backspace"))
    assert is_text(key("a"))
    assert not is_text(button())


URIS = st.sampled_from([GOOGLE, WIKI, OTHER, "https://mail.google.com/", "about:blank", "", "file:///etc/passwd"])
FIELDS = st.one_of(st.none(), st.builds(field, st.sampled_from(["a", "b"]), secret=st.booleans()))
CONTEXTS = st.builds(
    lambda uri, frames, focused, page: context(uri, *frames, focused=focused, page_key=page),
    URIS,
    st.lists(URIS, max_size=2),
    FIELDS,
    st.sampled_from(["p", "q"]),
)
FOCI = st.one_of(CONTEXTS, st.builds(nothing, st.sampled_from(list(Absence))))
EVENTS = st.one_of(
    st.builds(key, st.sampled_from(["a", "7", " "])),
    st.builds(key, st.none(), st.sampled_from(["enter", "tab", "backspace", "left", "f5"])),
    st.builds(button, pressed=st.booleans(), x=st.integers(0, 900), y=st.integers(0, 800)),
)


@given(EVENTS, FOCI, FOCI)
def test_nothing_is_admitted_from_a_page_that_is_not_open_or_a_field_that_is_secret(
    event: RawEvent, before: Focus, after: Focus
) -> None:
    verdict = decide(event, before, after)

    if isinstance(verdict, Admitted):
        assert isinstance(page_of(before, SITES), Open)
        assert isinstance(before, Context)
        if isinstance(event, RawKey):
            assert before.field is None or not before.field.secret
        if isinstance(event, RawKey) and event.text:
            assert isinstance(page_of(after, SITES), Open)
            assert isinstance(after, Context)
            assert after.field is None or not after.field.secret


@given(EVENTS, FOCI, FOCI)
def test_the_stricter_side_decides_for_text(event: RawEvent, one: Focus, other: Focus) -> None:
    if not (isinstance(event, RawKey) and event.text):
        return

    both = isinstance(decide(event, one, other), Admitted)
    each = isinstance(decide(event, one), Admitted)

    assert each or not both


def numbered(event: RawKey | RawButton, seq: int, ms: int) -> RawKey | RawButton:
    return replace(event, seq=seq, at_ns=T0 + ms * 1_000_000)


def reported(ms: int, key_of_field: str = "f1") -> Context:
    box = Rect(x=40, y=140, width=200, height=40)
    focused = FieldInfo(key=key_of_field, role="entry", editable=True, rect=box)
    return replace(context(focused=focused), focused_ns=T0 + ms * 1_000_000)


def burst(gate: Gate, events: list[RawKey | RawButton], before: Context) -> list[Admitted | Dropped]:
    gate.foresee(events, before)
    return [decide(event, before, gate=gate) for event in events]


def a_gate() -> Gate:
    return Gate(sites=SITES, signals=SIGNALS)


TAB = key(None, "tab")
CLICK_ELSEWHERE = button(x=500, y=500)
CLICK_IN_FIELD = button(x=50, y=150)


@pytest.mark.parametrize("move", [TAB, CLICK_ELSEWHERE])
def test_text_after_a_move_that_a_busy_page_has_not_reported_yet_is_dropped(move: RawKey | RawButton) -> None:
    """A page that hangs answers like one in which nothing moved; the text goes where its focus will be."""
    _, typed = burst(a_gate(), [numbered(move, 1, 0), numbered(key(), 2, 30)], reported(-500))

    assert typed == Dropped(reason=DropReason.FOCUS_MOVED)


def test_text_after_a_reported_move_is_admitted() -> None:
    _, typed = burst(a_gate(), [numbered(TAB, 1, 0), numbered(key(), 2, 5)], reported(25))

    assert isinstance(typed, Admitted)


def test_text_between_tab_and_tab_back_is_dropped_though_the_field_is_the_same_before_and_after() -> None:
    events = [numbered(TAB, 1, 0), numbered(key(), 2, 0), numbered(TAB, 3, 0), numbered(key(), 4, 1)]

    verdicts = burst(a_gate(), events, reported(26))

    assert verdicts[1] == Dropped(reason=DropReason.FOCUS_MOVED)
    assert isinstance(verdicts[3], Admitted)


def test_a_click_in_the_field_in_focus_needs_no_report() -> None:
    _, typed = burst(a_gate(), [numbered(CLICK_IN_FIELD, 1, 0), numbered(key(), 2, 60)], reported(-500))

    assert isinstance(typed, Admitted)


@pytest.mark.parametrize(("move", "ms"), [(TAB, 10_000), (CLICK_ELSEWHERE, 2_000)])
def test_a_move_that_is_never_reported_moved_nothing(move: RawKey | RawButton, ms: int) -> None:
    events = [numbered(move, 1, 0), numbered(key(), 2, ms - 1), numbered(key(), 3, ms)]

    _, early, late = burst(a_gate(), events, reported(-500))

    assert early == Dropped(reason=DropReason.FOCUS_MOVED)
    assert isinstance(late, Admitted)


def test_a_move_on_another_page_is_over() -> None:
    gate = a_gate()
    gate.foresee([numbered(CLICK_ELSEWHERE, 1, 0)], context(page_key="former"))

    assert isinstance(decide(numbered(key(), 2, 30), reported(-500), gate=gate), Admitted)


@pytest.mark.parametrize(
    ("between", "reason"),
    [
        (context(focused=field(secret=True)), DropReason.SECRET_FIELD),
        (context(OTHER), DropReason.PAGE_NOT_ALLOWED),
        (context(GOOGLE, OTHER), DropReason.FOREIGN_FRAME),
        (nothing(Absence.NOT_A_BROWSER), DropReason.UNKNOWN_CONTEXT),
    ],
)
def test_what_had_the_focus_for_a_moment_between_two_allowed_contexts_forbids_text(
    between: Focus, reason: DropReason
) -> None:
    before = context(focused=field())

    verdict = a_gate().decide(
        Sandwich(event=key(), before=before, after=before, known_ns=T0, between=(before, between, before))
    )

    assert verdict == Dropped(reason=reason)


def test_what_is_admitted_is_the_event_itself() -> None:
    gate, here = a_gate(), context(focused=field())
    typed, pressed, released = key(), button(), button(pressed=False)

    verdicts = [decide(event, here, gate=gate) for event in (typed, pressed, released)]

    assert [each.event for each in verdicts if isinstance(each, Admitted)] == [typed, pressed, released]
    assert {each.area for each in verdicts if isinstance(each, Admitted)} == {"google/search"}


def test_a_key_that_edits_a_field_needs_both_sides_as_text_does() -> None:
    before, after = context(focused=field()), context(OTHER, page_key="next")

    assert decide(key(None, "backspace"), before, after) == Dropped(reason=DropReason.PAGE_NOT_ALLOWED)


def test_text_before_a_person_moved_the_focus_is_admitted() -> None:
    gate, one, two = a_gate(), context(focused=field("one")), context(focused=field("two"))
    gate.foresee([replace(TAB, seq=2, at_ns=T0 + 5)], one)

    assert isinstance(decide(key("b", at_ns=T0), one, replace(two, focused_ns=T0 + 9), gate=gate), Admitted)


def code_in_fields(gate: Gate) -> list[Admitted | Dropped]:
    """Type a digit into each of three fields, of which the page itself takes the focus to the next."""
    fields = [context(focused=field(name)) for name in ("one", "two", "three", "three")]
    return [
        decide(key("7", at_ns=T0 + at), before, replace(after, focused_ns=T0 + at + 1), gate=gate)
        for at, (before, after) in enumerate(itertools.pairwise(fields))
    ]


def test_a_code_in_a_field_for_each_digit_is_dropped_to_the_last_digit() -> None:
    """Each digit came alone and without a name, so that no detector could know the code."""
    assert code_in_fields(a_gate()) == [Dropped(reason=DropReason.FOCUS_MOVED)] * 3


def test_a_code_stays_dropped_when_enter_follows_it() -> None:
    gate = a_gate()
    gate.foresee([replace(key(None, "enter"), seq=9, at_ns=T0 + 900)], context(focused=field("three")))

    assert code_in_fields(gate) == [Dropped(reason=DropReason.FOCUS_MOVED)] * 3


def test_a_field_to_which_the_page_led_is_ordinary_once_the_person_clicks_it() -> None:
    gate, three = a_gate(), replace(context(focused=field("three")), focused_ns=T0 + 60)
    code_in_fields(gate)
    gate.foresee([replace(CLICK_IN_FIELD, seq=5, at_ns=T0 + 50)], three)

    assert isinstance(decide(replace(key("x"), seq=6, at_ns=T0 + 90), three, three, gate=gate), Admitted)


def test_a_report_of_the_same_instant_is_the_one_of_that_move() -> None:
    _, typed = burst(a_gate(), [numbered(TAB, 1, 10), numbered(key(), 2, 12)], reported(10))
    before_it = burst(a_gate(), [numbered(key(), 1, 8), numbered(TAB, 2, 10)], reported(10))[0]

    assert isinstance(typed, Admitted)
    assert before_it == Dropped(reason=DropReason.FOCUS_MOVED)


@pytest.mark.parametrize(
    "event",
    [
        RawScroll(seq=1, at_ns=T0, x=500, y=500, dx=0, dy=1),
        RawMove(seq=1, at_ns=T0, x=500, y=500),
        button(pressed=False, x=500, y=500),
        replace(TAB, pressed=False),
    ],
)
def test_a_turn_of_the_wheel_a_move_and_a_release_move_no_focus(event: RawEvent) -> None:
    gate = a_gate()
    gate.foresee([event], reported(-500))

    assert isinstance(decide(numbered(key(), 2, 30), reported(-500), gate=gate), Admitted)


def test_what_overtakes_the_click_into_a_password_is_not_heard() -> None:
    """Keys typed with the click stand in the field that is left: they were dropped, and its reports told them."""
    gate, plain, pin = (
        Gate(sites=SITES, signals=SIGNALS),
        context(focused=field("plain")),
        context(focused=field("pin", secret=True)),
    )
    gate.foresee([button(at_ns=T0 + 10)], plain)

    assert not gate.hears(plain, [pin], T0 + 40)


def test_what_was_told_before_the_click_into_a_password_is_heard() -> None:
    gate, plain, pin = (
        Gate(sites=SITES, signals=SIGNALS),
        context(focused=field("plain")),
        context(focused=field("pin", secret=True)),
    )
    gate.foresee([button(at_ns=T0 + 10)], plain)

    assert gate.hears(plain, [pin], T0 + 5)
    assert gate.hears(plain, [context(focused=field("other"))], T0 + 40)
