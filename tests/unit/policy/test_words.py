"""What a person reads, word for word: of a policy, of its problems, and of the law."""

from datetime import date

import pytest

from overt.errors import PolicyError
from overt.policy.checking import check_policy
from overt.policy.document import MAX_POLICY_CHARACTERS, parse_policy, read_policy
from overt.policy.effective import effective, refusals
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.summary import law_lines, summary_lines
from overt.policy.templates import new_policy_text, trial_policy_text

DAY = date(2026, 12, 1)
PAPER = "with reference, sha256, approved_by, approved_on, review_by"
CT = "Connecticut § 31-48d as amended by Public Act 26-73"
TEXT = "in the primary text"


def checked(text: str, on: date = DAY) -> list[str]:
    return [str(problem) for problem in check_policy(text, PROFILES, on)]


def asked(place: str, kind: str, words: str = "") -> str:
    """Return what is said of a document that is not there."""
    named = words or kind.replace("_", " ")
    return f"documents.{kind}: the law of {place} asks for a {named}; add [documents.{kind}] {PAPER}"


def test_a_sound_policy(full: str) -> None:
    assert summary_lines(parse_policy(full), PROFILES, DAY) == [
        "Acme Ltd (privacy@acme.example)",
        "",
        "offers",
        "  sites: google, wikipedia, linkedin",
        "  left out: linkedin/pulse",
        "  signals: text, clicks, scrolls, screenshots",
        "  purposes: model_training, research",
        "  never: performance_monitoring, individual_scoring, emotion_inference, biometric_identification",
        "",
        "bounds",
        "  kept for model_training: 90 days",
        "  kept for research: 30 days",
        "  kept without approval: 30 days",
        "  recorded: at most 100 minutes a day",
        "  hours: mon, tue from 09:00 to 12:00, local time",
        "  hours: sun from 22:00 to 24:00, local time",
        "  a consent: at most 183 days, first recording after 24 hours",
        "  figures about a group: of 60 people or more",
        "",
        "hands over and pays",
        "  to Example Research (DE, privacy@research.example) for research",
        "  pays 1000 of the smallest unit of EUR for each 30 days",
        "  for the same amount, unrecorded: scripted tasks",
        "",
        "documents",
        "  data protection impact assessment: DPIA 7, by the board, to be reviewed 2027-06-01",
        "",
        "says in the notice",
        "  legal basis: consent",
        "  transfers: none",
        "  authority: the authority",
        "  data protection officer: dpo@acme.example",
        "  locations: Hall 2",
        "  posted at: the board in Hall 2",
        "",
        "comes to, on 2026-12-01",
        "  law of: EU",
        "  signals: text, clicks, scrolls, screenshots",
        "  kept: at most 90 days; recorded: at most 100 minutes a day",
        "  until: 2027-06-01",
        "",
        "None of this is legal advice.",
    ]


def test_a_refused_policy(full: str) -> None:
    text = full.replace('["EU"]', '["DE", "US-IL"]').replace("research = 30", "model_training = 30\nresearch = 20")
    lines = summary_lines(parse_policy(text.replace("documents.dpia", "documents.risk_assessment")), PROFILES, DAY)

    assert lines[lines.index("comes to, on 2026-12-01") :] == [
        "comes to, on 2026-12-01",
        "  law of: DE, US-IL",
        "  nothing may be recorded:",
        f"  - {asked('EU', 'dpia', 'data protection impact assessment')}",
        f"  - {asked('DE', 'works_agreement')}",
        "",
        "None of this is legal advice.",
    ]


def test_a_trial_beyond_the_law(full: str) -> None:
    text = full.replace("trial = false", "trial = true").replace('["EU"]', '["DE", "FR"]').replace("= 90", "= 91")
    lines = summary_lines(parse_policy(text), PROFILES, DAY)

    assert lines[0] == "Acme Ltd (privacy@acme.example), a trial"
    assert lines[lines.index("comes to, on 2026-12-01") :] == [
        "comes to, on 2026-12-01",
        "  law of: DE, FR",
        "  - signals[1]: the law of DE, FR takes text away; take it out, so that the notice does not offer it",
        "  - signals[4]: the law of DE, FR takes screenshots away; take it out, so that the notice does not offer it",
        "  - limits.retention_days: is over the 90 that these places come to; write 90 or less",
        "  signals: clicks, scrolls",
        "  kept: at most 90 days; recorded: at most 100 minutes a day",
        "",
        "None of this is legal advice.",
    ]


