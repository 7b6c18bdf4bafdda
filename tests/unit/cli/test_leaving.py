"""Taking back costs no more acts than giving, says what it cannot do, and leaving for good is one command."""

import io
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from overt.consent.comprehension import QUESTIONS

Overt = Callable[..., Any]
SWITCHES = ("--site", "google", "--signal", "text", "--purpose", "model_training")
TAKING_BACK = (("consent", "withdraw"), ("uninstall",))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def acts(overt: Overt, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return what runs a command at a terminal with some answers, and counts the words and the answers it took."""

    def count(words: tuple[str, ...], answers: list[object]) -> int:
        typed = Terminal("".join(f"{line}\n" for line in answers))
        monkeypatch.setattr("sys.stdin", typed)
        outcome = overt(*words)
        assert outcome.code == 0, outcome.err
        return len(words) + typed.getvalue()[: typed.tell()].count("\n")

    return count


@pytest.mark.parametrize("words", TAKING_BACK, ids=" ".join)
def test_taking_back_takes_no_more_acts_than_giving_ever_does(
    overt: Overt, acts: Callable[..., int], words: tuple[str, ...]
) -> None:
    """At a terminal: by switches asked one by one, or by switches on the command line, which is the shortest way."""
    overt("init", "--all-in-one")
    right = [question.right for question in QUESTIONS]
    shortest = acts(("consent", "give", *SWITCHES), [*right, "y"])

    back = acts(words, ["y"])

    assert back <= 3 < shortest


def test_in_a_script_taking_back_takes_no_more_words_than_giving(overt: Overt) -> None:
    overt("init", "--all-in-one")
    giving = ("consent", "give", *SWITCHES, "--yes")
    assert overt(*giving).code == 0

    for words in (("consent", "withdraw"), ("uninstall", "--yes")):
        assert overt(*words).code == 0
        assert len(words) < len(giving)


def test_no_more_is_to_be_known_for_taking_back_than_the_command() -> None:
    """Neither asks for an argument, a passphrase or a reason."""
    from overt.cli.app import overt as program  # noqa: PLC0415 - the program itself, not the fixture

    for words in TAKING_BACK:
        command: click.Command = program
        for word in words:
            assert isinstance(command, click.Group)
            found = command.get_command(click.Context(command), word)
            assert found is not None
            command = found
        assert not any(parameter.required for parameter in command.params)
        assert not {parameter.name for parameter in command.params} & {"passphrase_file", "reason"}


def test_after_a_withdrawal_the_person_reads_what_it_cannot_undo_and_what_to_hand_over(
    overt: Overt, episode: str, tmp_path: Path
) -> None:
    del episode
    said = overt("consent", "withdraw").out

    assert "What a model has already learned." in said
    assert "Copies that somebody keeps" in said
    assert str(tmp_path / "home/employee/consent/deletion-request.json") in said
    assert "does not say who you are" in said


def test_who_never_consented_reads_nothing_of_exports(overt: Overt) -> None:
    overt("init", "--all-in-one")

    outcome = overt("consent", "withdraw")

    assert "exported" not in outcome.out


def test_uninstalling_leaves_a_receipt_where_the_person_says(overt: Overt, episode: str, tmp_path: Path) -> None:
    del episode

    outcome = overt("uninstall", "--yes", "--receipt", tmp_path / "kept", "--json")
    again = overt("uninstall", "--yes", "--json")

    assert (outcome.code, outcome.said["removed"], outcome.said["episodes_removed"]) == (0, True, 1)
    assert outcome.said["receipt"] == str(tmp_path / "kept")
    assert not (tmp_path / "home").exists()
    assert (again.code, again.said["removed"]) == (0, False)


def test_its_usual_place_is_beside_the_home(overt: Overt, tmp_path: Path) -> None:
    overt("init", "--all-in-one")

    assert overt("uninstall", "--yes").code == 0

    assert (tmp_path / "home-receipt" / "receipt.json").is_file()


def test_where_nobody_can_answer_nothing_is_destroyed_unasked(overt: Overt, tmp_path: Path) -> None:
    overt("init", "--all-in-one")

    outcome = overt("uninstall")

    assert outcome.code == 2
    assert (tmp_path / "home" / "employee" / "home.json").is_file()


def test_a_no_destroys_nothing(overt: Overt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overt("init", "--all-in-one")
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))

    outcome = overt("uninstall")

    assert outcome.code == 130
    assert (tmp_path / "home" / "employee" / "home.json").is_file()


def test_taking_back_needs_no_network(overt: Overt, episode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    del episode

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr(socket, "socket", refused)

    assert overt("consent", "withdraw").code == 0
    assert overt("uninstall", "--yes").code == 0


def test_a_receipt_is_all_that_a_keeper_of_a_vault_needs(overt: Overt, episode: str, tmp_path: Path) -> None:
    """The person's home goes, and the vault's keeper destroys the rest with the files in the receipt."""
    overt("episodes", "approve", episode, "--yes")
    overt("episodes", "submit", tmp_path / "store")
    overt("uninstall", "--home", tmp_path / "home" / "employee", "--yes", "--receipt", tmp_path / "kept")
    (order,) = (tmp_path / "kept").glob("withdrawal-*.note")

    shredded = overt("vault", "shred", order, "--json")
    unlinked = overt("vault", "shred", "--store", tmp_path / "store", order, "--json")

    assert (shredded.code, unlinked.said["unlinked"]) == (0, [episode])
