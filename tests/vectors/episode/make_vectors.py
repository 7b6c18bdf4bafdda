"""Make the vectors of the episode format: each one defect of the base episode, with the verdict that it must get.

Run: python tests/vectors/episode/make_vectors.py DIRECTORY

What a vector expects is stated here, not computed by the reader that it judges. The same base gives the same vectors.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from workbench import (
    BASE,
    BASE_KEYS,
    C1,
    C2,
    DEVICE,
    DEVICE_SEED,
    ENDS,
    EPISODE_SEED,
    GROUPS,
    HEADER,
    ID,
    M1,
    MEMBERS,
    OPENING,
    ORDER,
    ORIGIN,
    PARTS,
    SECRETS,
    Writer,
    after,
    base64_of,
    checkpoint_text,
    edits,
    file_key,
    key_in,
    line,
    opened,
    opening_text,
    plain,
    record,
    resealed,
    restanzaed,
    signed,
    vkey,
)  # fmt: skip

from overt.format import age_header, age_stream, container
from overt.format.age_header import Stanza
from overt.format.payload import parse_payload

VECTORS: dict[str, dict[str, Any]] = {}
READ = {"c": "exporter", "m": "auditor"}
OTHER_SEED = hashlib.sha256(b"another key").digest()
NOTE = MEMBERS["open.note"]
CLOSE = MEMBERS["close.json"]


def told(tag: str, body: bytes) -> str:
    return f"{tag} {hashlib.sha256(body).hexdigest()}"


def records_of(segment: bytes, section: str) -> list[str]:
    payload = age_stream.unseal(segment[age_header.parse(segment).size :], file_key(segment, section))
    return [told(each.tag.decode(), each.body) for each in parse_payload(payload)]


FLUSHED = [([], []), (records_of(M1, "m"), records_of(C1, "c")), ([], records_of(C2, "c")), ([], [])]
"""What each group of the base holds in each section."""


def counted(groups: int) -> dict[str, Any]:
    """Return the records of the first groups of the base, which end with group number *groups*."""
    return {
        name: [told for group in FLUSHED[: groups + 1] for told in group[index]]
        for index, name in enumerate(("m", "c"))
    }


def add(name: str, about: str, data: bytes, expect: dict[str, Any], **more: Any) -> None:
    assert name not in VECTORS, name
    VECTORS[name] = {
        "about": about,
        "trust": more.get("trust", "device"),
        "episode": more["changes"] if "changes" in more else edits(BASE, data),
        "keys": edits(BASE_KEYS, more.get("keys", BASE_KEYS)),
        "read": READ | more.get("read", {}),
        "expect": expect,
    }


def invalid(name: str, about: str, rule: str, data: bytes, **more: Any) -> None:
    add(name, about, data, {"state": "invalid", "flushes": 0, "size": 0, "rule": rule}, **more)


def damaged(name: str, about: str, rule: str, groups: int, data: bytes, **more: Any) -> None:
    """Add a file of which the base's groups up to number *groups* count, and no byte after them."""
    expect = {"state": "damaged-tail", "flushes": min(groups, 2), "size": ENDS[groups], "rule": rule}
    add(name, about, data, expect | counted(groups), **more)


def sound(name: str, about: str, data: bytes, *, state: str = "closed", flushes: int = 2, **more: Any) -> None:
    records = {section: more.pop(section) for section in ("m", "c") if section in more}
    expect = {"state": state, "flushes": flushes, "size": len(data), "rule": None} | counted(flushes) | records
    add(name, about, data, expect, **more)


def accepted() -> None:
    sound("closed", "nothing is changed", BASE)
    sound("closed-any-device", "nothing is changed, and nobody is trusted", BASE, trust=None)
    sound(
        "closed-without-a-flush",
        "the session ended before anything was kept",
        b"".join(after(1).group([("close.json", CLOSE.replace(b'"flushes":2', b'"flushes":0'))]).parts),
        flushes=0,
    )
    sound(
        "closed-withdrawn",
        "another reason for the end",
        b"".join(after(3).group([("close.json", CLOSE.replace(b"stopped", b"withdrawn"))]).parts),
    )
    sound(
        "closed-metadata-only",
        "a flush without content",
        b"".join(
            after(1).group([("seg/00000001.m.age", M1)]).group([("seg/00000002.c.age", C2)]).group(GROUPS[3]).parts
        ),
        c=FLUSHED[2][1],
    )
    device = "gerät/β"
    header = HEADER.replace(vkey(EPISODE_SEED, ORIGIN), vkey(EPISODE_SEED, f"{device}/ep/{ID}")).encode()
    writer = opened(
        header, signed(opening_text(header, device=device), DEVICE_SEED, device), origin=f"{device}/ep/{ID}"
    )
    for group in GROUPS[1:]:
        writer.group(group)
    sound(
        "closed-device-named-in-unicode",
        "a device's name with letters beyond ASCII and a slash",
        b"".join(writer.parts),
        trust=vkey(DEVICE_SEED, device),
    )
    sound("open-at-a-flush", "killed, or cut back, after the last flush", b"".join(PARTS[:3]), state="open")
    sound("open-at-the-opening", "killed before the first flush", PARTS[0], state="open", flushes=0)


