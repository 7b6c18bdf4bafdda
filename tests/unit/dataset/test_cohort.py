"""An export is of many people or of none, and says of none of them how much they did."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from overt.cli.export import _json as told_as_json
from overt.dataset.eligible import Eligible
from overt.dataset.source import cohort_floor
from overt.errors import PolicyError
from overt.policy.document import parse_policy
from overt.policy.templates import trial_policy_text
from overt.store.home import Home, Role


def of_people(story: Any, *people: int) -> list[Eligible]:
    """Return one episode for each number, which says whose it is."""
    return [
        replace(story.eligible(story.search(), number), contributor_key=f"device+{person}")
        for number, person in enumerate(people, start=1)
    ]


def test_as_many_people_as_the_policy_asks_for_are_enough(story: Any, tmp_path: Path) -> None:
    report = story.exported(tmp_path / "out", *of_people(story, 1, 2, 3), cohort_floor=3)

    assert report.account.exported == 3


def test_one_person_fewer_is_refused_however_much_they_did(story: Any, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="fewer than 3 people") as refused:
        story.exported(tmp_path / "out", *of_people(story, 1, 2, 1, 2, 1), cohort_floor=3)

    assert refused.value.exit_code == 5
    assert not (tmp_path / "out").exists()
    assert "2 " not in f"{refused.value} {refused.value.hint}"


def test_of_how_many_people_it_is_makes_no_difference_to_the_refusal(story: Any, tmp_path: Path) -> None:
    said = []
    for people in ((1,), (1, 2), (1, 2, 3)):
        with pytest.raises(PolicyError) as refused:
            story.exported(tmp_path / "out", *of_people(story, *people), cohort_floor=4)
        said.append((str(refused.value), refused.value.hint))

    assert len(set(said)) == 1


def test_too_few_people_are_refused_before_anything_of_theirs_is_opened(story: Any, tmp_path: Path) -> None:
    opened: list[str] = []

    def content() -> Any:
        opened.append("opened")
        return iter(story.search())

    few = [replace(each, content=content) for each in of_people(story, 1, 2)]
    with pytest.raises(PolicyError):
        story.exported(tmp_path / "out", *few, cohort_floor=3)

    assert opened == []


def test_who_drops_out_on_the_way_does_not_count(story: Any, tmp_path: Path) -> None:
    """The third person's only episode turns out to be empty."""
    three = of_people(story, 1, 2, 3)
    three[2] = replace(three[2], content=lambda: iter(()))

    with pytest.raises(PolicyError):
        story.exported(tmp_path / "out", *three, cohort_floor=3)

    assert not (tmp_path / "out").exists()


def test_nothing_that_an_export_counts_changes_with_who_did_how_much(story: Any, tmp_path: Path) -> None:
    """No score of a person can be in it: the same work by two who did half each, and by one who did nearly all."""
    even = story.exported(tmp_path / "even" / "out", *of_people(story, 1, 1, 2, 2))
    uneven = story.exported(tmp_path / "uneven" / "out", *of_people(story, 1, 1, 1, 2))

    counts = [told_as_json(replace(report, out=Path("out"))) for report in (even, uneven)]
    manifests = [json.loads((tmp_path / kind / "out/MANIFEST.json").read_text()) for kind in ("even", "uneven")]
    cards = [(tmp_path / kind / "out/README.md").read_bytes() for kind in ("even", "uneven")]
    assert counts[0] == counts[1]
    assert cards[0] == cards[1]
    assert manifests[0] | {"files": None} == manifests[1] | {"files": None}


@pytest.mark.parametrize(("trial", "floor"), [(True, 0), (False, 77)])
def test_the_floor_is_the_policys_and_a_trial_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trial: bool, floor: int
) -> None:
    text = trial_policy_text().replace("cohort_floor = 50", "cohort_floor = 77")
    real = text.replace("trial = true", "trial = false").replace("cooling_off_hours = 0", "cooling_off_hours = 24")
    organisation = SimpleNamespace(policy=parse_policy(text if trial else real))
    monkeypatch.setattr("overt.dataset.source.load_organisation", lambda _home: organisation)

    assert cohort_floor(Home(path=tmp_path, role=Role.ADMIN, trial=False)) == floor
