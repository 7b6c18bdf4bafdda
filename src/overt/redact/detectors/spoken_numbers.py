"""Numbers in words, digit for digit, as they are dictated: five and more in a row."""

from typing import Final

from overt.redact.detector import Detector
from overt.redact.kinds import Kind

_ENGLISH: Final = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_GERMAN: Final = r"(?:null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun)"

DETECTOR: Final = Detector(
    kind=Kind.NUMBER,
    hints=(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "zwei",
        "drei",
        "vier",
        "fünf",
    ),
    patterns=tuple(
        rf"(?i)\b(?:(?:double |triple )?{digit}[ ,.-]{{1,2}}){{4,}}(?:double |triple )?{digit}\b"
        for digit in (_ENGLISH, _GERMAN)
    ),
    found=(
        "call «five five five oh one two three» now",
        "«vier eins eins eins eins»",
        "«two, one, two, double five, nine»",
    ),
    kept=("one two three four", "nine inch nails", "seven of nine", "drei zwei eins"),
)