def cut() -> None:
    starts = [ENDS[1], ENDS[1] + 512 + len(C2) + -len(C2) % 512]
    invalid("cut-to-nothing", "an empty file", "group-cut", b"")
    invalid("cut-after-episode-json", "the file ends after its first member", "group-cut", PARTS[0][:5120])
    damaged(
        "cut-before-a-checkpoint",
        "the file ends between a segment and its checkpoint",
        "group-cut",
        1,
        BASE[: starts[1]],
    )
    damaged(
        "cut-between-segments",
        "the file ends between the two segments of a flush",
        "group-cut",
        0,
        BASE[: ENDS[0] + 512 + len(M1) + -len(M1) % 512],
    )
    invalid("cut-to-one-byte", "one byte of an episode", "header-cut", BASE[:1])
    damaged("cut-in-a-header", "the file ends inside a header", "header-cut", 1, BASE[: ENDS[1] + 511])
    damaged("one-byte-after-a-flush", "a zero byte after the last flush", "header-cut", 2, b"".join(PARTS[:3]) + b"\0")
    invalid("cut-in-the-opening", "the last byte of the opening group is missing", "member-cut", PARTS[0][:-1])
    damaged("cut-in-data", "the file ends inside a segment", "member-cut", 1, BASE[: ENDS[1] + 1000])
    damaged("cut-in-padding", "the file ends inside a segment's padding", "member-cut", 1, BASE[: starts[1] - 1])
    damaged("cut-last-byte", "the last byte is missing", "member-cut", 2, BASE[:-1])


def rebuilt(changes: dict[int, bytes], member: bytes) -> bytes:
    """Return *member* with bytes of its header changed and the checksum right again."""
    header = bytearray(member[:512])
    for offset, value in changes.items():
        header[offset : offset + len(value)] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + member[512:]


HEADERS: dict[str, tuple[str, dict[int, bytes]]] = {
    "mode": ("another mode", {100: b"0000644\0"}),
    "uid": ("an owner", {108: b"0001750\0"}),
    "gid": ("a group", {116: b"0001750\0"}),
    "mtime": ("a time", {136: b"14722570000\0"}),
    "type-directory": ("the type of a directory", {156: b"5"}),
    "type-long-name": ("GNU's type for a long name", {156: b"L"}),
    "type-nul": ("the old spelling of the same type", {156: b"\0"}),
    "link-name": ("a link name", {157: b"x"}),
    "magic-gnu": ("GNU's magic", {257: b"ustar  \0"}),
    "owner-name": ("an owner's name", {265: b"root"}),
    "device-number": ("device numbers as tar writes them", {329: b"0000000\0" * 2}),
    "prefix": ("a prefix to the name", {345: b"seg"}),
    "last-byte": ("a byte after all fields", {511: b"x"}),
    "size-base-256": ("the size in base 256", {124: b"\x80" + bytes(9) + b"\x0a\x7b"}),
    "size-spaces": ("the size behind spaces", {124: b"       5173\0"}),
    "size-ends-in-space": ("the size before a space", {135: b" "}),
    "name-parent": ("a name that leads out of its directory", {0: b"../00000002.c.age\0"}),
    "name-absolute": ("an absolute name", {0: b"/eg/00000002.c.age"}),
    "name-capitals": ("a name in capitals", {0: b"SEG/00000002.C.AGE"}),
    "name-hidden-tail": ("bytes after the end of the name", {60: b"x"}),
    "name-empty": ("no name", {0: bytes(18)}),
    "name-not-ascii": ("a name beyond ASCII", {0: "ség/00000002.c.age".encode()[:18]}),
}


def headers() -> None:
    head, tail = b"".join(PARTS[:2]), b"".join(PARTS[2:])
    for name, (about, changes) in HEADERS.items():
        damaged(
            f"header-{name}",
            f"a header with {about}, its checksum right",
            "header-not-canonical",
            1,
            head + rebuilt(changes, tail),
        )
    checksum = bytearray(tail)
    checksum[153] ^= 1
    damaged("header-checksum", "a header with a wrong checksum", "header-not-canonical", 1, head + bytes(checksum))
    spelled = tail[:148] + b"0" + tail[148:154] + b"\0" + tail[156:]
    damaged(
        "header-checksum-spelled-otherwise",
        "a header with its checksum in seven digits",
        "header-not-canonical",
        1,
        head + spelled,
    )
    invalid(
        "header-first", "the first header has a time", "header-not-canonical", rebuilt({136: b"14722570000\0"}, BASE)
    )
    damaged(
        "header-zero-block",
        "an end-of-archive block after a flush",
        "header-not-canonical",
        2,
        b"".join(PARTS[:3]) + bytes(1024),
    )
    damaged(
        "size-over-the-limit",
        "a size of 64 MiB and one byte",
        "member-too-long",
        1,
        head + rebuilt({124: b"00400000001\0"}, tail),
    )
    damaged(
        "size-at-the-limit",
        "a size of 64 MiB in a file that is shorter",
        "member-cut",
        1,
        head + rebuilt({124: b"00400000000\0"}, tail),
    )
    damaged(
        "name-of-100-letters",
        "a name as long as a name may be",
        "member-unexpected",
        1,
        head + rebuilt({0: b"a" * 100}, tail),
    )
    damaged(
        "size-beyond-the-file",
        "a size that ends after the file",
        "member-cut",
        1,
        head + rebuilt({124: b"00000077777\0"}, tail),
    )
    for name, offset, where in (("segment", ENDS[1] + 512 + len(C2), "a segment"), ("last", len(BASE) - 1, "the end")):
        data = bytearray(BASE)
        data[offset] = 1
        damaged(
            f"padding-{name}",
            f"a padding byte of {where} is 1",
            "padding-not-zero",
            1 if name == "segment" else 2,
            bytes(data),
        )
    data = bytearray(BASE)
    data[5119] = 0x20
    invalid("padding-opening", "a padding byte of episode.json is a space", "padding-not-zero", bytes(data))


