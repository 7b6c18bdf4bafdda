"""Which fields of an allowed page are sensitive by what they are called: nothing of them is ever held."""

import re
import unicodedata
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from overt.policy.labels import LABELS, ORDINARY

_LONGEST: Final = 400
"""Characters of a name that are looked at; the page could make it as long as it likes."""


class FieldKind(StrEnum):
    """What a sensitive field asks for. Its value is stored as the reason of a ``Withheld``."""

    PASSWORD = "sensitive_password"  # noqa: S105 - a reason, not a password
    ONE_TIME_CODE = "sensitive_code"
    CARD = "sensitive_card"
    BANK = "sensitive_bank"
    IDENTITY = "sensitive_identity"
    PHONE = "sensitive_phone"
    EMAIL = "sensitive_email"
    ADDRESS = "sensitive_address"
    BIRTH = "sensitive_birth"
    NAME = "sensitive_name"
    KEY = "sensitive_key"
    PAY = "sensitive_pay"


def sensitive_kind(*names: str, input_type: str = "", role: str = "") -> FieldKind | None:
    """Say what a field asks for when that is sensitive, or ``None`` for an ordinary field.

    *names* are all that the field is called: label, name, id, placeholder. *input_type* is that of HTML, *role* the
    accessible one. Pure: the gate and the redactor ask the same rule.
    """
    if role.casefold() == "password text":
        return FieldKind.PASSWORD
    by_type = _TYPES.get(input_type.casefold())
    if by_type is not None:
        return by_type
    words = [_words(name) for name in names if name]
    return next((kind for kind, pattern in _PATTERNS.items() if any(pattern.search(text) for text in words)), None)


def _words(name: str) -> str:
    """Fold a name to words: ``cardNumber``, ``card-number`` and full-width forms all become ``card number``."""
    text = unicodedata.normalize("NFKC", name[:_LONGEST])
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    text = _plain(re.sub(r"([a-z])([A-Z])", r"\1 \2", text).casefold())
    text = " ".join(re.sub(r"[\W_]+", " ", text).split())
    return _ORDINARY.sub(" ", text)


def _plain(text: str) -> str:
    """Take the accents off, alike from names and from labels."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _pattern(labels: str) -> re.Pattern[str]:
    """Compile the labels of one kind: whole words, but for scripts that are written without spaces."""
    whole = [_plain(label).replace("~", " ?") for label in labels.split() if label.isascii() or not _unspaced(label)]
    within = [label for label in labels.split() if _unspaced(label)]
    return re.compile("|".join([rf"\b(?:{'|'.join(whole)})\b", *map(_plain, within)]))


def _unspaced(label: str) -> bool:
    return any(ord(char) >= 0x2E80 for char in label)  # noqa: PLR2004 - where the East Asian blocks begin


_TYPES: Final = MappingProxyType(
    {"password": FieldKind.PASSWORD, "email": FieldKind.EMAIL, "tel": FieldKind.PHONE, "date": FieldKind.BIRTH}
)
_ORDINARY: Final = re.compile("|".join(ORDINARY))
_PATTERNS: Final = MappingProxyType({kind: _pattern(LABELS[kind.name]) for kind in FieldKind})
