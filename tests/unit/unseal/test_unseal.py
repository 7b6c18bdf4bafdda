"""Reading: a role and a share together, one section at a time, and only what is proven."""

import hashlib
import io
import tarfile
from typing import Any

import pytest

from overt.errors import FormatError, KeyAccessError, VerificationError
from overt.events.redacted import EndFacts, FlushFacts, RedactedFrame, Typed
from overt.format import container, section_keys
from overt.format.age_read import decrypt
from overt.format.age_write import encrypt, recipient_of
from overt.format.payload import Record, render_payload
from overt.unseal.content import read_content
from overt.unseal.metadata import read_metadata

ROLES = ("auditor", "exporter", "employee")


@pytest.mark.parametrize("role", ["exporter", "employee"])
def test_a_content_role_with_the_share_reads_the_content_in_order(desk: Any, sealed: Any, role: str) -> None:
    content = list(
        read_content(sealed.data, sealed.opening.keys, role_identity=getattr(desk, role).text, share=sealed.shares["c"])
    )

    assert [record.text for record in content if isinstance(record, Typed)] == ["first", "second", "third"]
    assert isinstance(content[-1], RedactedFrame)
    assert hashlib.sha256(content[-1].png).hexdigest() == content[-1].event.sha256


@pytest.mark.parametrize("role", ROLES)
def test_every_role_with_the_share_reads_the_metadata(desk: Any, sealed: Any, role: str) -> None:
    meta = read_metadata(
        sealed.data, sealed.opening.keys, role_identity=getattr(desk, role).text, share=sealed.shares["m"]
    )

    assert [type(record) for record in meta] == [FlushFacts, EndFacts]


@pytest.mark.parametrize(
    ("section", "role", "share"),
    [
        ("c", "auditor", "c"),
        ("c", "vault", "c"),
        ("c", "exporter", "m"),
        ("c", "employee", "m"),
        ("m", "auditor", "c"),
        ("m", "vault", "m"),
        ("m", "exporter", "c"),
    ],
)
def test_any_other_pair_of_keys_reads_nothing(desk: Any, sealed: Any, section: str, role: str, share: str) -> None:
    read: Any = read_content if section == "c" else read_metadata

    with pytest.raises(KeyAccessError):
        read(sealed.data, sealed.opening.keys, role_identity=getattr(desk, role).text, share=sealed.shares[share])


def test_a_role_alone_reads_nothing_without_the_share(desk: Any, sealed: Any) -> None:
    with pytest.raises(KeyAccessError):
        read_content(sealed.data, sealed.opening.keys, role_identity=desk.exporter.text, share=desk.exporter.text)


def test_keys_of_another_episode_read_nothing(desk: Any, sealed: Any, make_typed: Any) -> None:
    other = desk.episode(([], [make_typed("x")]))

    with pytest.raises(KeyAccessError, match="another episode"):
        read_content(sealed.data, other.opening.keys, role_identity=desk.exporter.text, share=other.shares["c"])


def content_of(desk: Any, sealed: Any, data: bytes) -> list[Any]:
    return list(read_content(data, sealed.opening.keys, role_identity=desk.exporter.text, share=sealed.shares["c"]))


def test_what_stands_after_the_last_checkpoint_is_not_opened(desk: Any, sealed: Any) -> None:
    cut = b"".join(sealed.parts[:2]) + sealed.parts[2][:-1]

    assert [record.text for record in content_of(desk, sealed, cut)] == ["first", "second"]


def test_a_foreign_segment_for_the_right_recipient_is_not_opened(desk: Any, sealed: Any) -> None:
    recipient = next(container.read_members(sealed.data)).data.decode().split('"c":"')[1].split('"')[0]
    forged = encrypt(
        render_payload([Record(tag=b"j", body=Typed(at_ms=0, visit=1, text="forged").model_dump_json().encode())]),
        [recipient],
    )
    data = b"".join(sealed.parts[:4]) + container.render_member("seg/00000004.c.age", forged)

    assert "forged" not in repr(content_of(desk, sealed, data))


def test_an_episode_without_a_proven_opening_is_not_read(desk: Any, sealed: Any) -> None:
    with pytest.raises((FormatError, VerificationError)):
        content_of(desk, sealed, sealed.data[512:])


def resealed(desk: Any, records: list[Record]) -> tuple[bytes, Any]:
    """Return an episode whose one content segment holds *records*, signed by a writer that is out of its mind."""
    sealer, opening = desk.begin()
    sealer_any: Any = sealer
    group = sealer_any._group({"seg/00000001.c.age": sealer_any._seal("c", records)})
    return opening.first + group, opening


EVENT = Typed(at_ms=0, visit=1, text="canary-41").model_dump_json().encode()


@pytest.mark.parametrize(
    "records",
    [
        [Record(tag=b"p", body=b"png")],
        [Record(tag=b"j", body=EVENT), Record(tag=b"p", body=b"png")],
        [Record(tag=b"j", body=EVENT.replace(b"text", b"test"))],
        [Record(tag=b"j", body=EVENT.replace(b'"at_ms":0', b'"at_ms":50'))],
        [Record(tag=b"j", body=b"{}")],
        [Record(tag=b"j", body=b"\xff")],
    ],
    ids=["picture first", "picture after text", "unknown field", "too fine a time", "empty", "not text"],
)
def test_a_malformed_record_is_refused_without_being_quoted(desk: Any, records: list[Record]) -> None:
    data, opening = resealed(desk, records)
    share = decrypt(opening.shares["c"], [desk.vault.text]).decode().split()[-1]

    with pytest.raises(FormatError) as caught:
        list(read_content(data, opening.keys, role_identity=desk.exporter.text, share=share))

    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_picture_that_its_record_does_not_announce_is_refused(desk: Any, make_frame: Any) -> None:
    event = make_frame().event.model_dump_json().encode()
    data, opening = resealed(desk, [Record(tag=b"j", body=event), Record(tag=b"p", body=b"other")])
    share = decrypt(opening.shares["c"], [desk.vault.text]).decode().split()[-1]

    with pytest.raises(FormatError, match="not the one"):
        list(read_content(data, opening.keys, role_identity=desk.exporter.text, share=share))


@pytest.mark.parametrize(
    "keys",
    [
        b"",
        b"junk",
        container.render_member("c.age", b""),
        container.render_member("m.age", b"") + container.render_member("c.age", b""),
        container.render_member("c.age", b"") + container.render_member("m.age", b"") * 2,
    ],
    ids=["empty", "junk", "one", "swapped", "three"],
)
def test_a_malformed_keys_file_is_refused(desk: Any, sealed: Any, keys: bytes) -> None:
    with pytest.raises(FormatError):
        read_content(sealed.data, keys, role_identity=desk.exporter.text, share=sealed.shares["c"])


def test_a_wrapped_identity_that_is_no_identity_is_refused(desk: Any, sealed: Any) -> None:
    inner = encrypt(b"\xff\xfe", [recipient_of(sealed.shares["c"])])
    keys = section_keys.render_keys({"c": encrypt(inner, [desk.exporter.recipient]), "m": b""})

    with pytest.raises(FormatError):
        read_content(sealed.data, keys, role_identity=desk.exporter.text, share=sealed.shares["c"])


def test_a_stock_tar_splits_the_keys_file(sealed: Any) -> None:
    with tarfile.open(fileobj=io.BytesIO(sealed.opening.keys)) as archive:
        assert archive.getnames() == ["c.age", "m.age"]
