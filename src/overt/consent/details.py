"""The second layer of the notice, section by section: each returns its lines, in the language that it is given."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from overt.consent.fit import hosts_of, hosts_sha256
from overt.consent.offers import in_full, in_short
from overt.consent.words import Words
from overt.policy.document import Policy
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.law import profiles_for
from overt.policy.purposes import Purpose
from overt.policy.tables import Day, DocumentKind, Window

_DAYS: Final = MappingProxyType(
    {
        Day.MONDAY: "Monday",
        Day.TUESDAY: "Tuesday",
        Day.WEDNESDAY: "Wednesday",
        Day.THURSDAY: "Thursday",
        Day.FRIDAY: "Friday",
        Day.SATURDAY: "Saturday",
        Day.SUNDAY: "Sunday",
    }
)
_DOCUMENTS: Final = MappingProxyType(
    {
        DocumentKind.DPIA: "data protection impact assessment",
        DocumentKind.WORKS_AGREEMENT: "works agreement",
        DocumentKind.WORKER_CONSULTATION: "consultation of the workers",
        DocumentKind.RISK_ASSESSMENT: "risk assessment",
    }
)


def controller(policy: Policy, say: Words) -> Iterator[str]:
    """Who answers for the data, who watches over it, and on what basis."""
    yield policy.controller.name
    yield say("Contact: {contact}", contact=policy.controller.contact)
    if policy.notice.data_protection_officer is not None:
        yield say("Data protection officer: {name}", name=policy.notice.data_protection_officer)
    if policy.notice.legal_basis is not None:
        yield say("Legal basis beside your consent: {basis}", basis=policy.notice.legal_basis)


def choice(say: Words) -> Iterator[str]:
    """What is the person's own to decide."""
    yield say("Saying no, or stopping, has no consequences. You owe nobody a reason, and nobody is told.")
    yield say("Everything is off until you switch it on, one site, one signal and one purpose at a time.")
    yield say("You start every recording yourself. While it runs, a coloured border is drawn around the page.")
    yield say("Outside the sites that you switched on nothing is kept, counted or noted.")
    yield say("Passwords and private windows are never recorded.")
    yield say("You review what was kept, and only what you approve is ever handed over.")


def places(policy: Policy, say: Words) -> Iterator[str]:
    """On which pages, at which exact hosts, and where on the premises."""
    for site in policy.sites:
        yield say(
            "{site}: {count} exact host names, whose list has the SHA-256 {hash}",
            site=in_full(site, say),
            count=len(hosts_of([site])),
            hash=hosts_sha256([site]),
        )
    if policy.excluded:
        yield say("Left out of these: {areas}", areas=", ".join(policy.excluded))
    if policy.notice.locations:
        yield say("At these places of work: {places}", places=", ".join(policy.notice.locations))
    if policy.notice.posted_at:
        yield say("This notice also hangs at: {places}", places=", ".join(policy.notice.posted_at))


def prohibited(policy: Policy, say: Words) -> Iterator[str]:
    """What is never done."""
    for use in policy.prohibited:
        yield in_full(use, say)
    yield say("figures about fewer than {count} people", count=policy.limits.cohort_floor)


def times(policy: Policy, say: Words) -> Iterator[str]:
    """When recording may begin, in which hours, until when, and for how long what was recorded is kept."""
    limits = policy.limits
    if limits.cooling_off_hours:
        yield say(
            "After you agree there are {hours} hours to think again before anything can be recorded.",
            hours=limits.cooling_off_hours,
        )
    else:
        yield say("There is no time to think again before the first recording, because this is a trial.")
    yield say(
        "Your agreement ends by itself after {days} days at most, and never later than six months after you gave it;"
        " sooner if you choose so. You are asked anew, and may say no.",
        days=limits.grant_max_days,
    )
    yield say("It also ends when this notice, a site, a signal, a purpose or a reader changes.")
    yield from (_hours(window, say) for window in policy.schedule)
    yield say("At most {minutes} minutes a day are recorded.", minutes=limits.daily_cap_minutes)
    yield from (_kept(purpose, policy, say) for purpose in policy.purposes)
    yield say(
        "What you have not approved is never handed over; after {days} days at most it is erased in the same way.",
        days=policy.review_days,
    )
    yield say("No time finer than a whole action is kept: nobody can learn your typing rhythm.")