def test_what_the_law_of_a_place_asks_for() -> None:
    assert law_lines(PROFILES["DE"])[:6] == [
        "DE: Germany, within EU; reviewed 2026-11-23, expires 2027-11-23",
        "  never recorded: screenshots, text",
        "  documents: works agreement",
        "  consent: explicit",
        "  kept to: sessions only",
        "  at most 120 minutes a day (our choice, in no statute)",
    ]
    sources = PROFILES["US-CT"].sources
    assert law_lines(PROFILES["US-CT"]) == [
        "US-CT: Connecticut, within US; reviewed 2026-11-23, expires 2027-11-23",
        "  consent: prior notice",
        "  in the notice: notice.locations since 2026-10-01",
        "  in the notice: notice.posted_at",
        f"  source: {CT} ({TEXT}): {sources[0].says}",
        f"  source: {CT}, effective 1 October 2026 ({TEXT}): {sources[1].says}",
        "",
    ]
    assert law_lines(PROFILES["US-NY"])[3].startswith("  in the notice, word for word: any and all telephone")
    assert law_lines(PROFILES["GB"])[0].startswith("GB: the United Kingdom; reviewed")


def test_what_check_says_of_a_policy_that_nobody_filled_in() -> None:
    text = new_policy_text("Acme", "a@acme.example", ["US-CT", "US-CA", "GB"], PROFILES)

    assert checked(text) == [
        asked("GB", "dpia", "data protection impact assessment"),
        asked("US-CA", "risk_assessment"),
        asked("GB", "worker_consultation"),
        "notice.locations: the law of US-CT asks for it in the notice; add locations to [notice]",
        "notice.posted_at: the law of US-CT asks for it in the notice; add posted_at to [notice]",
    ]


def test_what_check_says_of_days(full: str) -> None:
    newer = "install a version of Overt that reviewed it anew"
    again = "review the data protection impact assessment and state it anew"

    assert checked(full, date(2026, 10, 31)) == [
        "line 52: documents.dpia.approved_on: lies in the future; wait for it, or mend the day"
    ]
    assert checked(full, date(2027, 11, 23)) == [
        f"line 7: jurisdictions: the profile EU has expired on 2027-11-23; {newer}",
        f"line 53: documents.dpia.review_by: the review is due; {again}",
    ]


def test_what_check_says_of_an_offer_over_many_lines(full: str) -> None:
    text = full.replace('["EU"]', '["DE"]').replace('"text", "clicks", "scrolls", ', '\n"clicks",\n"scrolls",\n')
    text = text.replace("documents.dpia", "documents.works_agreement")

    assert checked(text)[0] == (
        "line 7: signals[3]: the law of DE takes screenshots away; take it out, so that the notice does not offer it"
    )
    assert text.splitlines()[6] == '"screenshots"]'


def test_what_check_says_of_a_place_that_nobody_knows(full: str) -> None:
    known = "DE, EU, FR, GB, US, US-CA, US-CT, US-DE, US-IL, US-NY"

    assert checked(full.replace('["EU"]', '["XX"]')) == [
        f"line 7: jurisdictions: there is no profile of the law for XX; there are: {known}"
    ]


def test_all_reasons_of_a_refusal_are_kept(full: str) -> None:
    text = full.replace('["EU"]', '["DE", "FR"]').replace('"text", "clicks", "scrolls", "screenshots"', '"text"')

    found = refusals(parse_policy(text), PROFILES, DAY)

    assert [problem.entry for problem in found] == [
        "signals",
        "documents.worker_consultation",
        "documents.works_agreement",
    ]
    assert found[0].what == "the law of DE, FR takes all of them away"


def test_a_refusal_tells_the_person_who_sees_more(full: str) -> None:
    with pytest.raises(PolicyError) as caught:
        effective(parse_policy(full), PROFILES, date(2026, 10, 31))

    assert str(caught.value) == (
        "nothing may be recorded under this policy: "
        "documents.dpia.approved_on: lies in the future; wait for it, or mend the day"
    )
    assert caught.value.hint == "the admin sees this, one problem a line, with: overt policy check FILE"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("retention_days", "", "line 14: limits.retention_days: is missing; add it"),
        ("cohort_floor = 60", "xyzzy = 60", "line 19: limits.xyzzy: no policy has this entry; take it out"),
        ("grant_max_days = 183", "grant_max_day = 1", "do you mean grant_max_days?"),
        ("sites = [", "sites = [] # ", "line 3: sites: is empty; name at least one"),
        (
            'contact = "privacy@acme.example"',
            'contact = "\\u0007"',
            "line 12: controller.contact: is not written as this",
        ),
        ('contact = "privacy@acme.example"', 'contact = "\\u0007"', "entry must be; write one line of plain text"),
        (
            "trial = false",
            "trial = 1",
            "line 2: trial: is not true or false; write it as true or false, without quotes",
        ),
        ('"wikipedia"', '"google"', "line 3: sites: names google twice; take one out"),
        (
            "_hours = 24",
            "_hours = 0",
            "line 14: limits: cooling_off_hours is under 24, which only a trial may be; write 24",
        ),
        (
            "research = 30",
            "research = 999",
            "retention.research: is out of its range: it must be at most 730; change the",
        ),
    ],
)
def test_a_malformed_policy(full: str, old: str, new: str, line: str) -> None:
    text = full.replace("retention_days = 90\n", "") if old == "retention_days" else full.replace(old, new, 1)

    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert line in str(caught.value)
    assert str(caught.value).startswith("the policy is malformed: line ")
    assert caught.value.hint == "overt policy check FILE lists one problem a line"


