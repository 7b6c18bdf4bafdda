"""Postal addresses after a label, to the end of line or sentence; a street without a label is most often a sight."""

from typing import Final

from overt.redact.detector import WORD, Detector
from overt.redact.kinds import Kind

_LABEL: Final = (
    r"(?:(?:my|our|his|her|their|home|postal|street|mailing|shipping|billing|delivery|residential|permanent|current|"
    r"private|work|office|customer|patient|employee) address(?: line ?\d)?|address(?: line ?\d)?|i live at|"
    r"i live on|we live (?:at|on)|located at|location|street(?: ?address)?|address ?[12]|lives at|"
    r"resid(?:es|ing|ence) (?:at|is)|(?:deliver|ship|send it|mail it|ship it|deliver it) to|meine adresse|"
    r"anschrift|adresse|"
    r"wohnhaft(?: in)?|"
    r"ich wohne(?: (?:in|am|an))?(?: der| dem)?|lieferadresse|rechnungsadresse|mon adresse|j'habite(?: au)?|"
    r"domicilio|mieszkam (?:na|przy)|adresim|"
    r"dirección|"
    r"direccion|vivo en(?: la| el)?|indirizzo|abito in|endereço|moro na|adres|ik woon op|adress|bor på|osoite|"
    r"adres zamieszkania|"
    r"адрес|住所|地址|주소)"
)
_LEADS: Final = r"(?:['\"]?\s*[:=]\s*['\"]?|\s+(?:is|was|ist|lautet|est|es|è|é|jest|är|er)\s+|\s+)"
_PLACE: Final = r"[^\n;:@?!\"]{3,120}?"
_END: Final = r"(?:\.? ?$|\. [\pL]{3,}|[\n;?!\"])"


def _judge(text: str, start: int, end: int) -> Kind | None:
    """Accept what has a house's number and a street's name, and no address of a computer."""
    value = text[start:end]
    words = [word for word in value.replace(",", " ").split() if any(char.isalpha() for char in word)]
    numbers = any(word[:1].isdigit() or word[-1:].isdigit() for word in value.replace(",", " ").split())
    return Kind.POSTAL_ADDRESS if numbers and words and not value.startswith(("http", "0x")) else None


DETECTOR: Final = Detector(
    kind=Kind.POSTAL_ADDRESS,
    hints=(
        *("addres", "adres", "street", "located at", "location", "live on", "mieszkam"),
        *("live at", "lives at", "resid", "deliver to", "ship to",
        "ship it", "it to", "anschrift", "wohn"),
        *("habite",),
        *("domicilio", "direcci", "vivo en", "indirizzo", "abito", "endere", "moro na", "ik woon", "bor på", "osoite"),
        *("адрес",),
        *("住所", "地址", "주소"),
    ),
    patterns=(
        (rf"(?i){WORD}{_LABEL}{_LEADS}(?:(\d{{1,5}}[a-z]?,? [\pL]{_PLACE})"
        rf"|([\pL][\pL .'-]{{2,40}},? \d{{1,4}} ?[a-z]?(?:[,\s]{_PLACE})?)){_END}"),
        (rf"(?i){WORD}(?:adresim|adres|dirección|direccion|mi dirección es)\s?[:=]?\s((?:c/|"
        rf"[\pL]){{1,20}}[^\n;@?!\"]{{3,60}}?\d[^\n;@?!\"]{{0,40}}?){_END}"),
        rf"(?i){WORD}{_LABEL}\s*[:=]\s*([^\n;:@?!\"]{{3,80}}?\d[^\n;:@?!\"]{{0,60}}?){_END}",
        r"(?:住所|地址|주소)\s?[:.は是为為]?\s?(\S*\d\S*)",
    ),
    judge=_judge,
    found=(
        "address: «12 Oak Street, Springfield»",
        "my address is «12 Oak Street Apt 4».",
        "i live at «221b Baker Street»",
        "ship to: «Apt 4, 12 Oak Street»",
        "Anschrift: «Hauptstraße 12, 10115 Berlin»",
        "ich wohne in der «Hauptstraße 12»",
        "adresse : «12 rue de la Paix, Paris»",
        "dirección: «Calle Mayor 12»",
        "адрес: «ул. Ленина, д. 12»",
        "住所:«東京都千代田区1-1»",
    ),
    kept=(
        *("address bar missing", "gettysburg address 1863", "ip address lookup", "how to address a letter"),
        *("address: none",),
        *("mac address of", "address sanitizer gcc", "memory address 0x1f", "i live at home", "web address https"),
    ),
)  # fmt: skip
