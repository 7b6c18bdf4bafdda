"""Each problem is one line: where, what, and what to do about it."""

import pytest
from pydantic import BaseModel, ValidationError

from overt.policy.checking import check_policy
from overt.policy.document import Policy, read_policy
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.law import LONGEST_LIFE
from overt.policy.problems import Problem, problems_of
from overt.policy.tables import LONGEST_REVIEW

TEXT = "a text in quotes"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("trial = false", 'trial = "no"', ("trial", "not true or false", "without quotes")),
        ('name = "Acme Ltd"', "name = 7", ("controller.name", "not a text", TEXT)),
        ('name = "Acme Ltd"', 'name = ""', ("controller.name", "empty", "fill it in")),
        ('name = "Acme Ltd"', f'name = "{"x" * 201}"', ("controller.name", "longer than 200", "shorten")),
        ('name = "Acme Ltd"', r'name = "a\tb"', ("controller.name", "not written", "one line of plain text")),
        ("_minutes = 100", "_minutes = 100.5", ("limits.daily_cap_minutes", "not a whole number", "digits")),
        ("_minutes = 100", "_minutes = 481", ("limits.daily_cap_minutes", "at most 480", "change")),
        ("_minutes = 100", "_minutes = 0", ("limits.daily_cap_minutes", "at least 1", "change")),
        ("cohort_floor = 60", "cohort_floor = 49", ("limits.cohort_floor", "at least 50", "change")),
        ("cohort_floor = 60", "cohort_flor = 60", ("limits.cohort_flor", "no policy has", "cohort_floor?")),
        ("cooling_off_hours = 24", "cooling_off_hours = 23", ("limits", "under 24", "write 24 or more")),
        ('"linkedin/pulse"', '"linkedin/messages"', ("excluded", "no area linkedin/messages", "name only google/home")),
        ('"linkedin/pulse"', '"pulse"', ("excluded[1]", "not written", "linkedin/pulse")),
        ('["linkedin/pulse"]', '"linkedin/pulse"', ("excluded", "not a list", "a list")),
        ('sites = ["google", "wikipedia", "linkedin"]', "sites = []", ("sites", "empty", "at least one")),
        ('"wikipedia"', '"google"', ("sites", "google twice", "take one out")),
        ('"wikipedia"', '"bing"', ("sites", "no rules for bing", "name only google")),
        ('"emotion_inference"', '"individual_scoring"', ("prohibited", "twice", "take one out")),
        (', "emotion_inference"', "", ("prohibited", "not prohibited: emotion_inference", "add them")),
        ('["EU"]', '["Eu"]', ("jurisdictions[1]", "not written", "EU, DE or US-CA")),
        ("research = 30", "research = 91", ("retention", "research is kept longer than all", "90 days")),
        ("research = 30", "model_evaluation = 30", ("retention", "model_evaluation is not offered", "take it out")),
        ("research = 30", "reserch = 30", ("retention.reserch.[key]", "not one of", "'research'")),
        ("research = 30", "research = 0", ("retention.research", "at least 1", "change")),
        ('begin = "09:00"', 'begin = "9:00"', ("schedule[1].begin", "not written", "09:00")),
        ('begin = "09:00"', 'begin = "12:00"', ("schedule[1]", "begins at 12:00 and ends at 12:00", "")),
        ('end = "24:00"', 'end = "24:01"', ("schedule[2].end", "not written", "24:00")),
        ('"tue"', '"tues"', ("schedule[1].days[2]", "not one of", "'tue'")),
        ('country = "DE"', 'country = "Germany"', ("recipients[1].country", "not written", "DE")),
        ('purposes = ["research"]', 'purposes = ["model_evaluation"]', ("recipients", "not offered", "take it out")),
        ('currency = "EUR"', 'currency = "euro"', ("incentive.currency", "not written", "EUR")),
        ("amount_minor = 1000", "amount_minor = 0", ("incentive.amount_minor", "at least 1", "change")),
        ("amount_minor = 1000", "per_hour = 1000", ("incentive.amount_minor", "missing", "add it")),
        ('alternative = "scripted tasks"', "", ("incentive.alternative", "missing", "add it")),
        (
            "approved_on = 2026-11-01",
            'approved_on = "soon"',
            ("documents.dpia.approved_on", "not a date", "2026-01-31"),
        ),
        ("review_by = 2027-06-01", "review_by = 2026-11-01", ("documents.dpia", "not 1 to 1096 days", "")),
        ("review_by = 2027-06-01", "review_by = 2029-11-02", ("documents.dpia", "not 1 to 1096 days", "")),
        ("sha256 = ", 'sha256 = "x" # ', ("documents.dpia.sha256", "not written", "sha256sum")),
        ("documents.dpia", "documents.dpa", ("documents.dpa", "no policy has", "dpia?")),
        ("[documents.dpia]", "[document.dpia]", ("document", "no policy has", "documents?")),
        ("[controller]", "[xyzzy]", ("xyzzy", "no policy has", "take it out")),
    ],
)
def test_a_problem_says_where_what_and_what_to_do(full: str, old: str, new: str, said: tuple[str, str, str]) -> None:
    assert old in full
    text = full.replace(old, new, 1)

    outcome = read_policy(text)

    assert not isinstance(outcome, Policy)
    entry, what, remedy = said
    problem = next(problem for problem in outcome if problem.entry == entry)
    assert what in problem.what
    assert remedy in problem.remedy
    assert problem.line
    assert "\n" not in str(problem)


