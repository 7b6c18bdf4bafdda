"""What the admin learns of a second look: kinds and counts, and what is missing for a judge."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.errors import BackendUnavailableError
from overt.redact import detect

Overt = Callable[..., Any]


def export(overt: Overt, *words: object) -> Any:
    return overt("export", "--purpose", "model_training", *words)


@pytest.fixture
def handed_over(overt: Overt, episode: str, tmp_path: Path) -> Path:
    overt("episodes", "approve", episode, "--yes")
    overt("episodes", "submit", tmp_path / "inbox")
    return tmp_path / "inbox"


def test_a_newer_rule_bars_what_an_older_recorder_let_through(
    overt: Overt, handed_over: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from overt.dataset.judges import rules  # noqa: PLC0415 - patched here

    found = detect.detect("4111 1111 1111 1111")
    monkeypatch.setattr(rules, "detect", lambda text: found if "zebra" in text else [])

    refused = export(overt, "--format", "parquet", "--from", handed_over, "--out", tmp_path / "out")

    assert refused.code == 4
    assert "1 second look (1 rules.CREDIT_CARD)" in refused.err
    assert "zebra" not in refused.err + refused.out
    assert not (tmp_path / "out").exists()


def test_a_judge_that_is_missing_is_one_clear_error_before_any_key_is_used(
    overt: Overt, handed_over: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from overt.dataset.judges import process  # noqa: PLC0415 - patched here

    def missing(_: object) -> None:
        raise BackendUnavailableError("the judge ocr needs rapidocr", hint="pip install 'overt[ocr]'")

    monkeypatch.setattr(process.Apart, "_ready", missing)

    refused = export(overt, "--judge", "ocr", "--from", handed_over, "--out", tmp_path / "out")

    assert refused.code == 10
    assert "pip install 'overt[ocr]'" in refused.err
    assert "Traceback" not in refused.err
