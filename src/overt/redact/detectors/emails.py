"""E-mail addresses (RFC 5321), also as addresses of pages escape them, as people disguise them, and half typed."""

from typing import Final

from overt.redact.detector import Detector
from overt.redact.kinds import Kind

_TOP: Final = (
    r"(?:com|org|net|edu|gov|info|biz|io|dev|app|me|co|eu|de|uk|fr|es|it|nl|pl|at|ch|be|se|no|dk|fi|pt|ie|cz|us|ca|au|"
    r"in|jp|cn|br|ru|example|test)"
)

_NAME: Final = r"[\pL\pN._+-]+"
_AT: Final = r"(?:at|ät|arroba|arobase|chiocciola|małpa|собака|apenstaartje)"
"""What people say for the sign."""
_DOT: Final = r"(?:dot|punkt|punto|point|ponto|kropka|точка|punt)"
_HEDGED_AT: Final = rf"(?:[(\[{{<] ?(?:{_AT}|@) ?[)\]}}>]|[-_/]{_AT}[-_/])"
_HEDGED_DOT: Final = rf"(?: ?[(\[{{<] ?(?:{_DOT}|\.) ?[)\]}}>] ?|[-_/]{_DOT}[-_/]| [-_/]{_DOT}[-_/] | {_DOT} |\.| \. )"
_FREE: Final = r"(?:gmail|googlemail|hotmail|protonmail|gmx|icloud)"

DETECTOR: Final = Detector(
    kind=Kind.EMAIL,
    hints=(
        *("@", "%40", "%2540", "&#", "&commat", "u0040", "(at)", "[at]", "{at}", "<at>", "( at )", "[ at ]", " dot "),
        *("-at-", "_at_", "/at/", "ät", "arroba", "arobase", "chiocciola", "małpa", "собака", "apenstaartje"),
        *("at gmail", "at googlemail", "at hotmail", "at protonmail", "at gmx", "at icloud", "mail", " me at "),
    ),
    patterns=(
        r"[\pL\pN._+'%!#$*^`{|}~-]*[\pL\pN]@(?:[\pL\pN.-]*[\pL\pN])?",
        r"[\pL\pN._+'%!#$*^`{|}~-]+@[\pL\pN-]+(?:(?:\.|%2E)[\pL\pN-]+)+|[\pL\pN._+-]+/[\pL\pN._+-]+@[\pL\pN-]+\.[\pL\pN.-]*[\pL\pN]",
        r"[\pL\pN._+%'!-]*[\pL\pN](?i:%2540|%40|&#0*64;?|&#x0*40;?|&commat;?|\\u0040)[\pL\pN](?:[\pL\pN.-]*[\pL\pN])?",
        r"\"[^\"\n]{1,64}\"@[\pL\pN.-]*[\pL\pN]",
        rf"(?i){_NAME} ?{_HEDGED_AT} ?[\pL\pN-]*(?:{_HEDGED_DOT}[\pL\pN-]+)*",
        rf"(?i){_NAME} {_AT} [\pL\pN-]+(?: {_DOT} [\pL\pN-]+)* {_DOT} {_TOP}\b",
        rf"(?i){_NAME} (?:arroba|arobase|chiocciola|małpa|собака|apenstaartje) [\pL\pN-]+\.[\pL]{{2,}}",
        rf"(?i){_NAME} at {_FREE}(?:\.[\pL]{{2,3}})?(?:[^\pL\pN]|$)",
        (
            rf"(?i)(?:^|[^\pL])(?:e-?mail(?: me)?|reach me|write (?:to )?me|mail me)(?: (?:is|address|at|to))* ?:? ?"
            rf"({_NAME} at [\pL\pN-]+\.{_TOP})\b"
        ),
        r"(?i)[\pL\pN._+-]+ ?@ ?[\pL\pN-]+(?:(?:\.| \. |\[\.\]|\(\.\)|\(dot\)|\[dot\]| dot )[\pL\pN-]+)+",
        rf"(?i)[\pL\pN._+-]+@[\pL\pN-]+,{_TOP}\b",
    ),
    found=(
        "«ada@example.com»",
        "ask «ada@example.com». Then wait",
        "write to «ada.l+x@mail.example.co.uk»!",
        "«ada%40example.com»",
        "?to=«ada%2540example.com»",
        "«ada&#64;example.com»",
        "«ada＠example.com»",  # noqa: RUF001 - a full-width sign is the point
        "«ada﹫example.com»",
        "«аdа@example.com»",  # noqa: RUF001 - Cyrillic letters are the point
        "«a\u200bda@exam\u200bple.com»",
        "«müller@example.de»",
        "«ada@»",
        "«ada (at) example (dot) com»",
        "«ada[at]example.com»",
        "«ada at example dot com»",
        "«ada @ example.com»",
        "«ada.l%2Bx%40example.com»",
        "«#ada$%@example.com»",
        "«ada_at_example.com»",
        "«ada <at> example <dot> com»",
        "«ada[@]example[.]com»",
        "«ada@example,com»",
        "«ada@ example.com»",
        "«ada @example.com»",
        "my mail is «ada at gmail»",
        "reach me at «ada at example.com»",
        "«ada (ät) example (punkt) de»",
        "«ada arroba example punto com»",
        "mailto:«o'hara@example.ie»",
    ),
    kept=("@nasa", "what does @ mean", "meet at twelve", "look at amazon.com", "dot product at school", "100%40"),
)
