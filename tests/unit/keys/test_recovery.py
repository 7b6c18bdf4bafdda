"""Recovery pages: enough of them restore a key in a fresh home, and anything else is refused in words."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest

from overt.errors import BackendUnavailableError, KeyAccessError, UsageError
from overt.format.age_write import encrypt, new_identity, recipient_of
from overt.keys.device import DeviceStorage
from overt.keys.founding import found_home
from overt.keys.identities import load_identity, load_recipient, load_statement
from overt.keys.passphrase import PassphraseSource
from overt.keys.recovery import fingerprint, read_page, recovered, recovery_pages, restore
from overt.keys.recovery_words import read_words, restored_identity, split_identity
from overt.keys.rotated import Keyring
from overt.store import files
from overt.store.home import Home, Role

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
VECTORS = Path(__file__).parents[2] / "vectors/keys/recovery.json"
Knows = Callable[[str], PassphraseSource]


@pytest.fixture
def fresh(tmp_path: Path, knows: Knows) -> Callable[[Role], Home]:
    """Return what makes a fresh home of a role, whose passphrase is ``another``."""
    return lambda role: found_home(tmp_path / "fresh", role, knows("another"), device_storage=DeviceStorage.PASSPHRASE)


@pytest.mark.parametrize("role", Role)
def test_two_of_three_pages_restore_a_key_in_a_fresh_home_of_its_role(
    real: dict[Role, Home], fresh: Callable[[Role], Home], knows: Knows, role: Role
) -> None:
    lost = real[role]
    sealed = encrypt(b"kept", [load_recipient(lost)])
    pages = recovery_pages(lost, knows("correct"), 2, 3)
    home = fresh(role)

    found = recovered([read_page(pages[2]), read_page(pages[0])], role)
    epoch = restore(home, found, knows("another"), NOON)

    assert (epoch, found.vouched) == (2, True)
    assert load_identity(home, knows("another")) == load_identity(lost, knows("correct"))
    assert load_statement(home).recipient == load_recipient(lost)
    assert Keyring(home, knows("another")).unsealed(sealed) == b"kept"


def test_a_key_that_was_replaced_since_is_restored_to_read_with(
    real: dict[Role, Home], fresh: Callable[[Role], Home], knows: Knows
) -> None:
    home = fresh(Role.OFFICER)
    own = encrypt(b"kept", [load_recipient(home)])
    pages = recovery_pages(real[Role.OFFICER], knows("correct"), 2, 2)

    restore(home, recovered([read_page(page) for page in pages], Role.OFFICER), knows("another"), NOON)

    assert Keyring(home, knows("another")).unsealed(own) == b"kept"


def test_a_restored_master_opens_the_entries_of_the_vault_and_gives_way_to_the_next(
    real: dict[Role, Home], fresh: Callable[[Role], Home], knows: Knows
) -> None:
    vault = fresh(Role.VAULT)
    lost = real[Role.VAULT]
    place = files.ensure_directory(vault.shares_directory / ("ab" * 16))
    files.create_exclusive(place, f"{'cd' * 16}.m.age", encrypt(b"share", [load_recipient(lost)]))
    pages = recovery_pages(lost, knows("correct"), 2, 2)

    restore(vault, recovered([read_page(page) for page in pages], Role.VAULT), knows("another"), NOON)

    entry = next(vault.shares_directory.glob("*/*.m.age")).read_bytes()
    assert Keyring(vault, knows("another")).unsealed(entry) == b"share"
    assert "destroy this page" in pages[0].lower()


def test_restoring_twice_changes_nothing(real: dict[Role, Home], fresh: Callable[[Role], Home], knows: Knows) -> None:
    home = fresh(Role.ADMIN)
    pages = [read_page(page) for page in recovery_pages(real[Role.ADMIN], knows("correct"), 2, 2)]
    restore(home, recovered(pages, Role.ADMIN), knows("another"), NOON)

    again = restore(home, recovered(pages, Role.ADMIN), knows("another"), NOON)

    assert again is None
    assert load_statement(home).epoch == 2


def test_pages_of_another_role_are_refused(real: dict[Role, Home], knows: Knows) -> None:
    pages = [read_page(page) for page in recovery_pages(real[Role.OFFICER], knows("correct"), 2, 2)]

    with pytest.raises(KeyAccessError, match="auditor's key, not of the exporter's"):
        recovered(pages, Role.ADMIN)


def test_words_under_the_head_of_another_key_are_refused(real: dict[Role, Home], knows: Knows) -> None:
    pages = recovery_pages(real[Role.OFFICER], knows("correct"), 2, 2)
    key = fingerprint(load_recipient(real[Role.OFFICER]))

    with pytest.raises(KeyAccessError, match="another key than the head"):
        recovered([read_page(page.replace(key, "0" * 32)) for page in pages], Role.OFFICER)


def test_words_alone_restore_a_key_that_nothing_vouches_for(real: dict[Role, Home], knows: Knows) -> None:
    pages = recovery_pages(real[Role.OFFICER], knows("correct"), 2, 2)
    words = ["\n".join(line for line in page.splitlines() if not line.startswith("#")) for page in pages]

    found = recovered([read_page(text.upper()) for text in words], Role.OFFICER)

    assert not found.vouched
    assert found.recipient == load_recipient(real[Role.OFFICER])


def test_any_two_of_four_pages_do_and_one_of_them_twice_does_not() -> None:
    identity = new_identity().text
    pages = [read_words(words) for words in split_identity(identity, 2, 4)]

    assert {restored_identity(pair) for pair in combinations(pages, 2)} == {identity}
    for too_few in (pages[:1], [pages[0], pages[0]]):
        with pytest.raises(KeyAccessError, match="2 different recovery pages are needed, and here are 1"):
            restored_identity(too_few)


def test_pages_of_two_keys_do_not_belong_together() -> None:
    one, two = ([read_words(words) for words in split_identity(new_identity().text, 2, 2)] for _ in range(2))

    with pytest.raises(KeyAccessError, match="do not belong together"):
        restored_identity([one[0], two[1]])


@pytest.mark.parametrize("spoilt", ["a word less", "a word more", "two changed places", "another word", "nothing"])
def test_wrong_words_are_refused_without_being_quoted(spoilt: str) -> None:
    words = split_identity(new_identity().text, 2, 3)[0].split()
    wrong = {
        "a word less": words[1:],
        "a word more": [*words, words[0]],
        "two changed places": [*words[:5], words[6], words[5], *words[7:]],
        "another word": ["zebra", *words[1:]],
        "nothing": [],
    }

    with pytest.raises(KeyAccessError) as caught:
        read_words(" ".join(wrong[spoilt]))

    assert not set(words) & set(str(caught.value).split())
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("needed", "pages"), [(1, 1), (1, 3), (3, 2), (2, 17), (0, 0)])
def test_a_split_that_protects_nothing_or_never_comes_together_is_refused(needed: int, pages: int) -> None:
    with pytest.raises(UsageError):
        split_identity(new_identity().text, needed, pages)


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shamir_mnemonic", None)

    with pytest.raises(BackendUnavailableError) as caught:
        split_identity(new_identity().text, 2, 3)

    assert "overt[recovery]" in caught.value.hint


def test_a_page_shows_no_secret_in_its_repr(real: dict[Role, Home], knows: Knows) -> None:
    text = recovery_pages(real[Role.OFFICER], knows("correct"), 2, 2)[0]
    page = read_page(text)

    assert page.words.words.split()[-1] not in repr(page)


def test_pages_printed_by_an_earlier_version_still_restore_their_key() -> None:
    """What is on paper cannot be migrated: the words and the heads of these vectors must be read for ever."""
    vectors = json.loads(VECTORS.read_text())

    for vector in vectors:
        found = recovered([read_page(page) for page in vector["pages"]], Role(vector["role"]))
        assert fingerprint(recipient_of(found.identity)) == vector["key"]
        assert found.identity == vector["identity"]
