"""Cosignatures of a witness: C2SP's bytes, and nothing that one key signed passes for another thing."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overt.errors import FormatError, VerificationError
from overt.format.cosignature import cosign, cosigner_key, read_cosignature
from overt.format.note import NoteSigner, VerifierKey, verify_note

AT = datetime(2023, 3, 20, 13, 32, 27, tzinfo=UTC)
TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SEED = bytes(range(32))


@pytest.fixture
def witness() -> NoteSigner:
    return NoteSigner.from_seed("witness.example.com/w1", SEED)


def signed(text: str, *lines: str) -> str:
    log = NoteSigner.from_seed("example.com/behind-the-sofa", bytes(32))
    return log.sign(text) + "".join(lines)


def test_the_bytes_are_those_of_the_specification(witness: NoteSigner) -> None:
    """Put together here from the text of C2SP tlog-cosignature, by other means than ours."""
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    public = private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(b"witness.example.com/w1\n\x04" + public).digest()[:4]
    message = b"cosignature/v1\ntime 1679319147\n" + TEXT.encode()
    value = key_id + (1679319147).to_bytes(8, "big") + private.sign(message)

    line = cosign(TEXT, witness, AT)

    assert line == f"— witness.example.com/w1 {base64.b64encode(value).decode()}\n"


def test_a_cosignature_says_who_and_when(witness: NoteSigner) -> None:
    cosigned = read_cosignature(signed(TEXT, cosign(TEXT, witness, AT)), witness.vkey)

    assert (cosigned.text, cosigned.witness, cosigned.at) == (TEXT, "witness.example.com/w1", AT)


def test_the_witness_may_be_named_by_either_of_its_verifier_keys(witness: NoteSigner) -> None:
    either = (witness.vkey, str(cosigner_key(witness.vkey)))
    note = signed(TEXT, cosign(TEXT, witness, AT))

    assert either[0] != either[1]
    assert VerifierKey.parse(either[1], algorithm=4).public == VerifierKey.parse(either[0]).public
    assert {read_cosignature(note, vkey).at for vkey in either} == {AT}
    with pytest.raises(FormatError):
        VerifierKey.parse(either[1])


def test_the_log_s_own_signature_ignores_it(witness: NoteSigner) -> None:
    log = NoteSigner.from_seed("example.com/behind-the-sofa", bytes(32))
    note = signed(TEXT, cosign(TEXT, witness, AT))

    assert verify_note(note, log.vkey, others=True) == TEXT
    with pytest.raises(VerificationError):
        verify_note(note, log.vkey)


def test_any_changed_byte_of_the_line_is_refused(witness: NoteSigner) -> None:
    line = cosign(TEXT, witness, AT)
    value = base64.b64decode(line.split(" ")[2])
    for at in range(len(value)):
        changed = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
        wrong = f"— witness.example.com/w1 {base64.b64encode(changed).decode()}\n"
        with pytest.raises(VerificationError):
            read_cosignature(signed(TEXT, wrong), witness.vkey)


def test_a_changed_checkpoint_a_missing_or_a_doubled_line_is_refused(witness: NoteSigner) -> None:
    line = cosign(TEXT, witness, AT)
    for note in (signed(TEXT.replace("63", "64"), line), signed(TEXT), signed(TEXT, line, line)):
        with pytest.raises(VerificationError):
            read_cosignature(note, witness.vkey)


@pytest.mark.parametrize("size", [0, 7, 8, 71, 73])
def test_a_line_of_another_length_is_refused(witness: NoteSigner, size: int) -> None:
    value = cosigner_key(witness.vkey).key_id + bytes(size)
    wrong = f"— witness.example.com/w1 {base64.b64encode(value).decode()}\n"

    with pytest.raises((VerificationError, FormatError)):
        read_cosignature(signed(TEXT, wrong), witness.vkey)


def test_a_time_beyond_every_calendar_is_refused(witness: NoteSigner) -> None:
    """Such a number would be no datetime: the line is refused, not the program."""
    for seconds in (2**63, 2**64 - 1, 253402300800):
        value = cosigner_key(witness.vkey).key_id + seconds.to_bytes(8, "big") + bytes(64)
        wrong = f"— witness.example.com/w1 {base64.b64encode(value).decode()}\n"
        with pytest.raises(VerificationError):
            read_cosignature(signed(TEXT, wrong), witness.vkey)


def test_a_note_by_the_witness_s_key_is_never_a_cosignature(witness: NoteSigner) -> None:
    """One key signs both: the first line keeps them apart, so no note may begin with it."""
    with pytest.raises(FormatError, match="cosignature/v1"):
        witness.sign(f"cosignature/v1\ntime 1679319147\n{TEXT}")

    assert witness.sign(TEXT)


def test_a_signature_of_the_witness_as_a_note_does_not_count_as_a_cosignature(witness: NoteSigner) -> None:
    with pytest.raises(VerificationError):
        read_cosignature(witness.sign(TEXT), witness.vkey)
