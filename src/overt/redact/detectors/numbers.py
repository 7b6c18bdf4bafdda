"""The digit policy: five digits and more, however parted and whatever they are; cards and phones get their name."""

from typing import Final

from overt.redact.detector import DIGITS, Detector
from overt.redact.digits import kind_of_number
from overt.redact.kinds import Kind

_FIRST: Final = r"[+(]{0,2}\d"
_NEXT: Final = r"(?:[ \t./()_-]{0,3}|,)\d"

DETECTOR: Final = Detector(
    kind=Kind.NUMBER,
    hints=DIGITS,
    patterns=(
        rf"{_FIRST}(?:{_NEXT}){{6,}}(?:\)?,?\s?(?i:x|ext\.?|extension|durchwahl)\s?\d{{1,6}})?|{_FIRST}(?:{_NEXT}){{4,5}}",
    ),
    judge=kind_of_number,
    found=(
        "«4111 1111 1111 1111»",
        "pay «4111111111111111» now",
        "«3782-822463-10005»",
        "«4111111111111112»",
        "«4111,1111,1111,1111»",
        "call «+49 30 1234567»",
        "«+44 (0)20 7946 0958»",
        "«(212) 555-0123»",
        "«212.555.0123 ext. 7»",
        "«212.555.0123x7»",
        "«1-800-555-0199»",
        "«01 23 45 67 89»",
        "«２１２-５５５-０１２３»",  # noqa: RUF001 - full-width digits are the point
        "«٤١١١١١»",
        "«123-45-6789»",
        "kto «12345678»",
    ),
    kept=(
        *("1903 to 1911", "1789-1799", "(2017-2021)", "2024-05-17", "17.05.2024", "5/17/2024", "july 20 1969"),
        *("1939-45",),
        *("$1,299.99", "€ 45000", "1,250,000 people", "12500 usd", "1.299,00 €", "chf 1'299.00", "laptop under 50000"),
        *("1.60934", "299.99", "3.14159265", "299792458", "42.195 km", "rfc 9110", "iso 27001", "nist sp 800-171"),
        *("cve-2024-12345", "python 3.11.14", "ubuntu 22.04.3", "linux 6.1.0-18", "chrome 120.0.6099.109", "i5 12400f"),
        *("rtx 4090 24gb", "ryzen 5 5600x", "6-4 7-5 6-3", "lakers 112-108", "24/7/365", "50/30/20 rule", "747-400"),
        *("978-0-13-468599-1", "9780134685991", "isbn 0-306-40615-2", "arxiv 1706.03762"),
        *("doi 10.1038/s41586-021-03819-2",),
        *("issn 0028-0836", "kb5034441", "error 0x80070057", "tt0111161", "us patent 6,285,999", "2020 2021 2022"),
    ),
)  # fmt: skip
