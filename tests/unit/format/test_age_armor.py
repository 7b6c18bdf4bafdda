"""Armor has one spelling, but for line ends and the white space around it."""

import base64
import textwrap

import pytest

from overt.errors import FormatError
from overt.format import age_armor, age_read
from overt.format.age_faults import AgeArmorError, AgeHeaderError
from overt.format.age_write import encrypt, new_identity

BEGIN, END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"


def armored(data: bytes, *, end: str = "\n") -> str:
    body = textwrap.wrap(base64.b64encode(data).decode(), 64)
    return end.join([BEGIN, *body, END, ""])


@pytest.mark.parametrize("size", [0, 1, 47, 48, 49, 95, 96, 97, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_armor_of_any_size_is_read(size: int, end: str) -> None:
    data = bytes(range(256)) * 4

    assert age_armor.decode(armored(data[:size], end=end).encode()) == data[:size]


@pytest.mark.parametrize("text", [" \t\r\n" + armored(b"x") + "\r\n\t ", armored(b"x").rstrip("\n")])
def test_white_space_around_armor_is_allowed(text: str) -> None:
    assert age_armor.decode(text.encode()) == b"x"


GOOD = armored(bytes(100))
LINES = GOOD.split("\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        BEGIN,
        BEGIN + "\n",
        END,
        GOOD.replace("BEGIN", "begin"),
        GOOD.replace("AGE", "PGP"),
        GOOD.replace("\n", "\r"),
        GOOD.replace("\n", "\x0b"),
        "x" + GOOD,
        GOOD + "x",
        GOOD + GOOD,
        GOOD.replace(BEGIN + "\n", BEGIN + " \n"),
        GOOD.replace(BEGIN + "\n", BEGIN + "\n\n"),
        GOOD.replace(BEGIN + "\n", BEGIN + "\nVersion: 1\n\n"),
        GOOD.replace("\n" + END, "\n\n" + END),
        GOOD.replace("\n" + END, "=\n" + END),
        GOOD.replace("\n" + END, END),
        armored(bytes(48)).replace("\n" + END, "\n\n" + END),
        armored(bytes(48)).replace("\n" + END, "AAAA\n" + END),
        GOOD.replace("==", ""),
        GOOD.replace("A==", "B=="),
        "\n".join([LINES[0], LINES[1][:60], LINES[1][60:] + LINES[2], *LINES[3:]]),
        "\n".join([LINES[0], LINES[1] + LINES[2], *LINES[3:]]),
        GOOD.replace("A", "-", 2),
        GOOD.replace("A", "А", 2),  # noqa: RUF001 - a Cyrillic letter is the point
    ],
)
def test_any_other_spelling_is_refused(text: str) -> None:
    assert text not in {GOOD, armored(b"")}
    with pytest.raises(AgeArmorError):
        age_armor.decode(text.encode())


def test_armor_around_nothing_is_no_age_file() -> None:
    with pytest.raises(AgeHeaderError):
        age_read.decrypt(age_armor.decode(armored(b"").encode()), [new_identity().text])


def test_the_reader_of_episodes_takes_no_armor() -> None:
    identity = new_identity()

    with pytest.raises(FormatError):
        age_read.decrypt(armored(encrypt(b"text", [identity.recipient])).encode(), [identity.text])
