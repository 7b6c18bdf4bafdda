"""Signed notes and verifier keys, against the published example and against changes."""

import pytest

from overt.errors import FormatError, UsageError, VerificationError
from overt.format.checkpoint import Checkpoint
from overt.format.note import NoteSigner, VerifierKey, parse_note, verify_note

VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The example of the signed-note specification."""


@pytest.fixture(scope="module")
def signer() -> NoteSigner:
    return NoteSigner.from_seed("device-1", bytes(range(32)))


def test_the_published_example_verifies() -> None:
    assert verify_note(NOTE, VKEY) == NOTE.partition("\n\n")[0] + "\n"


def test_a_note_of_ours_verifies_and_gives_its_text(signer: NoteSigner) -> None:
    assert verify_note(signer.sign("one\n\ntwo\n"), signer.vkey) == "one\n\ntwo\n"


def test_a_signer_from_its_seed_is_the_same_signer(signer: NoteSigner) -> None:
    assert NoteSigner.from_seed(signer.name, signer.seed()).vkey == signer.vkey


def test_a_signer_shows_nothing_of_its_seed(signer: NoteSigner) -> None:
    assert signer.seed().hex() not in repr(signer)


def test_every_flipped_bit_of_a_note_is_seen(signer: NoteSigner) -> None:
    data = signer.sign("text\n").encode()
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((FormatError, VerificationError, UnicodeDecodeError)):
            verify_note(changed.decode(), signer.vkey)


def test_a_second_signature_is_refused_unless_others_are_welcome(signer: NoteSigner) -> None:
    witness = NoteSigner.generate("witness")
    both = signer.sign("text\n") + witness.sign("text\n").rpartition("\n\n")[2]

    assert verify_note(both, signer.vkey, others=True) == "text\n"
    assert verify_note(both, witness.vkey, others=True) == "text\n"
    with pytest.raises(VerificationError):
        verify_note(both, signer.vkey)


def test_the_same_signature_twice_is_refused(signer: NoteSigner) -> None:
    signed = signer.sign("text\n")

    with pytest.raises(VerificationError):
        verify_note(signed + signed.rpartition("\n\n")[2], signer.vkey, others=True)


def test_a_key_of_the_same_name_is_another_key(signer: NoteSigner) -> None:
    with pytest.raises(VerificationError):
        verify_note(NoteSigner.generate(signer.name).sign("text\n"), signer.vkey)


@pytest.mark.parametrize("text", ["", "text", "a\tb\n", "a\x00\n", "a\x7f\n", "\ud800\n"], ids=ascii)
def test_a_text_that_no_note_may_have_is_not_signed(signer: NoteSigner, text: str) -> None:
    with pytest.raises(FormatError):
        signer.sign(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "a\u2003b", "x" * 256])
def test_a_name_that_no_note_may_have_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        NoteSigner.generate(name)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n- name AAAA\n",
        "text\n\n— name\n",
        "text\n\n— name AAAAAAA\n",
        "text\n\n— name AAAA",
        "text\n\n— name AAAAAA==\n",
        "text\n\n— na+me AAAAAAAA\n",
        "x\n\n" + "— n AAAAAAAA\n" * 101,
    ],
    ids=lambda text: text[:20],
)
def test_a_malformed_note_is_malformed(note: str) -> None:
    with pytest.raises(FormatError):
        parse_note(note)


def test_a_verifier_key_is_read_back(signer: NoteSigner) -> None:
    assert str(VerifierKey.parse(signer.vkey)) == signer.vkey


@pytest.mark.parametrize(
    "change",
    [
        lambda _: "",
        lambda key: key[:-1],
        lambda key: key.replace("device-1", "device-2"),
        lambda key: key.partition("+")[0] + "+00000000+" + key.rpartition("+")[2],
        lambda key: key.replace("+A", "+B", 1),
        lambda key: key + "\n",
        lambda key: "+" + key.partition("+")[2],
    ],
    ids=["empty", "cut", "renamed", "other id", "other kind", "newline", "nameless"],
)
def test_a_changed_verifier_key_is_refused(signer: NoteSigner, change: object) -> None:
    assert callable(change)
    with pytest.raises(FormatError):
        VerifierKey.parse(change(signer.vkey))


def test_a_checkpoint_is_read_back() -> None:
    checkpoint = Checkpoint(origin="log", size=7, root=bytes(32))

    assert Checkpoint.parse(checkpoint.text()) == checkpoint


@pytest.mark.parametrize("size", ["07", "-1", "+1", "", "1 ", "٣", "9" * 20])
def test_the_size_of_a_checkpoint_has_one_spelling(size: str) -> None:
    text = Checkpoint(origin="log", size=7, root=bytes(32)).text().replace("7", size, 1)

    with pytest.raises(FormatError):
        Checkpoint.parse(text)


def test_a_checkpoint_with_an_extension_line_is_refused() -> None:
    with pytest.raises(FormatError):
        Checkpoint.parse(Checkpoint(origin="log", size=7, root=bytes(32)).text() + "extra\n")
