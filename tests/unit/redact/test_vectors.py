"""Texts of our own making in which secrets are marked: how much of each kind is withheld, and how much else."""

import re
from pathlib import Path

import pytest

from overt.redact.clean import widened
from overt.redact.detect import detect

VECTORS = Path(__file__).parents[2] / "vectors/redact"
MARKS = re.compile("[«»]")
COVER = {
    "addresses_net": 1.0,
    "birth_dates": 0.98,
    "cards": 1.0,
    "emails": 0.99,
    "ibans": 1.0,
    "national_ids": 0.98,
    "passwords_told": 0.98,
    "phones": 1.0,
    "postal_addresses": 0.95,
    "prose_passwords": 0.98,
    "settings_told": 0.98,
    "tokens": 0.98,
    "usernames_told": 0.95,
}
"""The least share of the marked texts of each file of which every letter and digit is withheld."""


def marked(line: str) -> tuple[str, set[int]]:
    """Return *line* without its marks, and the places of the letters and digits within them."""
    text, places = "", set[int]()
    for number, part in enumerate(MARKS.split(line)):
        if number % 2:
            places |= {len(text) + place for place, char in enumerate(part) if char.isalnum()}
        text += part
    return text, places


def test_every_file_of_marked_texts_has_a_share_to_reach() -> None:
    files = {path.stem for path in VECTORS.glob("*.txt")}

    assert files == {*COVER, "benign", "benign_more"}


@pytest.mark.parametrize("name", COVER)
def test_what_is_marked_is_withheld(name: str) -> None:
    lines = [marked(line) for line in (VECTORS / f"{name}.txt").read_text().splitlines()]

    missed = [
        text
        for text, places in lines
        if not places <= {place for span in detect(text) for place in range(span.start, span.end)}
    ]

    assert len(missed) <= (1 - COVER[name]) * len(lines), missed


def test_of_all_ordinary_searches_97_characters_in_100_are_kept_in_both_batches() -> None:
    for name in ("benign", "benign_more"):
        lines = [line for line in (VECTORS / f"{name}.txt").read_text().splitlines() if not line.startswith("# ")]

        lost = sum(span.end - span.start for line in lines for span in widened(line, detect(line)))

        assert lost <= 0.02 * sum(map(len, lines)), name
