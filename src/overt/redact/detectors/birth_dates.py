"""Dates of birth after a label; a date by itself is kept, for most dates are no one's."""

from typing import Final

from overt.redact.detector import WORD, Detector
from overt.redact.kinds import Kind

_LABEL: Final = (
    r"(?:d\.?o\.?b\.?|birth[ _-]?dates?|dates?[ _-]of[ _-]birth|birth ?days?|bday|geburtsdatum|geburtstag|"
    r"geb(?:oren)?\.?|"
    r"date de naissance|"
    r"fecha de nacimiento|data di nascita|data de nascimento|geboortedatum|födelsedatum|fødselsdato|syntymäaika|"
    r"data urodzenia|datum narození|дата рождения|doğum tarihi|生年月日|出生日期|생년월일|"
    r"i was born|(?:he|she|patient|applicant|customer|employee) was born|ich bin|née? le|nacid[oa] el|nat[oa] il|"
    r"nascid[oa] em|born|nací|nasci|urodzon[aey]|родил(?:ся|ась)|生日)"
)
_MONTH: Final = (
    r"(?:jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|"
    r"янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|sty|lut|kwi|maj|cze|lip|sie|wrz|paź|lis|gru|mei|mrt|"
    r"oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|gen|janv|févr|fév|mars|avr|août|déc|fev|out)[\pL]{0,8}\.?"
)
_DATE: Final = (
    r"(?:\d{1,4}[-./ ]{1,2}\d{1,2}[-./ ]{1,2}\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?(?: of| de)? "
    rf"?{_MONTH},?(?: de)? ?\d{{2,4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{2,4}}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日|"
    rf"\d{{8}}|\d{{6}})"
)

DETECTOR: Final = Detector(
    kind=Kind.BIRTH_DATE,
    hints=(
        *("dob", "d.o.b", "birth", "bday", "geb", "naissance", "nacimiento", "nascita", "nascimento", "föd", "fød"),
        "syntym",
        *("urodz", "naroz", "рожд", "doğum", "生年", "出生", "생년", "born", "né le", "née le"),
        *("nacid", "nato", "nata"),
        *("nascid", "nací", "nasci", "urodz", "родил", "生日", "i am"),
        "ich bin",
    ),
    patterns=(
        (rf"(?i){WORD}{_LABEL}['\"]?(?:\s*[:=(-]+\s*['\"]?|\s+(?:is|was|ist|est|es|è|é|on|the|am|der|den|op|le|"
         rf"el|il|em|to|"
        rf"the)){{0,3}}\s*"
        rf"({_DATE})"),
        (rf"(?i){WORD}(?:my|his|her|mein|sein|ihr) (?:birth ?day|bday|geburtstag) (?:is|ist|was)(?: (?:on|am|"
         rf"the|der))*"
        rf" (\d{{1,2}}(?:st|nd|rd|th|\.)?(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|"
        rf"\d{{1,2}}[/.]\d{{1,2}}\.?)"),
        rf"(?i){WORD}(?:ich bin|i am|je suis) (?:am |on )?({_DATE}) (?:geboren|born)",
    ),
    found=(
        "DOB: «12/05/1985»",
        "d.o.b. «1985-05-12»",
        "date of birth is «12 May 1985»",
        "my birthday is «May 12, 1985»",
        "born on «12.05.1985»",
        "Geburtsdatum: «12.05.1985»",
        "geb. «12.5.85»",
        "né le «12 mai 1985»",
        "fecha de nacimiento: «12 de mayo de 1985»",
        "дата рождения: «12.05.1985»",
        "my birthday is «May 12th»",
        "geboren am «12.05.1985»",
        "生年月日 «1985年5月12日»",
    ),
    kept=(
        *("12/05/1985", "date of birth of jesus", "birthday cake 2024", "born to run 1975", "born in 1985"),
        *("dobermann 2019",),
        *("gebrauchtwagen 12.05.2024", "birth rate 1990-2020", "happy birthday 30"),
    ),
)  # fmt: skip