def _hours(window: Window, say: Words) -> str:
    return say(
        "Only in these hours: {days}, from {begin} to {end} by your clock.",
        days=", ".join(say(_DAYS[day]) for day in window.days),
        begin=window.begin,
        end=window.end,
    )


def _kept(purpose: Purpose, policy: Policy, say: Words) -> str:
    return say(
        "For {purpose}: kept for at most {days} days, then erased by: overt episodes sweep.",
        purpose=in_short(purpose, say),
        days=policy.retention_days(purpose),
    )


def readers(policy: Policy, say: Words) -> Iterator[str]:
    """Who can read what, inside and outside."""
    yield say("You: everything that was kept, for review. The recorder itself cannot read what it has written.")
    yield say("The privacy officer: that and how much was recorded, by kind and by site; not what it says.")
    yield say("The person who exports data sets: what you approved, for the purposes that you allowed.")
    yield say("Each of them needs, besides their own key, a second one from a vault, and each release is logged.")
    yield say("Your manager: nothing, not even whether you take part.")
    for recipient in policy.recipients:
        yield say(
            "Outside, what is exported: {name} in {country} ({contact}), for {purposes}.",
            name=recipient.name,
            country=recipient.country,
            contact=recipient.contact,
            purposes=", ".join(in_short(purpose, say) for purpose in recipient.purposes),
        )
    if policy.notice.transfers is not None:
        yield say("Transfers to other countries: {transfers}", transfers=policy.notice.transfers)


def incentive(policy: Policy, say: Words) -> Iterator[str]:
    """What is offered for taking part, and for taking no part."""
    offer = policy.incentive
    if offer is None:
        yield say("Nothing.")
        return
    yield say(
        "{amount} of the smallest unit of {currency} for each {days} days, however much or little is recorded. It is"
        " never taken back.",
        amount=offer.amount_minor,
        currency=offer.currency,
        days=offer.window_days,
    )
    yield say("The same amount without being recorded: {alternative}", alternative=offer.alternative)
    if offer.value_estimate is not None:
        yield say("What the data are thought to be worth: {value}", value=offer.value_estimate)
    if offer.value_method is not None:
        yield say("How that was estimated: {method}", method=offer.value_method)


def documents(policy: Policy, say: Words) -> Iterator[str]:
    """Which documents exist, who approved them, and until when they hold."""
    held = [(kind, policy.documents.of(kind)) for kind in DocumentKind]
    for kind, document in held:
        if document is not None:
            yield say(
                "{kind}: {reference}, approved by {person} on {begin}, to be reviewed by {end}",
                kind=say(_DOCUMENTS[kind]),
                reference=document.reference,
                person=document.approved_by,
                begin=document.approved_on.isoformat(),
                end=document.review_by.isoformat(),
            )
    if all(document is None for _, document in held):
        yield say("The policy names no document.")


def withdrawing(say: Words) -> Iterator[str]:
    """What taking the consent back does."""
    yield say("It stops recording at once and destroys the vault's keys to what was recorded under this agreement.")
    yield say("Copies and backups then stay unreadable, unless somebody kept an old master key of the vault.")
    yield say("It needs no passphrase, no reason and nobody's help, and takes no more steps than agreeing.")
    yield say(
        "It leaves you the file deletion-request.json. Whoever you give it to deletes what was exported of you; it does"
        " not say who you are."
    )


def not_undone(say: Words) -> Iterator[str]:
    """What taking the consent back cannot do."""
    yield say("What was exported before. Later exports leave it out.")
    yield say("What a model has already learned.")


def rights(policy: Policy, say: Words) -> Iterator[str]:
    """What the person may ask for, of whom, and by which law."""
    yield say("To see, copy, correct and erase what was kept, to restrict its use, and to complain to an authority.")
    if policy.notice.authority is not None:
        yield say("The authority: {authority}", authority=policy.notice.authority)
    yield say(
        "The law that applies here: {places}. This text is not legal advice.", places=", ".join(policy.jurisdictions)
    )


def statutory(policy: Policy, say: Words) -> Iterator[str]:
    """What the law of a place wants said word for word, which says more than we do; nothing where it wants nothing."""
    known = [code for code in policy.jurisdictions if code in PROFILES]
    texts = [(profile, text) for profile in profiles_for(known, PROFILES) for text in sorted(profile.rules.texts)]
    for profile, text in texts:
        yield say("{place}: “{text}”", place=profile.name, text=text)
    if texts:
        yield say("What Overt really records is what stands above, and no more.")
