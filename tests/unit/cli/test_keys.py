"""``overt keys``: what each role sees of its keys, replaces, wraps anew and puts on paper."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.keys.recovery import read_page

Overt = Callable[..., Any]


@pytest.fixture
def trial(overt: Overt, episode: str, tmp_path: Path) -> Path:
    """Make a trial with an episode that was handed over, and return the directory that it was handed over to."""
    overt("episodes", "approve", episode, "--yes")
    overt("episodes", "submit", tmp_path / "sent")
    return tmp_path / "sent"


def standings(overt: Overt) -> dict[str, tuple[str, int | None]]:
    return {key["name"]: (key["standing"], key.get("epoch")) for key in overt("keys", "list", "--json").said["keys"]}


@pytest.mark.usefixtures("trial")
def test_the_list_says_of_each_key_its_epoch_and_whether_others_know_it(overt: Overt) -> None:
    overt("keys", "rotate", "--role", "auditor")
    overt("keys", "rotate", "--role", "employee")

    listed = standings(overt)

    assert listed["auditor"] == ("unannounced", 2)
    assert listed["auditor-1"] == ("retired", 1)
    assert listed["employee"] == ("current", 2)
    assert listed["exporter"] == listed["vault"] == ("current", 1)
    assert listed["witness"] == listed["device"] == ("current", None)
    assert "the bundle does not know a key of yours yet" in overt("keys", "list").err
    assert "epoch 2  unannounced" in overt("keys", "list").out


@pytest.mark.usefixtures("trial")
def test_a_new_bundle_announces_a_new_key_and_asks_nobody_to_consent_anew(overt: Overt, tmp_path: Path) -> None:
    overt("keys", "rotate", "--role", "auditor")
    policy = tmp_path / "policy.toml"
    policy.write_text(overt("policy", "new", "--trial").out)

    signed = overt("policy", "sign", policy, "--out", tmp_path / "bundle")
    home = tmp_path / "home"
    joined = [overt("join", tmp_path / "bundle", "--home", home / role).code for role in ("officer", "employee")]

    assert (signed.code, joined) == (0, [0, 0])
    assert standings(overt)["auditor"] == ("current", 2)
    assert overt("consent", "status", "--json").said["in_force"]


@pytest.mark.usefixtures("trial")
def test_a_new_witness_key_asks_first_and_voids_the_consent(overt: Overt, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(overt("policy", "new", "--trial").out)

    refused = overt("keys", "rotate", "--role", "witness")
    done = overt("keys", "rotate", "--role", "witness", "--yes", "--json")
    overt("policy", "sign", policy, "--out", tmp_path / "bundle")
    overt("join", tmp_path / "bundle", "--home", tmp_path / "home/employee")

    assert (refused.code, done.code) == (2, 0)
    assert done.said["public"].startswith("witness-")
    assert not overt("consent", "status", "--json").said["in_force"]


def test_wrapping_anew_is_told_in_numbers_and_the_second_time_there_is_nothing_to_do(
    overt: Overt, trial: Path, episode: str
) -> None:
    overt("keys", "rotate", "--role", "employee")

    first = overt("keys", "rewrap", trial, "--json")
    second = overt("keys", "rewrap", trial, "--json")
    own = overt("keys", "rewrap", "--json")

    assert first.said == {
        "wrapped": [{"episode": episode, "sections": ["m", "c"]}], "already": 0, "left": [], "skipped": [],
    }  # fmt: skip
    assert second.said == {"wrapped": [], "already": 1, "left": [], "skipped": []}
    assert own.said["wrapped"] == first.said["wrapped"]
    assert overt("keys", "rewrap", trial).out == "wrapped the keys of 0 episodes; done before: 1\n"


def test_an_auditor_is_told_that_the_keys_of_content_stay(overt: Overt, trial: Path, episode: str) -> None:
    done = overt("keys", "rewrap", trial, "--role", "auditor")
    again = overt("keys", "rewrap", trial, "--role", "auditor", "--json")

    assert done.code == 0
    assert "the keys of content of 1 stay as they are" in done.out
    assert again.said["left"][0]["episode"] == episode
    assert again.said["already"] == 1


def test_keys_that_open_for_nobody_here_are_skipped_in_words(overt: Overt, trial: Path, episode: str) -> None:
    (trial / f"{episode}.keys").unlink()

    done = overt("keys", "rewrap", trial)

    assert done.code == 0
    assert f"skipped {episode}: it has no .keys file" in done.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("rewrap", "nowhere"), 2, "no directory"),
        (("rewrap", ".", "--role", "vault"), 6, "opens no .keys file"),
        (("recover", "--split", "2-of-3"), 2, "trial with all roles"),
        (("recover", "--split", "two", "--role", "auditor"), 2, "2-of-3"),
        (("recover", "--split", "1-of-3", "--role", "auditor"), 2, "2-of-3"),
        (("recover", "--split", "2-of-3", "--role", "auditor", "--json"), 2, "--out"),
        (("recover", "--split", "2-of-3", "--from", "x", "--role", "auditor"), 2, "either"),
        (("recover", "--role", "auditor"), 2, "--from"),
        (("recover", "--role", "auditor", "--from", "nowhere"), 7, "no such file"),
        (("recover", "--role", "witness"), 2, "witness"),
        (("new", "--role", "witness"), 6, "already"),
    ],
)
@pytest.mark.usefixtures("trial")
def test_each_mistake_is_told_with_its_exit_code(overt: Overt, words: tuple[str, ...], code: int, said: str) -> None:
    outcome = overt("keys", *words)

    assert outcome.code == code, outcome.err
    assert said in outcome.err


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def officers(overt: Overt, tmp_path: Path, secret: Path) -> tuple[Path, Path]:
    """Return a home of an officer that is about to be lost, and a fresh one."""
    for name in ("lost", "fresh"):
        overt("init", "--role", "officer", "--home", tmp_path / name, "--passphrase-file", secret)
    return tmp_path / "lost", tmp_path / "fresh"


def test_pages_restore_a_key_from_one_home_in_another(
    overt: Overt, officers: tuple[Path, Path], secret: Path, tmp_path: Path
) -> None:
    lost, fresh = officers
    words = ("keys", "recover", "--passphrase-file", secret)
    key = overt("keys", "list", "--home", lost, "--json").said["keys"][0]["fingerprint"]

    made = overt(*words, "--split", "2-of-3", "--out", tmp_path / "pages", "--home", lost, "--json")
    pages = made.said["pages"]
    done = overt(*words, "--from", pages[0], "--from", pages[2], "--home", fresh, "--json")

    assert [Path(page).stat().st_mode & 0o777 for page in pages] == [0o600] * 3
    assert done.said == {"epoch": 2, "key": key}
    listed = overt("keys", "list", "--home", fresh, "--json").said["keys"]
    assert listed[0]["fingerprint"] == key


def test_pages_are_never_written_over_and_never_shown_but_when_asked_for(
    overt: Overt, officers: tuple[Path, Path], secret: Path, tmp_path: Path
) -> None:
    words = ("keys", "recover", "--passphrase-file", secret, "--home", officers[0], "--split", "2-of-2")
    written = overt(*words, "--out", tmp_path / "pages")
    before = (tmp_path / "pages/page-1-of-2.txt").read_text()

    again = overt(*words, "--out", tmp_path / "pages")
    printed = overt(*words)

    assert (again.code, (tmp_path / "pages/page-1-of-2.txt").read_text()) == (7, before)
    assert read_page(before).words.words.split()[9] not in written.out + written.err + again.err
    assert len([read_page(page) for page in printed.out.split("\f\n")]) == 2


def test_words_without_a_head_are_restored_only_by_somebody_who_vouches_for_them(
    overt: Overt, officers: tuple[Path, Path], secret: Path, tmp_path: Path
) -> None:
    lost, fresh = officers
    words = ("keys", "recover", "--passphrase-file", secret, "--home")
    texts = overt(*words, lost, "--split", "2-of-2").out.split("\f\n")
    for number, text in enumerate(texts):
        bare = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        (tmp_path / f"bare-{number}").write_text(bare)
    pages = ("--from", tmp_path / "bare-0", "--from", tmp_path / "bare-1")

    asked = overt(*words, fresh, *pages)
    vouched = overt(*words, fresh, *pages, "--yes")

    assert (asked.code, vouched.code) == (2, 0)


def test_a_page_with_a_wrong_word_is_named_and_no_word_of_it_is(
    overt: Overt, officers: tuple[Path, Path], secret: Path, tmp_path: Path
) -> None:
    lost, fresh = officers
    words = ("keys", "recover", "--passphrase-file", secret, "--home")
    overt(*words, lost, "--split", "2-of-2", "--out", tmp_path / "pages")
    page = tmp_path / "pages/page-1-of-2.txt"
    tenth = read_page(page.read_text()).words.words.split()[9]
    page.write_text(page.read_text().replace(f"10 {tenth}", "10 zebra"))

    outcome = overt(*words, fresh, "--from", page)

    assert outcome.code == 6
    assert str(page) in outcome.err
    assert "zebra" not in outcome.err


def test_an_employee_is_told_of_shares_that_wait_for_the_vault(overt: Overt, tmp_path: Path, secret: Path) -> None:
    home = tmp_path / "alone"
    overt("init", "--role", "employee", "--device-key", "passphrase", "--home", home, "--passphrase-file", secret)
    place = home / "shares" / ("ab" * 16)
    place.mkdir(mode=0o700)
    for section in "mc":
        (place / f"{'cd' * 16}.{section}.age").write_bytes(b"sealed")

    outcome = overt("keys", "list", "--home", home)

    assert "2 shares of episodes wait in your home for the vault: overt shares send" in outcome.err
