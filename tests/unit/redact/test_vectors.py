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
HELD_OUT = {
    "PROSE": 0.97,
    "CONFIG": 1.0,
    "KEY": 1.0,
    "PHONE": 0.98,
    "EMAIL": 1.0,
    "CARD": 1.0,
    "OTHER": 1.0,
}
"""The same for each kind of line of the two sets that were written without a look at the rules."""


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


def held_out(name: str) -> dict[str, list[str]]:
    """Return the texts of a held-out set by their kind."""
    texts: dict[str, list[str]] = {}
    for line in (VECTORS / f"held_out_{name}.tsv").read_text().splitlines():
        kind, _, text = line.partition("\t")
        texts.setdefault(kind, []).append(text)
    return texts


@pytest.mark.parametrize("kind", HELD_OUT)
@pytest.mark.parametrize("name", ["a", "b"])
def test_what_is_marked_in_the_held_out_sets_is_withheld(name: str, kind: str) -> None:
    texts = held_out(name)[kind]

    missed = []
    for line in texts:
        text, places = marked(line)
        if not places <= {place for span in detect(text) for place in range(span.start, span.end)}:
            missed.append(text)

    assert len(missed) <= (1 - HELD_OUT[kind]) * len(texts), missed


@pytest.mark.parametrize("name", ["a", "b"])
def test_of_the_ordinary_texts_of_the_held_out_sets_98_characters_in_100_are_kept(name: str) -> None:
    lines = held_out(name)["BENIGN"]

    lost = sum(span.end - span.start for line in lines for span in widened(line, detect(line)))

    assert lost <= 0.02 * sum(map(len, lines))
