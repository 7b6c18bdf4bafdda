"""The table of structured detectors: RE2 patterns, for RE2 never backtracks, whatever a person types."""

from dataclasses import dataclass
from typing import Final

from overt.redact.engine import Pattern, Table
from overt.redact.fold import fold
from overt.redact.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Group *group* of what *pattern* matches in a folded text is of *kind*."""

    kind: Kind
    pattern: str
    group: int = 0


_NAMES: Final = (
    r"pass ?words?|pass ?codes?|pass ?wd|pwd|passwor[td]|kennwort|mot de passe|mdp|contrasena|contraseña|senha|haslo|"
    r"hasło|wachtwoord|losenord|lösenord|parola|password[ae]|парол[ьяю]|密码|密碼|パスワード|暗証番号|비밀번호|"
    r"pin|pin ?code|pin ?number|otp|cvv2?|cvc2?|csc|security ?code|verification ?code|auth ?code|access ?code|"
    r"secret|secret[ _-]?key|client[ _-]?secret|api[ _-]?(?:key|token|secret)|private[ _-]?key|"
    r"access[ _-]?(?:key|token)|"
    r"auth[ _-]?token|token|credentials?|login|passphrase"
)
_NAMED: Final = fold(_NAMES)[0]
_PHRASES: Final = r"pass ?phrase|seed ?phrase|recovery ?phrase|seed ?words|mnemonic"
_QUOTED: Final = r"\"[^\"\n]+\"?|'[^'\n]+'?|`[^`\n]+`?"
_VALUE: Final = rf"({_QUOTED}|\S+)"
_SAYS: Final = r"(?:\s+(?:is|was|ist|est|es|to|are|be|as)\s+|\s*(?:is|was)?\s*(?::=|=>|->|→|:|=)\s*)"
_NOT_A_VALUE: Final = (
    "not incorrect wrong invalid too required expired the a an my your correct weak strong being always stored case "
    "compromised never missing needed same different empty blank hidden visible changed reset unknown lost forgotten "
    "for in on of and or to it this that what who how why when where"
)

RULES: Final = (
    Rule(
        kind=Kind.PRIVATE_KEY,
        pattern=r"-----BEGIN [A-Z0-9 ]{0,40}(?:KEY|CERTIFICATE)[A-Z ]{0,10}-----"
        r"[^\x00]*?(?:-----END [A-Z0-9 ]{0,60}-----|\z)",
    ),
    Rule(kind=Kind.PRIVATE_KEY, pattern=r"(?i)AGE-SECRET-KEY-[A-Z0-9-]{4,}"),
    Rule(kind=Kind.CONNECTION, pattern=r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]*:[^\s@]+@\S*"),
    Rule(
        kind=Kind.CONNECTION,
        pattern=r"(?i)\b(?:server|host|data source|user id|uid|accountname|endpoint)=[^;\n]+;(?:[^;\n]*;?)*",
    ),
    Rule(kind=Kind.API_KEY, pattern=r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ABIA|ACCA)[A-Z0-9]{6,}"),
    Rule(
        kind=Kind.API_KEY,
        pattern=r"\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|glsa_|xox[abeoprs]-|xapp-|npm_|pypi-|hf_|dop_v1_|doo_v1_|"
        r"shp(?:at|ca|pa|ss)_|sq0[a-z]{3}-|dckr_pat_|lin_api_|ntn_|gsk_|r8_|pplx-|xkeysib-|tskey-|hvs\.|hvb\.|"
        r"PMAK-|rubygems_|whsec_|GOCSPX-|ya29\.|AIza|EAAC|SG\.|sk-(?:proj|ant|or|svcacct)-|FLWSECK|live_|test_|sb_secret_)[A-Za-z0-9_.=-]{6,}",
    ),
    Rule(kind=Kind.API_KEY, pattern=r"(?i)\b(?:sk|pk|rk)[-_](?:[a-z]{2,8}[-_])*[a-z0-9_-]*[0-9][a-z0-9_-]{4,}"),
    Rule(kind=Kind.API_KEY, pattern=r"(?i)\bsk-[a-z0-9]{20,}|\bkey-[0-9a-f]{12,}|\b(?:AC|SK)[0-9a-f]{32}\b"),
    Rule(kind=Kind.API_KEY, pattern=r"\b\d{8,10}:[A-Za-z0-9_-]{20,}"),
    Rule(kind=Kind.API_KEY, pattern=r"(?i)hooks\.slack\.com/\S+|discord(?:app)?\.com/api/webhooks/\S+"),
    Rule(kind=Kind.TOKEN, pattern=r"\beyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,4}"),
    Rule(kind=Kind.TOKEN, pattern=r"(?i)\b(?:bearer|basic)\s+([a-z0-9._~+/=-]{8,})", group=1),
    Rule(
        kind=Kind.TOKEN,
        pattern=r"(?i)[?&#](?:[a-z_]*token|code|key|api_?key|sig|signature|session[a-z_]*|sid|auth|password|pwd|secret)"
        r"=([^\s&#]+)",
        group=1,
    ),
    Rule(
        kind=Kind.PASSWORD,
        pattern=rf"(?i)(?:^|[^\pL\pN])(?:{_NAMED})['\"]?{_SAYS}{_VALUE}",
        group=1,
    ),
    Rule(
        kind=Kind.PASSWORD,
        pattern=r"(?i)[\w.-]*(?:pass(?:wd|word|phrase|code)?|pwd|secret|token|api_?key|credential)s?['\"]?"
        rf"\s*(?::=|=>|=|:)\s*{_VALUE}",
        group=1,
    ),
    Rule(kind=Kind.PASSWORD, pattern=r"(?i)\bidentified by\s+(\S+)", group=1),
    Rule(kind=Kind.PASSWORD, pattern=rf"(?i)\b(?:{_NAMED})\s+({_QUOTED})", group=1),
    Rule(
        kind=Kind.PASSWORD,
        pattern=rf"(?i)\b(?:{_NAMED})\s+([^\s]*[0-9!@#$%^&*_][^\s]*)",
        group=1,
    ),
    Rule(kind=Kind.PASSWORD, pattern=rf"(?i)\b(?:{_PHRASES}){_SAYS}([^\n]+)", group=1),
    Rule(kind=Kind.EMAIL, pattern=r"[\pL\pN._+'%-]*[\pL\pN](?:@|%40)[\pL\pN.-]*"),
    Rule(kind=Kind.EMAIL, pattern=r"(?i)[\pL\pN._+-]+ ?(?:\(at\)|\[at\]) ?[\pL\pN.-]*(?: ?(?:\(dot\)|\[dot\]) ?\pL+)*"),
    Rule(
        kind=Kind.IBAN,
        pattern=r"(?i)\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,3})?\b",
    ),
    Rule(kind=Kind.IP, pattern=r"\b(?:\d{1,3}\.){3}\d{1,3}\b"),
    Rule(kind=Kind.IP, pattern=r"(?i)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}"),
    Rule(kind=Kind.IP, pattern=r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b"),
    Rule(
        kind=Kind.NUMBER,
        pattern=r"[+(]{0,2}\d(?:(?:[ \t./()_-]{0,3}|,)\d){4,}(?:\s?(?i:x|ext\.?|extension)\s?\d{1,6})?",
    ),
    Rule(kind=Kind.SECRET, pattern=r"[A-Za-z]\S*\d|\d\S*[A-Za-z]|\S{20,}"),
)
"""Tried in one pass; what a rule finds is then looked at closely (``detect``)."""

NOT_A_VALUE: Final = frozenset(_NOT_A_VALUE.split())
"""What follows ``password is`` when someone speaks about passwords."""

TOGETHER: Final = Table([rule.pattern for rule in RULES])
EACH: Final = tuple(Pattern(rule.pattern) for rule in RULES)