def test_several_problems_are_parted_by_a_bar(full: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(full.replace("trial = false", "trial = 1").replace("sites = [", "sites = [] # "))

    assert str(caught.value).count(" | ") == 1
    assert "sites: is empty" in str(caught.value)


def test_a_text_that_is_no_toml(full: str) -> None:
    (problem,) = read_policy(full.replace("trial = false", "trial = "))  # type: ignore[misc]

    assert str(problem) == (
        "line 2: not TOML: invalid value; "
        "a text stands in quotes, a list in brackets, and each entry on a line of its own"
    )
    (problem,) = read_policy("a = [")  # type: ignore[misc]
    assert problem.line == 0
    assert "at end" not in problem.what


def test_a_text_that_is_too_long_by_one_character(full: str) -> None:
    padded = full + "#" * (MAX_POLICY_CHARACTERS - len(full))

    assert parse_policy(padded) == parse_policy(full)
    assert [str(problem) for problem in read_policy(padded + "#")] == [  # type: ignore[union-attr]
        "longer than 100000 characters; shorten it"
    ]


def test_a_value_that_is_nested_too_deeply(full: str) -> None:
    for depth in (400, 900, 20_000):
        found = read_policy(full.replace("trial = false", f"trial = {'[' * depth}{']' * depth}"))

        assert isinstance(found, tuple)
        assert [str(problem) for problem in found] == ["a value is nested too deeply; take it out"]


def test_a_number_of_thousands_of_digits_is_a_problem_and_no_crash(full: str) -> None:
    found = read_policy(full.replace("_minutes = 100", f"_minutes = {'9' * 5000}"))

    assert isinstance(found, tuple)
    assert [str(problem) for problem in found] == ["a number has too many digits; shorten it"]


def test_the_template_of_a_trial() -> None:
    policy = parse_policy(trial_policy_text())

    assert trial_policy_text().startswith("# What Trial on this computer offers and promises")
    assert policy.controller.contact == "the person at this computer"
    assert policy.signals == ("text", "clicks", "scrolls", "moves", "screenshots")
    assert policy.jurisdictions == ("EU",)
    assert policy.trial
    limits = policy.limits
    assert (limits.retention_days, limits.grant_max_days, limits.daily_cap_minutes) == (30, 30, 120)
    assert limits.cooling_off_hours == 0


def test_what_a_template_says_of_the_law() -> None:
    text = new_policy_text("Acme", "a@acme.example", ["DE"], PROFILES)
    head, asked = text.split("cohort_floor = 50\n")

    assert head.startswith("# What Acme offers and promises")
    assert asked.split("\n# Everything below")[0] == (
        "\n# The law as Overt heeds it, each profile until it expires: "
        "Germany (DE), until 2027-11-23, the European Union"
        "\n# (EU), until 2027-11-23. Not legal advice.\n"
        "\n# It takes these signals away: screenshots, text.\n"
        "\n# Nothing can be recorded before these entries are filled in and their # taken away:\n"
        "\n# [documents.dpia]"
        '\n# reference = "where your data protection impact assessment is found"'
        '\n# sha256 = "what sha256sum says of its file"'
        '\n# approved_by = "who approved it"'
        "\n# approved_on = 2026-01-31"
        "\n# review_by = 2027-01-31\n"
        "\n# [documents.works_agreement]"
        '\n# reference = "where your works agreement is found"'
        '\n# sha256 = "what sha256sum says of its file"'
        '\n# approved_by = "who approved it"'
        "\n# approved_on = 2026-01-31"
        "\n# review_by = 2027-01-31\n"
        "\n# [notice]"
        '\n# legal_basis = "consent, Art. 6(1)(a) GDPR"'
        '\n# transfers = "none outside the European Union"'
        '\n# authority = "the authority to complain to"\n'
    )
    assert "taken away" not in new_policy_text("Acme", "a@acme.example", ["US-IL"], PROFILES)
    assert "[notice]" not in new_policy_text("Acme", "a@acme.example", ["US-IL"], PROFILES)
