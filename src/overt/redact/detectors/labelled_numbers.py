"""Numbers that stand for a person, by their labels: accounts, customers, patients, licences, passports."""

from typing import Final

from overt.redact.detector import WORD, Detector
from overt.redact.kinds import Kind

_WHOSE: Final = (
    r"(?:bank |savings |checking |current |giro )?(?:account|acct|a/c)|customer|client|member(?:ship)?|patient|"
    r"employee|staff|"
    r"student|personnel|payroll|insurance|policy|case|claim|medical record|health record|health plan|beneficiary|"
    r"driver'?s? licen[cs]e|driving licen[cs]e|licen[cs]e plate|passport|identity card|id card|national id|"
    r"national insurance|"
    r"social security|tax(?:payer)?|voter|visa|green card|residence permit|frequent flyer|loyalty|routing|sort code|"
    r"vehicle"
)
_GERMAN: Final = (
    r"konto|kunden|versicherten|versicherungs|personal|ausweis|reisepass|führerschein|steuer|sozialversicherungs|"
    r"matrikel|"
    r"patienten|mitglieds|kredit|karten"
)
_SHORT: Final = (
    r"driver'?s? licen[cs]e|driving licen[cs]e|licen[cs]e plate|plate number|number plate|kennzeichen|mrn|nhs|"
    r"ssn|sin|nin|nino|dni|nie|nif|cpf|cnpj|curp|rfc mexicano|pesel|bsn|ahv|avs|siren|ein|itin|tin|"
    r"steuer-?id|idnr|"
    r"swift|bic|iban|passport|passeport|pasaporte|passaporto|reisepass|codice fiscale|numéro de sécurité sociale|"
    r"aadhaar|n(?:um[ée]ro|úmero)(?: de| del)? (?:client|compte|dossier|adhérent|patient|cliente|cuenta|conto|conta|"
    r"paciente|paziente)|numer (?:klienta|konta|pacjenta)|klantnummer|rekeningnummer|"
    r"personnummer|personnr|cédula|cedula|身份证|身分證|マイナンバー|주민등록번호|паспорт|снилс|инн"
)
_NUMBER: Final = r"(?: ?(?:no\.?|nr\.?|num(?:ber)?|#|id|identifier|code|nummer|numéro|número|n°|№))"

DETECTOR: Final = Detector(
    kind=Kind.ID_NUMBER,
    hints=(
        *("account", "acct", "a/c", "customer", "client", "member", "patient", "employee", "staff", "student"),
        *("person",),
        *("plate", "kennzeichen", "immatricul", "matrícula", "targa", "payroll", "insurance"),
        *("policy", "case", "claim", "record", "health", "benefic", "licen", "passport"),
        *("identity", "id card", "national", "social", "tax", "voter", "visa", "green card", "permit", "flyer"),
        *("loyalty",),
        *("routing", "sort code", "vehicle", "konto", "kunden", "versicher", "ausweis", "pass", "pasa", "führer"),
        *("steuer",),
        *("matrikel", "mitglied", "kredit", "karten", "mrn", "nhs", "ssn", "sin", "nin", "dni", "nie", "nif", "cpf"),
        *("cnpj",),
        *("curp", "rfc mexicano", "pesel", "bsn", "ahv", "avs", "siren", "ein", "itin", "tin", "swift", "bic", "iban"),
        *("idnr", "codice", "sécurité", "numéro", "número", "numero", "numer ", "klant", "rekening"),
        *("aadhaar", "cédula", "cedula", "身份证", "身分證", "マイナンバー", "주민등록"),
        *("паспорт", "снилс", "инн"),
    ),
    patterns=(
        (rf"(?i){WORD}(?:(?:{_WHOSE}){_NUMBER}|(?:{_GERMAN})-?(?:nummer|nr\.?)|(?:{_SHORT}){_NUMBER}?)['\"]?"
        r"(?:\s*[:=#]+\s*['\"]?|\s+(?:is|was|ist|lautet|est|es|è|é|jest)\s*:?\s+|\s+)"
        r"([A-Z]{0,4}[ -]?\d[A-Z0-9./-]*(?: [A-Z0-9./-]*\d[A-Z0-9./-]*)*|[A-Z]{4,11}\d?|[A-Z0-9-]*\d[A-Z0-9-]{3,})"),
        (r"(?i)\b(?:kennzeichen|(?:licen[cs]e|number) plate|plate number|immatriculation|matrícula|"
        r"targa)\s?:? ?([A-Z]{1,3}[ -][A-Z]{0,3} ?\d{1,4}[A-Z]?)"),
    ),
    judge=lambda text, start, end: Kind.ID_NUMBER if _telling(text[start:end]) else None,
    found=(
        "account number: «12345678»",
        "Kennzeichen «B-AB 1234»",
        "acct no «0042»",
        "MRN: «A-4711»",
        "numéro client : «CL-4711»",
        "patient id «P4711»",
        "passport no. «C01X00T47»",
        "driver's license number «D123-4567»",
        "Kundennummer: «4711»",
        "my employee id is «E4711»",
        "nhs number «943 476 5919»",
        "NIE «X1234567L»",
    ),
    kept=(
        *("account number format", "tax number for", "passport photo size 35x45", "case number lookup", "rfc 9110"),
        *("visa 2024",),
        *("ssn meaning", "tin can", "sin city 2", "health 2024", "ein haus", "nie wieder 1933"),
    ),
)  # fmt: skip


def _telling(value: str) -> bool:
    """Say whether *value* is a number and not a year, or a single digit, after a word that has other uses."""
    digits = [char for char in value if char.isdigit()]
    year = value.isdigit() and len(value) == 4 and value[:2] in {"18", "19", "20"}  # noqa: PLR2004 - digits of a year
    return len(digits) > 1 and not year