def grammar() -> None:
    damaged("after-the-close-a-byte", "a zero byte after the end", "bytes-after-close", 3, BASE + b"\0")
    damaged("after-the-close-blocks", "the end-of-archive blocks of tar", "bytes-after-close", 3, BASE + bytes(1024))
    damaged(
        "after-the-close-a-flush",
        "a flush after the end, signed by the episode key",
        "bytes-after-close",
        3,
        b"".join(after(4).group([("seg/00000004.c.age", C2)]).parts),
    )
    damaged(
        "after-the-close-a-copy",
        "the same episode once more",
        "bytes-after-close",
        3,
        BASE,
        changes=[[len(BASE), 0, BASE.hex()]],
    )
    unexpected = "member-unexpected"
    invalid(
        "opening-without-note", "the opening lacks open.note", unexpected, b"".join(Writer().group(OPENING[:1]).parts)
    )
    invalid(
        "opening-reordered", "open.note before episode.json", unexpected, b"".join(Writer().group(OPENING[::-1]).parts)
    )
    invalid(
        "opening-with-a-third-member",
        "a segment in the opening",
        unexpected,
        b"".join(Writer().group([*OPENING, ("seg/00000000.m.age", M1)]).parts),
    )
    invalid("opening-missing", "the file begins with its first flush", unexpected, b"".join(PARTS[1:]))
    damaged("flush-dropped", "the first flush is missing", unexpected, 0, PARTS[0] + b"".join(PARTS[2:]))
    damaged("flush-duplicated", "the first flush stands there twice", unexpected, 1, b"".join([*PARTS[:2], *PARTS[1:]]))
    damaged(
        "flushes-reordered",
        "the second flush before the first",
        unexpected,
        0,
        PARTS[0] + PARTS[2] + PARTS[1] + PARTS[3],
    )
    shapes = {
        "flush-content-first": ("content before metadata", [("seg/00000001.c.age", C1), ("seg/00000001.m.age", M1)]),
        "flush-two-contents": ("two content segments", [("seg/00000001.c.age", C1), ("seg/00000001.c.age", C1)]),
        "flush-empty": ("a checkpoint without a segment", []),
        "flush-with-close": ("segment and close.json in one group", [*GROUPS[1][1:], GROUPS[3][0]]),
        "flush-other-section": ("a segment of a section x", [("seg/00000001.x.age", C1)]),
        "flush-number-not-padded": ("a number of seven digits", [("seg/0000001.c.age", C1)]),
        "flush-foreign-member": ("a member that the format does not know", [("extra.txt", b"hello")]),
        "flush-second-opening": ("episode.json once more", OPENING[:1]),
    }
    for name, (about, members) in shapes.items():
        damaged(name, f"{about}, signed by the episode key", unexpected, 0, b"".join(after(1).group(members).parts))
    damaged(
        "flush-number-skipped",
        "the second flush has the number 3, signed by the episode key",
        unexpected,
        1,
        b"".join(after(2).group([("seg/00000003.c.age", C2)], number=3).parts),
    )
    damaged(
        "flush-checkpoint-misnumbered",
        "a flush whose checkpoint has the number before",
        unexpected,
        0,
        b"".join(after(1).group(GROUPS[1], number=0).parts),
    )
    longer = rebuilt({124: b"%011o\0" % 65_537}, container.render_member("close.json", b""))
    at = ENDS[2]
    changes = [[at, len(BASE) - at, longer.hex()], [len(BASE), 0, "20", 65_537], [len(BASE), 0, "00", 511]]
    damaged("text-too-long", "a close.json of 65,537 spaces", "text-too-long", 2, b"", changes=changes)
    shorter = rebuilt({124: b"%011o\0" % 65_536}, container.render_member("close.json", b""))
    changes = [[at, len(BASE) - at, shorter.hex()], [len(BASE), 0, "20", 65_536]]
    whole = container.render_member("cp/00000003.note", NOTE)
    changes.append([len(BASE), 0, whole.hex()])
    damaged(
        "text-of-the-longest-whole",
        "a close.json of 65,536 spaces, and a checkpoint",
        "close-malformed",
        2,
        b"",
        changes=changes,
    )


