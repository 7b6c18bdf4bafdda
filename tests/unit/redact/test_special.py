"""The judge of special categories names what a text speaks of, whole words only, and is asked by nobody else."""

import pytest

from overt.redact.detect import detect
from overt.redact.special import SpecialCategory, special_categories

SPOKEN_OF = [
    ("breast cancer symptoms", SpecialCategory.HEALTH),
    ("DIABETES type 2 diet", SpecialCategory.HEALTH),
    ("depressionen was tun", SpecialCategory.HEALTH),
    ("wheelchair friendly hotels", SpecialCategory.HEALTH),
    ("how to vote labour party", SpecialCategory.POLITICS),
    ("Wahlprogramm der CDU", SpecialCategory.POLITICS),
    ("mosque prayer times", SpecialCategory.RELIGION),
    ("kirchenaustritt kosten", SpecialCategory.RELIGION),
    ("gay bars berlin", SpecialCategory.SEXUALITY),
    ("coming-out mit 40", SpecialCategory.SEXUALITY),
    ("join a union at work", SpecialCategory.UNION),
    ("betriebsrat gründen", SpecialCategory.UNION),
]
SILENT = [
    *("", "weather berlin", "python union type hints", "set union and intersection", "greenhouse gas"),
    "cancel culture",
    *("european union law", "vote for best film", "christmas market", "christina"),
    *("striking colours", "gayle king", "rabbit food", "massage chair", "c++ unions"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "category"), SPOKEN_OF)
def test_a_text_names_its_category(text: str, category: SpecialCategory) -> None:
    assert category in special_categories(text)


@pytest.mark.parametrize("text", SILENT)
def test_words_that_only_look_alike_name_none(text: str) -> None:
    assert special_categories(text) == frozenset()


def test_a_text_may_speak_of_several() -> None:
    assert special_categories("muslim lgbtq+ support") == {SpecialCategory.RELIGION, SpecialCategory.SEXUALITY}


def test_look_alikes_hide_no_category() -> None:
    assert special_categories("саncеr") == {SpecialCategory.HEALTH}  # noqa: RUF001 - Cyrillic letters are the point


def test_the_detectors_do_not_ask_the_judge() -> None:
    assert detect("breast cancer symptoms") == []
