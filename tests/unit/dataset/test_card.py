"""What a data set says of itself: for people, for catalogues, for whoever asks where it comes from."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from overt.consent.deletion import deletion_tag
from overt.dataset.interface import Format
from overt.dataset.known import account_of, known
from overt.dataset.manifest import Account
from overt.dataset.provenance import provenance
from overt.dataset.release import About, Receiver, Release
from overt.dataset.signature import check_dataset
from overt.errors import UsageError
from overt.format.note import NoteSigner

SIGNER = NoteSigner.from_seed("admin-0c0c", bytes(range(32)))
ABOUT = About(
    controller="Example Org",
    contact="privacy@example.org",
    jurisdictions=("DE", "US-CA"),
    receiver=Receiver(name="Example Research", contact="privacy@research.example", country="NL"),
)
STANDARD = {
    "source": {"version", "title", "id", "location", "issuer", "description"},
    "provenance": {
        "source", "origin", "origin-geography", "date", "previous-date", "generation-period", "generation-method",
        "format",
    },
    "use": {
        "classification", "consents", "privacy-enhancing", "processing-included", "processing-excluded",
        "storage-allowed", "storage-forbidden", "license", "intended-purpose", "copyright", "patent", "trademark",
    },
}  # fmt: skip
"""The fields of the Data Provenance Standards 1.0.0."""


@pytest.fixture
def out(story: Any, tmp_path: Path) -> Path:
    release = Release(signer=SIGNER, about=ABOUT, holdout=0)
    story.exported(tmp_path / "out", story.eligible(story.search()), release=release, formats=tuple(Format))
    return tmp_path / "out"


@pytest.fixture
def account(out: Path) -> Account:
    return account_of(known(out))


def read(out: Path, name: str) -> Any:
    return json.loads((out / name).read_text())


def test_provenance_has_every_field_of_the_standard(out: Path) -> None:
    told = read(out, "provenance.json")

    assert {group: set(fields) for group, fields in told.items()} == STANDARD
    assert told["source"]["issuer"] == [{"name": "Example Org", "address": ["privacy@example.org"]}]
    assert told["provenance"]["origin-geography"] == [{"country": "DE"}, {"country": "US", "state": "CA"}]
    assert told["use"]["processing-included"] == [{"country": "NL"}]
    assert told["use"]["intended-purpose"][0]["code"] == "model_training"
    assert "MANIFEST.json" in told["use"]["consents"][0]


def test_it_says_who_looked_a_second_time(account: Account) -> None:
    told = json.loads(provenance(replace(account, judges={"rules": "7"}), {}))

    looked = next(each for each in told["use"]["privacy-enhancing"] if each["tool-category"]["code"] == "second-look")
    assert looked["parameters"] == ["rules 7"]


def test_the_card_says_for_what_for_whom_and_by_whom(out: Path) -> None:
    card = (out / "README.md").read_text()

    for words in ("`model_training`", "by Example Research (NL)", "Example Org, privacy@example.org", "Nobody is held"):
        assert words in card
    for use in ("performance monitoring", "individual scoring", "emotion inference", "biometric identification"):
        assert use in card
    assert "# Consented computer-use trajectories" in card


def test_all_descriptions_name_one_release(out: Path) -> None:
    told = read(out, "MANIFEST.json")

    assert told["receipt_salt"] in read(out, "croissant.json")["identifier"]
    assert read(out, "provenance.json")["source"]["id"] == read(out, "croissant.json")["identifier"]


def test_croissant_names_every_file_that_a_loader_opens_with_its_hash(out: Path) -> None:
    told, files = read(out, "croissant.json"), read(out, "MANIFEST.json")["files"]

    named = {each["@id"]: each["sha256"] for each in told["distribution"] if each["@type"] == "cr:FileObject"}
    assert named == {name: files[name] for name in files if name.endswith((".parquet", ".jsonl", ".tar"))}
    sets = {each["@id"] for each in told["distribution"] if each["@type"] == "cr:FileSet"}
    assert sets == {"steps", "episodes", "visits", "queries", "tasks", "pictures", "trajectories"}


def test_a_data_set_without_tables_is_described_without_pyarrow(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyarrow", "overt.dataset.schema", "overt.dataset.arrow", "overt.dataset.lint_tables"):
        monkeypatch.setitem(__import__("sys").modules, name, None)

    story.exported(tmp_path / "out", story.eligible(story.search()), formats=(Format.AGENTNET,))

    assert read(tmp_path / "out", "croissant.json")["recordSet"] == []


def test_the_manifest_tells_all_that_the_others_are_made_of(out: Path, account: Account) -> None:
    """So that a purge describes what is left as the export described the whole."""
    told = read(out, "MANIFEST.json")

    assert account.about == ABOUT
    assert account.months == ("2026-11", "2026-11")
    assert told["about"]["receiver"] == {
        "name": "Example Research", "contact": "privacy@research.example", "country": "NL",
    }  # fmt: skip
    assert told["parameters"]["holdout_percent"] == 0
    assert told["splits"] == {"train": told["rows"]}


def test_nothing_but_the_purpose_and_the_month_says_when(out: Path) -> None:
    """A data set has no clock: no day, and no time of its making."""
    for name in ("README.md", "croissant.json", "provenance.json", "MANIFEST.json"):
        assert "2026-11-23" not in (out / name).read_text()


def test_no_description_names_a_person_or_a_device(story: Any, tmp_path: Path) -> None:
    one = story.eligible(story.search())
    story.exported(tmp_path / "out", one)

    for name in ("README.md", "croissant.json", "provenance.json", "MANIFEST.json"):
        text = (tmp_path / "out" / name).read_text()
        assert one.contributor_key not in text
        assert one.consent_sha256 not in text
        assert (deletion_tag("5a" * 16, one.episode_id) in text) == (name == "MANIFEST.json")


def test_an_export_that_lost_its_signature_is_not_called_identical(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))
    assert story.exported(tmp_path / "out", story.eligible(story.search())).unchanged
    (tmp_path / "out/MANIFEST.note").unlink()

    with pytest.raises(UsageError, match="another export, or one that was changed"):
        story.exported(tmp_path / "out", story.eligible(story.search()))


def test_another_key_makes_another_release(story: Any, tmp_path: Path) -> None:
    """Of the same episodes: names, receipts and signature are its own, and so is its id."""
    other = NoteSigner.from_seed("admin-1d1d", bytes(range(1, 33)))
    for name, signer in (("one", SIGNER), ("two", other)):
        story.exported(tmp_path / name, story.eligible(story.search()), signer=signer)

    one, two = (read(tmp_path / name, "MANIFEST.json") for name in ("one", "two"))
    assert one["rows"] == two["rows"]
    for key in ("receipt_salt", "consent_receipts_sha256", "revoked_by"):
        assert one[key] != two[key]
    assert check_dataset(tmp_path / "two", other.vkey).signed_by == other.vkey
