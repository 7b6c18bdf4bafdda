"""A card's expiry and check value after their labels; the number itself is found by ``numbers``."""

from typing import Final

from overt.redact.detector import SAYS, WORD, Detector
from overt.redact.kinds import Kind

_BETWEEN: Final = rf"(?:{SAYS}|\s+)"

DETECTOR: Final = Detector(
    kind=Kind.CREDIT_CARD,
    hints=(
        "exp",
        "/",
        "valid thru",
        "good thru",
        "gültig bis",
        "ablauf",
        "cvv",
        "cvc",
        "csc",
        "cvn",
        "cid",
        "scade",
        "prüfnummer",
    ),
    patterns=(
        r"(?:\d[ -]?){12,18}\d[ ,;|]{1,3}((?:0[1-9]|1[0-2]) ?/ ?(?:20)?[2-4]\d)(?:\D|$)",
        (
            rf"(?i){WORD}(?:exp(?:iry|ires|iration)?\.?(?: date)?|(?:valid|good) thru|gültig bis|ablaufdatum|scadenza)"
            rf"{_BETWEEN}((?:0?[1-9]|1[0-2]) ?[/-] ?(?:20)?[2-4]\d)(?:[^\pN/-]|$)"
        ),
        (
            rf"(?i){WORD}(?:cvv2?|cvc2?|csc|cvn|cid|prüfnummer|security code)(?: (?:code|number|"
            rf"nummer))?{_BETWEEN}(\d{{3,4}})(?:\D|$)"
        ),
    ),
    found=(
        "exp «04/27»",
        "4111 1111 1111 1111, «09/28»",
        "Expiry date: «4/2028»",
        "valid thru «12/29» on the front",
        "gültig bis «09/26»",
        "cvv: «123»",
        "CVC «4567»",
        "cvv is «321»",
    ),
    kept=("explain 04/27", "expo 2025", "what is a cvv", "cvc words for kindergarten", "expires 2025", "cid 10000"),
)
