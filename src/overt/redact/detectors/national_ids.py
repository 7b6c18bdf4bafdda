"""Numbers by which states know persons and that are not digits alone, each by its published form."""

from typing import Final

from overt.redact.detector import DIGITS, Detector
from overt.redact.kinds import Kind

_SHAPES: Final = (
    # United Kingdom: National Insurance number
    r"(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ) ?\d{2} ?\d{2} ?\d{2} ?[A-D]",
    # Spain has DNI and NIE
    r"\d{8}-?[A-HJ-NP-TV-Z]|[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]",
    # Italy: codice fiscale
    r"[A-Z]{3} ?[A-Z]{3} ?\d{2}[A-EHLMPR-T]\d{2} ?[A-Z]\d{3} ?[A-Z]",
    # Germany has one for pensions and one on identity cards
    (
        r"\d{2} ?[0-3]\d[01]\d{3} ?[A-Z] ?\d{3}|[CFGHJKLMNPRTVWXYZ](?:\d{2}[A-Z]|[A-Z]\d{2}|"
        r"\d[A-Z]\d)[0-9CFGHJKLMNPRTVWXYZ]{5}\d[D<]?"
    ),
    # Ireland: PPS number
    r"\d{7}[A-W][A-IW]?",
    # France: number of inscription, with Corsica
    r"[12] ?\d{2} ?[01]\d ?(?:2[AB]|\d{2}) ?\d{3} ?\d{3}(?: ?\d{2})?",
    # Finland, and the day-first numbers of Denmark, Iceland and Sweden
    r"[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-Y]|(?:19|20)?\d{2}[01]\d[0-3]\d[-+]\d{4}|[0-3]\d[01]\d{3}-\d{4}",
    # Switzerland; Norway; Brazil; Chile
    r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}|\d{3}\.\d{3}\.\d{3}-\d{2}|\d{1,2}\.\d{3}\.\d{3}-[0-9K]",
    # Mexico has two, CURP and RFC
    r"[A-Z]{4}\d{2}[01]\d[0-3]\d[HM][A-Z]{5}[0-9A-Z]\d|[A-Z&Ñ]{3,4}\d{2}[01]\d[0-3]\d[A-Z0-9]{3}",
    # India has PAN and the voter's card
    r"[A-Z]{5}\d{4}[A-Z]|[A-Z]{3}\d{7}",
    # China and Korea, then Singapore and Taiwan and Hong Kong
    (
        r"[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[0-9X]|\d{2}[01]\d[0-3]\d-[1-8]\d{6}|[STFGM]\d{7}[A-Z]|[A-Z][12]\d{8}|"
        r"[A-Z]{1,2}\d{6}\([0-9A]\)"
    ),
)

DETECTOR: Final = Detector(
    kind=Kind.NATIONAL_ID,
    hints=(*DIGITS, "<"),
    patterns=(
        rf"(?i)(?:^|[^\pL\pN.-])({'|'.join(_SHAPES)})(?:[^\pL\pN-]|$)",
        # the machine-readable zone of passports and cards (ICAO 9303)
        r"(?i)[PIACV][A-Z<][A-Z]{3}[A-Z0-9]*<[A-Z0-9<]{10,}(?:\s+[A-Z0-9<]{28,44})*",
    ),
    found=(
        "nino «AA 12 34 56 C»",
        "«12345678Z»",
        "«X1234567L»",
        "«RSSMRA85T10A562S»",
        "«65 070803 J 008»",
        "«1234567FA»",
        "«2 55 08 14 168 025 38»",
        "«131052-308T»",
        "«811218-9876»",
        "«756.9217.0769.85»",
        "«390.533.447-05»",
        "«12.345.678-5»",
        "«HEGG560427MVZRRL04»",
        "pan «ABCPE1234F»",
        "«11010519491231002X»",
        "«860101-1234567»",
        "«S1234567D»",
        "«A123456(3)»",
        "«P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10»",
    ),
    kept=(
        "a380 2024",
        "boeing 747-400",
        "iso 27001",
        "bmw x5 2024",
        "covid-19",
        "2024-05-17",
        "nino the movie",
        "pneumonoultramicroscopicsilicovolcanoconiosis",
        "ab 12 cd",
    ),
)