def test_both_ends_of_each_bound_are_in(full: str) -> None:
    text = full.replace("review_by = 2027-06-01", "review_by = 2029-11-01").replace("_minutes = 100", "_minutes = 480")
    text = text.replace("cohort_floor = 60", "cohort_floor = 50").replace("research = 30", "research = 90")

    assert isinstance(read_policy(text), Policy)
    assert isinstance(read_policy(full.replace("review_by = 2027-06-01", "review_by = 2026-11-02")), Policy)
    assert LONGEST_REVIEW.days == 1096
    assert LONGEST_LIFE.days == 366


def test_all_problems_come_at_once_in_the_order_of_their_lines(full: str) -> None:
    text = full.replace("trial = false", "trial = 0").replace('"sun"', '"sunday"').replace('country = "DE"', "")

    outcome = read_policy(text)

    assert not isinstance(outcome, Policy)
    assert [problem.entry for problem in outcome] == ["trial", "schedule[2].days[1]", "recipients[1].country"]
    lines = [problem.line for problem in outcome]
    assert lines == sorted(lines)


def test_an_empty_list_is_said_beside_other_problems_and_once(full: str) -> None:
    outcome = read_policy(full.replace("trial = false", "trial = 0").replace('days = ["sun"]', "days = []"))

    assert not isinstance(outcome, Policy)
    assert [problem.entry for problem in outcome] == ["trial", "schedule[2].days"]


def test_a_purpose_is_not_called_unoffered_where_the_offer_itself_is_wrong(full: str) -> None:
    outcome = read_policy(full.replace('purposes = ["model_training", "research"]', "purposes = 7"))

    assert not isinstance(outcome, Policy)
    assert [problem.entry for problem in outcome] == ["purposes"]


def test_a_missing_entry_has_the_line_of_its_own_table(full: str) -> None:
    text = full.replace('country = "DE"\n', "")

    outcome = read_policy(text)

    assert not isinstance(outcome, Policy)
    assert text.splitlines()[outcome[0].line - 1] == "[[recipients]]"


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem(what="w"), "w"),
        (Problem(what="w", remedy="r"), "w; r"),
        (Problem(entry="e", what="w"), "e: w"),
        (Problem(line=3, entry="e", what="w", remedy="r"), "line 3: e: w; r"),
        (Problem(line=3, what="w"), "line 3: w"),
    ],
)
def test_a_problem_is_written_in_one_line(problem: Problem, line: str) -> None:
    assert str(problem) == line


def test_check_finds_the_lines_of_what_the_law_objects_to(full: str) -> None:
    text = full.replace('["EU"]', '["DE"]').replace("retention_days = 90", "retention_days = 91")

    found = check_policy(text, PROFILES, PROFILES["DE"].reviewed_on)

    lines = text.splitlines()
    assert [(problem.entry, lines[problem.line - 1]) for problem in found if problem.line] == [
        ("signals[1]", 'signals = ["text", "clicks", "scrolls", "screenshots"]'),
        ("signals[4]", 'signals = ["text", "clicks", "scrolls", "screenshots"]'),
        ("limits.retention_days", "retention_days = 91"),
        ("documents.works_agreement", "[documents.dpia]"),
    ]
    assert len(found) == 4


def test_check_says_of_an_unknown_place_only_that(full: str) -> None:
    found = check_policy(full.replace('["EU"]', '["EU", "XX"]'), PROFILES, PROFILES["EU"].reviewed_on)

    assert [(problem.line, problem.entry) for problem in found] == [(7, "jurisdictions")]
    assert "there are: DE, EU" in found[0].remedy


def test_check_of_what_cannot_be_read_says_that_alone(full: str) -> None:
    assert [problem.entry for problem in check_policy(full + "x", PROFILES, PROFILES["EU"].reviewed_on)] == [""]
    assert check_policy(full, PROFILES, PROFILES["EU"].reviewed_on) == ()


def test_an_error_that_has_no_words_of_ours_is_told_in_the_validators() -> None:
    class Other(BaseModel):
        day: float

    with pytest.raises(ValidationError) as caught:
        Other.model_validate({"day": "x"})

    (problem,) = problems_of(caught.value, {("day",): 3}, {})

    assert str(problem).startswith("line 3: day: input should be a valid number")
    assert problem.remedy == "mend it"
