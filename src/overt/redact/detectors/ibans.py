"""International bank account numbers (ISO 13616): a country that has them, two check digits, then the national part."""

from types import MappingProxyType
from typing import Final

from overt.redact.detector import DIGITS, Detector
from overt.redact.kinds import Kind

_LENGTHS: Final = MappingProxyType(
    {
        country: int(length)
        for length, countries in (
            group.split(":")
            for group in [
                "15:NO",
                "16:BE,BI",
                "18:DK,FI,FO,GL,NL,FK,MN",
                "19:MK,SI",
                "20:AT,BA,EE,KZ,LT,LU,XK",
                "21:CH,CR,HR,LI,LV",
                "22:BG,BH,DE,GB,GE,IE,ME,RS,VA",
                "23:AE,GI,IL,IQ,OM,SO,TL",
                "24:AD,CZ,ES,MD,PK,RO,SA,SE,SK,TN,VG",
                "25:LY,PT,ST,SD",
                "26:IS,TR",
                "27:FR,GR,IT,MC,MR,SM,DJ",
                "28:AL,AZ,BY,CY,DO,GT,HU,LB,NI,PL,SV",
                "29:BR,EG,PS,QA,UA",
                "30:JO,KW,MU,YE",
                "31:MT,SC",
                "32:LC",
                "33:RU",
            ]
        )
        for country in countries.split(",")
    }
)
_GROUP: Final = r"(?:\d[a-z0-9]{3}|[a-z]\d[a-z0-9]{2}|[a-z]{2}\d[a-z0-9]|[a-z]{3}\d|(?-i:[A-Z]{4}))"
"""Four letters and digits that are no word in small letters: what follows a number must not be taken for its end."""
_FEWEST_DIGITS: Final = 6


def _judge(text: str, start: int, end: int) -> Kind | None:
    """Accept the number of a country; whether it is whole, or its check digits right, decides nothing."""
    plain = "".join(char for char in text[start:end] if char.isalnum()).upper()
    length = _LENGTHS.get(plain[:2])
    if length is None or sum(char.isdigit() for char in plain) < _FEWEST_DIGITS:
        return None
    too_long = len(plain) > length and not plain[2:].isdigit()
    return None if too_long else Kind.IBAN


DETECTOR: Final = Detector(
    kind=Kind.IBAN,
    hints=DIGITS,
    patterns=(
        (
            rf"(?i)(?:\b|\biban:?)([a-z]{{2}}\d{{2}}(?:[ .-]?[a-z0-9]{{4}}){{2}}(?:[a-z0-9]{{4}}|[ .-]{_GROUP}){{0,5}}"
            r"(?:[a-z0-9]{1,3}|[ .-](?:\d[a-z0-9]{0,2}|[a-z]\d[a-z0-9]?|[a-z]{2}\d))?)\b"
        ),
    ),
    judge=_judge,
    found=(
        "«DE89 3704 0044 0532 0130 00»",
        "pay «gb82west12345698765432» now",
        "iban«DE89370400440532013000»",
        "«NO9386011117947»",
        "«ES91 2100 0418 4502 0005 1332» titular Ana",
        "«NL91ABNA0417164300»",
        "«FR14-2004-1010-0505-0001-3M02-606»",
    ),
    kept=(
        "ab12 cdef ghij",
        "cc25ab759d08fb9f7a9e0cfffdc9327e",
        "de20 something like that",
        "be1882d97658ed09fcfd735ececcceca",
    ),
)
