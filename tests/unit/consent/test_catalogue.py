"""The catalogue that translators edit and the module that the program holds are one."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from overt.consent.comprehension import questions
from overt.consent.words import words


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_catalogue", Path(__file__).with_name("make_catalogue.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_module_is_made_from_the_catalogue(make: ModuleType) -> None:
    catalogue = make.read_po(make.po_path("de").read_text())

    assert make.module_path("de").read_text() == make.module_text("de", catalogue)
    assert catalogue == dict(words("de").catalogue)


def test_gettext_accepts_the_catalogue(make: ModuleType) -> None:
    program = shutil.which("msgfmt")
    if program is None:
        pytest.skip("gettext is not installed: nothing else looks at the catalogue")

    run = subprocess.run(
        [program, "--check", "-o", "/dev/null", str(make.po_path("de"))], capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stderr) == (0, "")


def test_a_doubtful_entry_is_not_believed(make: ModuleType) -> None:
    entries = [
        'msgid ""\nmsgstr "x"',
        'msgid "a"\nmsgstr "b"',
        '#, fuzzy\nmsgid "c"\nmsgstr "d"',
        'msgid ""\n"e"\nmsgstr "f"',
    ]

    catalogue = make.read_po("\n\n".join(entries) + "\n")

    assert catalogue == {"a": "b", "e": "f"}


def test_a_sentence_that_nobody_translated_stays_english() -> None:
    assert words("de")("nobody translated {this}", this=1) == "nobody translated 1"


def test_the_questions_are_asked_in_german_too() -> None:
    english, german = questions("en"), questions("de")

    assert [each.right for each in english] == [each.right for each in german]
    assert [len(each.answers) for each in english] == [len(each.answers) for each in german]
    assert {each.text for each in english} & {each.text for each in german} == set()
    assert {each.because for each in english} & {each.because for each in german} == set()
    assert not {answer for each in english for answer in each.answers} & {a for each in german for a in each.answers}


@pytest.mark.parametrize("word", ["zustimm", "aufgehoben", "ausgeführt", "ausführt", "ausfuhr", "leser"])
def test_the_german_has_no_word_that_the_regulation_has_another_for(word: str) -> None:
    """The law says Einwilligung, gespeichert, Empfänger; *aufgehoben* also means revoked, *ausgeführt* executed."""
    assert [each for each in words("de").catalogue.values() if word in each.casefold()] == []