def header_with(**values: Any) -> bytes:
    return json.dumps(json.loads(HEADER) | values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def episode_json() -> None:
    document = json.loads(HEADER)
    sections = document["sections"]
    shapes = {
        "not-json": ("that is no JSON", b"{" + HEADER.encode()),
        "array": ("that is an array", f"[{HEADER}]".encode()),
        "key-twice": ("with a key twice", HEADER.replace('"trial":true', '"trial":true,"trial":true').encode()),
        "unsorted": ("with its keys in another order", json.dumps(document | {"format": document.pop("format")},
                                                                  separators=(",", ":")).encode()),
        "white-space": ("with a space", HEADER.replace('"trial":', '"trial": ').encode()),
        "newline": ("with a final newline", HEADER.encode() + b"\n"),
        "escape": ("with a letter written as an escape", HEADER.replace('"episode/1"', '"\\u0065pisode/1"').encode()),
        "byte-order-mark": ("behind a byte order mark", b"\xef\xbb\xbf" + HEADER.encode()),
        "not-utf-8": ("with a byte that is no UTF-8", HEADER.encode().replace(b"episode/1", b"episode\xff1")),
        "unknown-key": ("with a key more", header_with(zeal=1)),
        "missing-key": ("without its trial mark", HEADER.replace('"trial":true,', "").encode()),
        "version": ("of a version 2", header_with(format="episode/2")),
        "id-capitals": ("with its id in capitals", header_with(id=ID.upper())),
        "grant-short": ("with a grant of 31 digits", header_with(grant="0" * 31)),
        "policy-short": ("with a policy hash of 63 digits", header_with(policy="0" * 63)),
        "trial-number": ("whose trial mark is 1", header_with(trial=1)),
        "recipient-classical": ("with a classical recipient",
                                header_with(sections=sections | {"c": "age1" + "q" * 58})),
        "recipient-letter": ("with a letter in a recipient that Bech32 has not",
                             header_with(sections=sections | {"c": sections["c"][:-1] + "b"})),
        "recipient-missing": ("without the content recipient", header_with(sections={"m": sections["m"]})),
        "key-id": ("whose episode key has another key ID",
                   header_with(vkey=f"{ORIGIN}+00000000+{document['vkey'].split('+')[2]}")),
        "key-algorithm": ("whose episode key is of an unknown kind", header_with(
            vkey=vkey(EPISODE_SEED, ORIGIN)[:-44] + base64_of(b"\x02" + bytes(32)))),
        "key-of-another-episode": ("whose episode key is named after another episode",
                                   header_with(vkey=vkey(EPISODE_SEED, f"{DEVICE}/ep/{'0' * 32}"))),
        "key-without-device": ("whose episode key names no device", header_with(vkey=vkey(EPISODE_SEED, f"/ep/{ID}"))),
        "key-name-space": ("whose episode key has a space in its name",
                           header_with(vkey=vkey(EPISODE_SEED, f"vector device/ep/{ID}"))),
    }  # fmt: skip
    for name, (about, header) in shapes.items():
        invalid(f"episode-{name}", f"an episode.json {about}", "episode-malformed", b"".join(opened(header).parts))


def open_note() -> None:
    header = HEADER.encode()
    text, name = opening_text(header), f"— {DEVICE} "
    right = NOTE.decode()
    encoded = right.split()[-1]
    spare = encoded[:-2] + chr(ord(encoded[-2]) + 1) + "="
    shapes = {
        "no-blank-line": ("without the empty line before its signature", right.replace("\n\n", "\n")),
        "spare-bits": ("with a spare bit of base64 set", right.replace(encoded, spare)),
        "base64-unpadded": ("with base64 without its padding", right.replace("=\n", "\n")),
        "base64-white-space": ("with a space in its base64", right.replace(encoded, encoded[:40] + " " + encoded[40:])),
        "tab": ("with a tab in its text", signed(text[:-1] + "\t\n", DEVICE_SEED, DEVICE).decode()),
        "carriage-return": ("with carriage returns", right.replace("\n", "\r\n")),
        "hyphen": ("with a hyphen for the dash", right.replace("—", "-")),
        "no-final-newline": ("without its last newline", right[:-1]),
        "signature-empty": ("with a signature of four bytes", f"{text}\n{name}{base64_of(b'abcd')}\n"),
        "101-signatures": ("with 101 signatures", None),
    }
    for shape, (about, note) in shapes.items():
        made = (f"{text}\n" + f"{name}{base64_of(b'abcde')}\n" * 101) if note is None else note
        invalid(
            f"open-note-{shape}",
            f"an open.note {about}",
            "open-note-malformed",
            b"".join(opened(header, made.encode()).parts),
        )
    invalid(
        "open-note-not-utf-8",
        "an open.note with a byte that is no UTF-8",
        "open-note-malformed",
        b"".join(opened(header, NOTE.replace(b"episode-open", b"episode\xffopen")).parts),
    )
    foreign = {
        "id": ("another episode", opening_text(header, episode="0" * 32)),
        "hash": ("another episode.json", opening_text(header + b" ")),
        "device": ("another device", opening_text(header, device="other-device")),
        "more": ("one line more", text + "more\n"),
    }
    for shape, (about, other) in foreign.items():
        invalid(
            f"open-note-names-{shape}",
            f"an open.note, rightly signed, that names {about}",
            "open-note-foreign",
            b"".join(opened(header, signed(other, DEVICE_SEED, DEVICE)).parts),
        )
    device(header, text, right)


def device(header: bytes, text: str, right: str) -> None:
    witness = right + line(text, OTHER_SEED, "witness")
    invalid(
        "device-two-signatures",
        "an open.note that somebody else signed too",
        "device-signer",
        b"".join(opened(header, witness.encode()).parts),
    )
    invalid(
        "device-of-another-name",
        "an open.note signed by the device's key under another name",
        "device-signer",
        b"".join(opened(header, signed(text, DEVICE_SEED, "other-device")).parts),
        trust=None,
    )
    invalid(
        "device-untrusted",
        "the trusted key is another one of the same name",
        "device-untrusted",
        BASE,
        trust=vkey(OTHER_SEED, DEVICE),
    )
    invalid(
        "device-trusted-by-another-name",
        "the trusted key is the same one by another name",
        "device-untrusted",
        BASE,
        trust=vkey(DEVICE_SEED, "other-device"),
    )
    key_id = bytes.fromhex(SECRETS["device"].split("+")[1])
    forged = f"{text}\n{line(text, OTHER_SEED, DEVICE, key_id=key_id)}"
    invalid(
        "device-signature-forged",
        "an open.note signed by a stranger under the device's key ID",
        "device-signature",
        b"".join(opened(header, forged.encode()).parts),
    )


def segments() -> None:
    (stanza,) = age_header.parse(C1).stanzas
    (other,) = age_header.parse(C2).stanzas
    classical = Stanza(type="X25519", arguments=(base64_of(b"\x09" + bytes(31)).rstrip("="),), body=bytes(32))
    passphrase = Stanza(type="scrypt", arguments=(base64_of(bytes(16)).rstrip("="), "10"), body=bytes(32))
    grease = Stanza(type="grease", arguments=("x",), body=b"")
    shapes = {
        "two-readers": ("sealed for a second post-quantum reader", restanzaed(C1, "c", [stanza, other])),
        "classical-reader": ("sealed for a classical reader besides", restanzaed(C1, "c", [stanza, classical])),
        "only-classical": ("sealed for a classical reader instead", restanzaed(C1, "c", [classical])),
        "passphrase": ("sealed under a passphrase instead", restanzaed(C1, "c", [passphrase])),
        "grease": ("with a stanza of an unknown kind besides", restanzaed(C1, "c", [grease, stanza])),
        "plaintext": ("that is plaintext", b"hello"),
        "empty": ("that is empty", b""),
        "other-version": ("of an age version 2", C1.replace(b"/v1\n", b"/v2\n", 1)),
        "armored": ("in ASCII armor", b"-----BEGIN AGE ENCRYPTED FILE-----\n" + base64_of(C1[:48]).encode() + b"\n"),
        "without-mac": ("that ends before the header's MAC", C1[: C1.index(b"\n---") + 1]),
    }
    for name, (about, segment) in shapes.items():
        damaged(
            f"segment-{name}",
            f"a segment {about}, signed by the episode key",
            "segment-not-sealed",
            0,
            b"".join(after(1).group([("seg/00000001.c.age", segment)]).parts),
        )


def closing() -> None:
    def closed(name: str, about: str, rule: str, close: bytes) -> None:
        damaged(
            f"close-{name}",
            f"a close.json {about}, signed by the episode key",
            rule,
            2,
            b"".join(after(3).group([("close.json", close)]).parts),
        )

    closed(
        "unknown-reason", "with a reason that does not exist", "close-malformed", CLOSE.replace(b"stopped", b"bored")
    )
    closed("flushes-text", "with its number of flushes as text", "close-malformed", CLOSE.replace(b":2,", b':"2",'))
    closed("flushes-fraction", "with its number of flushes as 2.0", "close-malformed", CLOSE.replace(b":2,", b":2.0,"))
    closed("flushes-exponent", "with its number of flushes as 2e0", "close-malformed", CLOSE.replace(b":2,", b":2e0,"))
    closed("flushes-negative", "with -2 flushes", "close-malformed", CLOSE.replace(b":2,", b":-2,"))
    closed("flushes-huge", "with 10^8 flushes", "close-malformed", CLOSE.replace(b":2,", b":100000000,"))
    closed("flushes-true", "with true flushes", "close-malformed", CLOSE.replace(b":2,", b":true,"))
    closed("unknown-key", "with a key more", "close-malformed", CLOSE.replace(b"}", b',"zeal":1}'))
    closed("white-space", "with a space", "close-malformed", CLOSE.replace(b":2,", b": 2,"))
    closed("of-another-episode", "with another id", "close-foreign", CLOSE.replace(ID.encode(), b"0" * 32))
    closed("fewer-flushes", "with a flush too few", "close-foreign", CLOSE.replace(b":2,", b":1,"))


def checkpoints() -> None:
    group = GROUPS[1]
    text = after(1).text(group)
    right = signed(text, EPISODE_SEED, ORIGIN).decode()
    encoded = right.split()[-1]

    def made(name: str, about: str, rule: str, note: str) -> None:
        damaged(
            f"checkpoint-{name}",
            f"a checkpoint {about}",
            rule,
            0,
            b"".join(after(1).group(group, note=note.encode()).parts),
        )

    spare = encoded[:-2] + chr(ord(encoded[-2]) + 1) + "="
    made("spare-bits", "with a spare bit of base64 set", "checkpoint-malformed", right.replace(encoded, spare))
    made("unsigned", "without a signature", "checkpoint-malformed", text)
    made("hyphen", "with a hyphen for the dash", "checkpoint-malformed", right.replace("—", "-"))
    made("trailing", "with a byte after its end", "checkpoint-malformed", right + "x")
    made(
        "by-another-key",
        "signed by another key of the same name",
        "checkpoint-signer",
        signed(text, OTHER_SEED, ORIGIN).decode(),
    )
    made("by-the-device", "signed by the device", "checkpoint-signer", signed(text, DEVICE_SEED, DEVICE).decode())
    made("by-two", "that the device signed too", "checkpoint-signer", right + line(text, DEVICE_SEED, DEVICE))
    made("signed-twice", "with the same signature twice", "checkpoint-signer", right + line(text, EPISODE_SEED, ORIGIN))
    signatures(text, made)
    coverage(text, made)


def signatures(text: str, made: Any) -> None:
    value = Ed25519PrivateKey.from_private_bytes(EPISODE_SEED).sign(text.encode())
    high = (int.from_bytes(value[32:], "little") + ORDER).to_bytes(32, "little")
    shapes = {
        "signature-flipped": ("whose signature has a bit flipped", bytes([value[0] ^ 1]) + value[1:]),
        "signature-not-reduced": ("whose signature is the same one with S + L for S", value[:32] + high),
        "signature-short": ("whose signature has 63 bytes", value[:-1]),
        "signature-long": ("whose signature has 65 bytes", value + b"\0"),
        "signature-zero": ("whose signature is all zeros", bytes(64)),
        "signature-of-another-text": (
            "with the signature of the one before",
            Ed25519PrivateKey.from_private_bytes(EPISODE_SEED).sign(checkpoint_text(after(1).tree).encode()),
        ),
    }
    for name, (about, other) in shapes.items():
        made(name, about, "checkpoint-signature", f"{text}\n{line(text, EPISODE_SEED, ORIGIN, value=other)}")


def coverage(text: str, made: Any) -> None:
    origin, size, root = text.split("\n")[:3]
    texts = {
        "root": ("another root", f"{origin}\n{size}\n{base64_of(bytes(32))}\n"),
        "size": ("another size", f"{origin}\n{int(size) + 1}\n{root}\n"),
        "size-leading-zero": ("a zero before its size", f"{origin}\n0{size}\n{root}\n"),
        "origin": ("another origin", f"other/ep/{ID}\n{size}\n{root}\n"),
        "extension": ("an extension line", f"{text}extension\n"),
        "root-spare-bits": ("a spare bit of the root's base64 set", text[:-3] + chr(ord(text[-3]) + 1) + "=\n"),
        "of-the-opening": ("what was said of the opening", checkpoint_text(after(1).tree)),
    }
    for name, (about, other) in texts.items():
        made(
            name,
            f"by the episode key that says {about}",
            "checkpoint-coverage",
            signed(other, EPISODE_SEED, ORIGIN).decode(),
        )
    damaged(
        "segment-flipped",
        "one bit of a segment's ciphertext is flipped",
        "checkpoint-coverage",
        1,
        flipped(ENDS[1] + 512 + len(C2) - 1),
    )
    at = ENDS[1] + 512 + C2.index(b"\n---") + 10
    damaged(
        "segment-header-changed",
        "one letter of a segment's age header is another, in its MAC",
        "checkpoint-coverage",
        1,
        BASE[:at] + (b"B" if BASE[at : at + 1] == b"A" else b"A") + BASE[at + 1 :],
    )
    damaged(
        "segment-replaced",
        "a segment sealed anew for the same reader",
        "checkpoint-coverage",
        1,
        BASE[: ENDS[1]] + PARTS[2].replace(C2, resealed(C2, "c", plain(record(b"j", b"{}"))), 1) + PARTS[3],
    )
    stranger = Writer(tree=after(1).tree, parts=[b""], seed=OTHER_SEED)
    damaged(
        "flush-forged",
        "a flush by somebody who knows the recipients, under a key of his own",
        "checkpoint-signer",
        0,
        PARTS[0] + stranger.group(GROUPS[1]).parts[1],
    )
    other = opened(
        header_with(id="0" * 32, vkey=vkey(OTHER_SEED, f"{DEVICE}/ep/{'0' * 32}")),
        seed=OTHER_SEED,
        origin=f"{DEVICE}/ep/{'0' * 32}",
    ).group(GROUPS[1])
    damaged(
        "flush-of-another-episode",
        "a flush of another episode by the same device",
        "checkpoint-signer",
        0,
        PARTS[0] + other.parts[1],
    )
    rewritten = header_with(vkey=vkey(OTHER_SEED, ORIGIN))
    invalid(
        "episode-key-replaced",
        "everything rewritten under another episode key, but for the device's note",
        "open-note-foreign",
        b"".join(opened(rewritten, NOTE, seed=OTHER_SEED).parts),
    )
    invalid(
        "opening-checkpoint-forged",
        "an opening whose checkpoint another key signed",
        "checkpoint-signer",
        b"".join(Writer(seed=OTHER_SEED).group(OPENING).parts),
    )
    invalid(
        "opening-flipped",
        "one letter of the grant is changed",
        "open-note-foreign",
        BASE.replace(b'"grant":"0', b'"grant":"1', 1),
    )


def flipped(offset: int) -> bytes:
    return BASE[:offset] + bytes([BASE[offset] ^ 1]) + BASE[offset + 1 :]


def unread(name: str, about: str, rule: str, segment: bytes, *, section: str = "c") -> None:
    """Add a closed episode whose first flush is *segment* alone, and whose *section* breaks *rule* when it is read."""
    writer = after(1).group([(f"seg/00000001.{section}.age", segment)])
    data = b"".join(writer.group(GROUPS[2]).group(GROUPS[3]).parts)
    rest = {"m": [], "c": FLUSHED[2][1]}
    sound(name, about, data, **(rest | {section: rule}))


JSON = '{"kind":"type","at_ms":100,"visit":1,"text":"ä"}'
FACTS = '{"kind":"flush","at_ms":100,"events":{},"sites":{},"dropped":{},"withheld":{},"lost":0}'
PICTURE = b"not really a picture"
ANNOUNCED = '{"kind":"frame","at_ms":300,"visit":1,"frame":1,"width":1,"height":1,"sha256":"HASH","masks":0}'
FRAME = ANNOUNCED.replace("HASH", hashlib.sha256(PICTURE).hexdigest()).encode()


def sealed_shapes() -> None:
    size = age_header.parse(C1).size
    unread(
        "segment-changed-before-signing",
        "a segment whose last byte was changed before it was signed",
        "segment-unreadable",
        C1[:-1] + bytes([C1[-1] ^ 1]),
    )
    unread("segment-cut-before-signing", "a segment that was cut before it was signed", "segment-unreadable", C1[:-100])
    unread("segment-without-payload", "a segment that is only its header", "segment-unreadable", C1[:size])
    unread(
        "segment-mac-wrong",
        "a segment whose header has another MAC",
        "segment-unreadable",
        C1[: size - 44] + base64_of(bytes(32)).rstrip("=").encode() + b"\n" + C1[size:],
    )
    unread("segment-of-the-other-section", "a metadata segment under the name of content", "segment-unreadable", M1)
    body = record(b"j", JSON.encode())
    shapes = {
        "length-zero": ("without a record", "segment-length", plain(b"")),
        "length-short": ("that is not padded", "segment-length", plain(body, total=len(body) + 4)),
        "length-over": ("whose length says more than there is", "segment-length", plain(body, length=5000)),
        "length-other-padding": ("padded to twice the size", "segment-length", plain(body, total=2048)),
        "length-empty": ("of no bytes at all", "segment-length", b""),
        "length-cut": ("of three bytes", "segment-length", bytes(3)),
        "padding-dirty": ("whose last padding byte is 1", "segment-padding", plain(body)[:-1] + b"\1"),
        "record-cut": ("whose record says more than there is", "record-cut", plain(record(b"j", b"{}", size=3))),
        "record-head-cut": ("that ends within a record's size", "record-cut", plain(body, b"j\0\0")),
        "record-one-byte": ("that ends in a byte after its records", "record-cut", plain(body, b"z")),
        "record-tag": ("with a record of the tag z", "record-tag", plain(record(b"z", b"{}"))),
        "record-empty": ("with an empty record", "record-malformed", plain(record(b"j", b""))),
    }
    for name, (about, rule, plaintext) in shapes.items():
        unread(f"plain-{name}", f"a plaintext {about}", rule, resealed(C1, "c", plaintext))


def records() -> None:
    shapes = {
        "not-json": ("that is no JSON", b"{"),
        "array": ("that is an array", b"[]"),
        "not-utf-8": ("with a byte that is no UTF-8", JSON.encode().replace("ä".encode(), b"\xff")),
        "unknown-kind": ("of a kind that does not exist", JSON.encode().replace(b'"type"', b'"tape"')),
        "without-kind": ("without its kind", JSON.encode().replace(b'"kind":"type",', b"")),
        "unknown-key": ("with a key more", JSON.encode().replace(b"}", b',"rhythm":[1]}')),
        "missing-key": ("without its text", JSON.encode().replace(b',"text":"\xc3\xa4"', b"")),
        "too-fine-a-time": ("with a time of 150 ms", JSON.encode().replace(b"100", b"150")),
        "negative-time": ("with a time before the start", JSON.encode().replace(b"100", b"-100")),
        "time-as-text": ("with its time as text", JSON.encode().replace(b"100", b'"100"')),
        "of-metadata": ("of metadata among content", FACTS.encode()),
    }
    for name, (about, body) in shapes.items():
        unread(f"record-{name}", f"a record {about}", "record-malformed", resealed(C1, "c", plain(record(b"j", body))))
    unread(
        "record-of-content",
        "a record of content among metadata",
        "record-malformed",
        resealed(M1, "m", plain(record(b"j", JSON.encode()))),
        section="m",
    )
    misplaced = "picture-misplaced"
    frame, picture = record(b"j", FRAME), record(b"p", PICTURE)
    unread("picture-first", "a picture before any record", misplaced, resealed(C1, "c", plain(picture)))
    unread(
        "picture-after-text",
        "a picture after typed text",
        misplaced,
        resealed(C1, "c", plain(record(b"j", JSON.encode()), picture)),
    )
    unread(
        "picture-twice", "two pictures after one frame", misplaced, resealed(C1, "c", plain(frame, picture, picture))
    )
    unread(
        "picture-in-metadata",
        "a picture among metadata",
        misplaced,
        resealed(M1, "m", plain(record(b"j", FACTS.encode()), picture)),
        section="m",
    )
    unread(
        "picture-foreign",
        "another picture than its frame announces",
        "picture-foreign",
        resealed(C1, "c", plain(frame, record(b"p", b"other"))),
    )
    fine()


def fine() -> None:
    spaced = b' { "visit" : 1 , "text":"\\u00e4", "kind":"type","at_ms":100 } '
    for name, about, bodies in (
        ("frame-without-picture", "a frame whose picture was not kept", [FRAME]),
        ("record-spelled-otherwise", "a record with spaces, an escape and another order of keys", [spaced]),
    ):
        writer = after(1).group([("seg/00000001.c.age", resealed(C1, "c", plain(*(record(b"j", b) for b in bodies))))])
        data = b"".join(writer.group(GROUPS[2]).group(GROUPS[3]).parts)
        sound(name, about, data, m=[], c=[*(told("j", body) for body in bodies), *FLUSHED[2][1]])


def keys_members(**changed: bytes) -> dict[str, bytes]:
    return {member.name: member.data for member in container.read_members(BASE_KEYS)} | changed


def rewrapped(section: str, plaintext: bytes) -> bytes:
    """Return the base's .keys with another *plaintext* where the identity of *section* stands."""
    outer = keys_members()[f"{section}.age"]
    outer_key = key_in(age_header.parse(outer).stanzas[0], SECRETS["auditor" if section == "m" else "exporter"])
    inner = age_stream.unseal(outer[age_header.parse(outer).size :], outer_key)
    inner_key = key_in(age_header.parse(inner).stanzas[0], SECRETS["shares"][section])
    nonce = hashlib.sha256(plaintext).digest()[:16]
    inner = inner[: age_header.parse(inner).size] + age_stream.seal(plaintext, inner_key, nonce)
    outer = outer[: age_header.parse(outer).size] + age_stream.seal(inner, outer_key, nonce)
    members = keys_members(**{f"{section}.age": outer})
    return b"".join(container.render_member(name, members[name]) for name in ("c.age", "m.age"))


def keys() -> None:
    members = keys_members()
    one, two = (container.render_member(name, members[name]) for name in ("c.age", "m.age"))
    shapes = {
        "swapped": ("with its members in the other order", two + one),
        "one-missing": ("without the metadata's member", one),
        "one-more": ("with a third member", one + two + container.render_member("x.age", b"")),
        "empty": ("of no bytes", b""),
        "cut": ("without its last byte", (one + two)[:-1]),
        "trailing": ("with zero blocks at its end", one + two + bytes(1024)),
        "header": ("with a time in a header", rebuilt({136: b"14722570000\0"}, one) + two),
        "not-age": ("with a member that is no age file", container.render_member("c.age", b"x") + two),
    }
    for name, (about, data) in shapes.items():
        records = {"c": "keys-malformed"} | ({} if name == "not-age" else {"m": "keys-malformed"})
        sound(f"keys-{name}", f"a .keys file {about}", BASE, keys=data, **records)
    sound(
        "keys-no-identity",
        "a .keys file that wraps something else than an identity",
        BASE,
        keys=rewrapped("c", b"\xff\xfe"),
        c="keys-malformed",
    )
    sound(
        "keys-of-another-section",
        "a .keys file that wraps the metadata's identity as the content's",
        BASE,
        keys=rewrapped("c", f"{SECRETS['sections']['m']}\n".encode()),
        c="keys-foreign",
    )
    sound("keys-auditor-reads-no-content", "the auditor tries to read content", BASE, read={"c": "auditor"}, c="no-key")
    sound(
        "keys-vault-reads-nothing",
        "the vault tries to read",
        BASE,
        read={"c": "vault", "m": "vault"},
        c="no-key",
        m="no-key",
    )


def main(directory: Path) -> None:
    for chapter in (accepted, cut, headers, grammar, episode_json, open_note, segments, closing, checkpoints,
                    sealed_shapes, records, keys):  # fmt: skip
        chapter()
    for name, vector in VECTORS.items():
        lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in vector.items()]
        (directory / f"{name}.json").write_text("{\n  " + ",\n  ".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
