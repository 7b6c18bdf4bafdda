"""Consent at every instant, over grants of any length."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from overt.consent.grant import Grant, Heeded, Parties, Promises, Scope, Terms, make_grant
from overt.consent.record import parse_record, record_of, record_text
from overt.consent.renewal import may_ask, quiet_until, six_months_after
from overt.consent.revocation import Revocation
from overt.consent.status import Answer, Circumstances, ConsentStatus, status
from overt.consent.vocabulary import unknown_terms
from overt.consent.withdrawal import Withdrawal
from overt.errors import ConsentError
from overt.policy.bundle import Recipients
from overt.policy.document import Controller
from overt.policy.purposes import ALWAYS_PROHIBITED, Purpose
from overt.policy.signals import Signal

CALM = settings(deadline=None)
"""A busy machine is no defect."""

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = st.integers(0, 10**8).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
INSTANTS = st.integers(0, 2 * 10**14).map(lambda micros: EPOCH + timedelta(microseconds=micros))
LABELS = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=20)
VKEY = "device-0a+0011aabb+AQIDBAUGBwgJCgsM"
RECIPIENTS = Recipients(auditor=f"auditor-{VKEY}", exporter=f"admin-{VKEY}", vault=f"vault-{VKEY}")


def some_of(names: type[Signal | Purpose]) -> st.SearchStrategy[tuple[Signal | Purpose, ...]]:
    return st.sets(st.sampled_from(list(names)), min_size=1).map(lambda chosen: tuple(sorted(chosen)))


@st.composite
def grants(draw: st.DrawFn) -> Grant:
    given_at = draw(SECONDS)
    purposes = draw(some_of(Purpose))
    starts_at = given_at + timedelta(seconds=draw(st.integers(0, 10**6)))
    return make_grant(
        id=draw(st.binary(min_size=16, max_size=16)).hex(),
        language="en",
        given_at=given_at,
        starts_at=starts_at,
        expires_at=starts_at + timedelta(seconds=draw(st.integers(1, 10**7))),
        expressed=draw(st.sampled_from(["switches", "command_line"])),
        questions="1",
        previous=draw(st.none() | st.just("e" * 64)),
        renews=None,
        scope=Scope(sites=("google",), signals=draw(some_of(Signal)), purposes=purposes),
        terms=Terms(notice_sha256="a" * 64, policy_sha256="b" * 64, recipients_sha256=RECIPIENTS.sha256()),
        parties=Parties(
            controller=Controller(name=draw(LABELS), contact=draw(LABELS)),
            controller_key=VKEY,
            recipients=RECIPIENTS,
            jurisdictions=("EU", "DE"),
            subject="1" * 32,
            deletion_handle="2" * 32,
            device=VKEY,
            withdrawal=VKEY,
        ),
        promises=Promises(
            prohibited=ALWAYS_PROHIBITED,
            hosts_sha256="d" * 64,
            retention=tuple(draw(st.integers(1, 730)) for _ in purposes),
            review_days=draw(st.integers(1, 730)),
            daily_cap_minutes=draw(st.integers(1, 480)),
            trial=draw(st.booleans()),
        ),
        law=tuple(
            Heeded(code=code, reviewed_on=reviewed_on, expires_on=reviewed_on + timedelta(days=366))
            for code in ("DE", "EU")
            for reviewed_on in [draw(st.dates(date(2026, 1, 1), date(2100, 1, 1)))]
        ),
    )


@CALM
@given(grant=grants(), at=INSTANTS)
def test_recording_is_permitted_exactly_between_start_and_expiry(grant: Grant, at: datetime) -> None:
    assert status(grant, (), at).permits == (grant.starts_at <= at < grant.expires_at)


@CALM
@given(grant=grants(), at=INSTANTS, written=SECONDS)
def test_once_withdrawn_no_instant_permits_anything(grant: Grant, at: datetime, written: datetime) -> None:
    assert status(grant, (Withdrawal(grant=grant.id, at=written),), at) is ConsentStatus.WITHDRAWN


@CALM
@given(grant=grants(), first=INSTANTS, second=INSTANTS)
def test_an_expired_grant_stays_expired(grant: Grant, first: datetime, second: datetime) -> None:
    earlier, later = sorted((first, second))
    if status(grant, (), earlier) is ConsentStatus.EXPIRED:
        assert status(grant, (), later) is ConsentStatus.EXPIRED


@CALM
@given(grant=grants())
def test_every_grant_is_read_back_from_its_record(grant: Grant) -> None:
    assert parse_record(record_text(grant)) == grant


@CALM
@given(grant=grants(), position=st.integers(0, 10**6), character=st.characters(exclude_categories=("Cs",)))
def test_a_record_with_one_character_changed_is_refused_or_another_grant(
    grant: Grant, position: int, character: str
) -> None:
    text = record_text(grant)
    place = position % len(text)
    changed = text[:place] + character + text[place + 1 :]
    if changed == text:
        return

    try:
        other = parse_record(changed)
    except ConsentError:
        return
    assert other != grant
    assert record_text(other) == changed


@CALM
@given(text=st.text(max_size=300))
def test_any_text_is_refused_cleanly(text: str) -> None:
    try:
        parse_record(text)
    except ConsentError:
        return
    raise AssertionError


@CALM
@given(at=INSTANTS, answer=st.sampled_from([None, *Answer]))
def test_without_a_grant_nothing_is_ever_permitted(at: datetime, answer: Answer | None) -> None:
    assert not status(None, (), at, Circumstances(answer=answer)).permits


@CALM
@given(grant=grants(), at=INSTANTS, written=SECONDS)
def test_once_revoked_no_instant_permits_anything(grant: Grant, at: datetime, written: datetime) -> None:
    ended = Circumstances(revocations=(Revocation(grant=grant.id, at=written),))

    assert status(grant, (), at, ended) is ConsentStatus.REVOKED


@CALM
@given(given_at=SECONDS)
def test_six_months_are_never_under_181_days_nor_over_184(given_at: datetime) -> None:
    later = six_months_after(given_at)

    assert timedelta(days=181) <= later - given_at <= timedelta(days=184)
    assert (later.hour, later.minute, later.second) == (given_at.hour, given_at.minute, given_at.second)


@CALM
@given(first=SECONDS, second=SECONDS)
def test_who_gives_later_never_ends_sooner(first: datetime, second: datetime) -> None:
    earlier, later = sorted((first, second))

    assert six_months_after(earlier) <= six_months_after(later)


@CALM
@given(asked_at=INSTANTS, at=INSTANTS)
def test_nobody_is_asked_twice_within_90_days(asked_at: datetime, at: datetime) -> None:
    if may_ask(quiet_until(asked_at), at):
        assert at - asked_at >= timedelta(days=90)
    else:
        assert at - asked_at < timedelta(days=91)


@CALM
@given(grant=grants())
def test_no_record_has_a_word_that_its_vocabularies_do_not_have(grant: Grant) -> None:
    assert unknown_terms(record_of(grant)) == ()
