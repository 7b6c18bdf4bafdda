"""Strict ASCII armor of age files, read only: one text for each file, but for line ends and outer white space."""

import re
from typing import Final

from overt.errors import FormatError
from overt.format import text64
from overt.format.age_faults import AgeArmorError

_BEGIN: Final = "-----BEGIN AGE ENCRYPTED FILE-----"
_END: Final = "-----END AGE ENCRYPTED FILE-----"
_WHITE: Final = " \t\r\n"
_WIDTH: Final = 64
_LINE_END: Final = re.compile(r"\r?\n")


def decode(data: bytes) -> bytes:
    """Return the age file that the armored text *data* spells. Readers of episodes never call this.

    Raises:
        AgeArmorError: *data* is not armored, or not in the one way that is allowed.
    """
    try:
        lines = _LINE_END.split(data.decode("ascii").strip(_WHITE))
    except UnicodeDecodeError:
        raise AgeArmorError("the armor of an age file is not ASCII") from None
    begin, *body, end = lines if len(lines) > 1 else ["", ""]
    if (begin, end) != (_BEGIN, _END):
        raise AgeArmorError("the armor of an age file does not begin and end with its two markers")
    if any(len(line) != _WIDTH for line in body[:-1]) or (body and not 0 < len(body[-1]) <= _WIDTH):
        raise AgeArmorError(f"the armor of an age file has a line that is not {_WIDTH} columns wide")
    try:
        return text64.decode("".join(body))
    except FormatError:
        raise AgeArmorError("the armor of an age file holds malformed base64") from None
