"""``overt audit run`` and ``overt audit incident`` as typed, on synthetic episodes, handed over and exported."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]
KEYS = {
    "format", "at", "store", "officer", "policy_sha256", "verdict", "episodes", "remembered", "devices", "grants",
    "exports", "reads", "logs", "findings", "skips",
}  # fmt: skip


@pytest.fixture
def root(overt: Overt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make two episodes of a made-up person, export them, witness all logs, and copy what is public."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    place = tmp_path / "made"
    assert overt("synth", "--episodes", 2, "--seed", 1, "--out", place).code == 0
    monkeypatch.setenv("OVERT_HOME", str(place))
    store = place / "admin" / "submitted"
    out = tmp_path / "dataset"
    assert overt("export", "--purpose", "model_training", "--from", store, "--out", out).code == 0
    (store / "exports" / "first").mkdir(parents=True)
    shutil.copy(out / "MANIFEST.json", store / "exports" / "first")
    for role in ("employee", "admin", "vault"):
        shown = overt("log", "show", "--json", "--home", place / role)
        offer, answer = tmp_path / f"{role}.offer", tmp_path / f"{role}.cosigned"
        overt("log", "offer", "--out", offer, "--home", place / role)
        assert overt("audit", "cosign", offer, "--out", answer, "--log", shown.said["log"]).code == 0
        assert overt("log", "accept", answer, "--home", place / role).code == 0
        shutil.copytree(place / role / "log", store / "logs" / role)
    return place


def test_the_result_is_json_in_a_stable_form_and_the_exit_code_says_whether_there_is_a_finding(
    overt: Overt, root: Path, tmp_path: Path
) -> None:
    store = root / "admin" / "submitted"

    clean = overt("audit", "run", "--from", store, "--json", "--out", tmp_path / "report.json", "--unlock")
    next(store.glob("*.keys")).unlink()
    spoilt = overt("audit", "run", "--from", store, "--json")
    told = overt("audit", "run", "--from", store)

    assert clean.said["findings"] == []
    assert set(clean.said) == set(spoilt.said) == KEYS
    assert (clean.code, spoilt.code, told.code) == (0, 1, 1)
    assert json.loads((tmp_path / "report.json").read_text()) == clean.said
    counted = [clean.said[name] for name in ("episodes", "devices", "grants", "exports")]
    assert counted == [2, 1, 1, 1]
    assert [each["code"] for each in spoilt.said["findings"]] == ["keys-missing"]
    assert set(spoilt.said["findings"][0]) == {"code", "severity", "about", "evidence", "remedy", "episodes"}
    assert "checked 2 episodes (2 proven before)" in told.out
    assert "major    keys-missing (1); ask its person to submit it again" in told.out
    assert "skipped  redaction rules (2): it stands in sealed metadata" in told.out
    assert "docs/spec/audit-v1.md" in told.err


def test_an_incident_is_told_in_json_and_in_words(overt: Overt, root: Path) -> None:
    store = root / "admin" / "submitted"

    told = overt("audit", "incident", "export", "--about", "first", "--from", store, "--known", "2026-11-23T15:30:00Z")
    row = overt("audit", "incident", "store", "--from", store, "--json").said
    refused = overt("audit", "incident", "store", "--from", store, "--known", "yesterday")

    assert told.code == 0
    assert "tell the authority by 2026-11-26T15:30:00Z" in told.out
    assert "touches 2 episodes of 1 person" in told.out
    # In a trial every key lies open.
    assert (row["format"], row["readable"], row["episodes"]) == ("overt-incident/1", "yes", 2)
    assert refused.code == 2


def test_a_report_is_made_of_what_an_audit_wrote(overt: Overt, root: Path, tmp_path: Path) -> None:
    pytest.importorskip("jinja2", reason="no HTML is made here: jinja2 is not installed")
    out, page, table = tmp_path / "report.json", tmp_path / "report.html", tmp_path / "findings.csv"
    overt("audit", "run", "--from", root / "admin" / "submitted", "--out", out)

    made = overt("audit", "report", out, "--out", page, "--csv", table, "--json")
    page_before = page.read_text()
    refused = overt("audit", "report", page, "--out", page)

    assert (made.code, set(made.said)) == (0, {"out", "csv", "at", "findings", "history"})
    assert page_before.startswith("<!doctype html>")
    assert table.read_text().startswith("code,severity,")
    assert (refused.code, page.read_text()) == (8, page_before)
