"""What was withheld by mistake is counted for the person, and nothing of the text is kept."""

import subprocess
import sys
from pathlib import Path

import pytest

from overt.errors import FormatError
from overt.store.home import Home
from overt.subject.mistakes import mistakes, note_mistakes

TEXT = "gate 7731 912 of canary"


def overt(home: Path, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "overt", "redact", *words, "--home", str(home)],
        input=text, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_counts_add_up_and_a_damaged_file_is_told(employee: Home) -> None:
    note_mistakes(employee, [("PHONE", "numbers"), ("PHONE", "numbers"), ("IP", "x")])
    note_mistakes(employee, [("PHONE", "numbers")])

    assert mistakes(employee) == {("PHONE", "numbers"): 3, ("IP", "x"): 1}
    assert (employee.path / "mistakes.json").stat().st_mode & 0o077 == 0
    (employee.path / "mistakes.json").write_text("[]")
    with pytest.raises(FormatError):
        mistakes(employee)


def test_no_byte_of_the_text_is_kept_and_nothing_is_withheld_less(employee: Home) -> None:
    before = overt(employee.path, "--json", text=TEXT)
    noted = overt(employee.path, "--mistake", text=TEXT)
    after = overt(employee.path, "--json", text=TEXT)
    shown = overt(employee.path, "--feedback")

    assert [each.returncode for each in (before, noted, after, shown)] == [0] * 4
    assert before.stdout == after.stdout
    assert "by numbers" in shown.stdout
    held = b"".join(path.read_bytes() for path in employee.path.parent.rglob("*") if path.is_file())
    assert b"canary" not in held
    assert b"7731" not in (employee.path / "mistakes.json").read_bytes()


def test_trying_a_text_needs_no_home(tmp_path: Path) -> None:
    assert overt(tmp_path / "none", text="hello").returncode == 0
    assert overt(tmp_path / "none", "--feedback").returncode == 9
