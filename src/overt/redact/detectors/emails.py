"""E-mail addresses (RFC 5321), also as addresses of pages escape them, as people disguise them, and half typed."""

from typing import Final

from overt.redact.detector import Detector
from overt.redact.kinds import Kind

_TOP: Final = (
    r"(?:com|org|net|edu|gov|info|biz|io|dev|app|me|co|eu|de|uk|fr|es|it|nl|pl|at|ch|be|se|no|dk|fi|pt|ie|cz|us|ca|au|"
    r"in|jp|cn|br|ru|example|test)"
)

DETECTOR: Final = Detector(
    kind=Kind.EMAIL,
    hints=("@", "%40", "%2540", "&#", "&commat", "u0040", "(at)", "[at]", "{at}", "( at )", "[ at ]", " dot "),
    patterns=(
        r"[\pL\pN._+'%!#$*^`{|}~-]*[\pL\pN]@(?:[\pL\pN.-]*[\pL\pN])?",
        r"[\pL\pN._+'!-]*[\pL\pN](?i:%2540|%40|&#0*64;?|&#x0*40;?|&commat;?|\\u0040)[\pL\pN](?:[\pL\pN.-]*[\pL\pN])?",
        r"\"[^\"\n]{1,64}\"@[\pL\pN.-]*[\pL\pN]",
        (
            r"(?i)[\pL\pN._+-]+ ?(?:\(at\)|\[at\]|\{at\}|\( at \)|\[ at \]) ?[\pL\pN-]*"
            r"(?: ?(?:\(dot\)|\[dot\]|\{dot\}|\( dot \)|\[ dot \]| dot |\.) ?[\pL\pN-]+)*"
        ),
        rf"(?i)[\pL\pN._+-]+ at [\pL\pN-]+(?: dot [\pL\pN-]+)* dot {_TOP}\b",
        r"(?i)[\pL\pN._+-]+ @ [\pL\pN-]+(?:\.[\pL\pN-]+)+",
    ),
    found=(
        "«ada@example.com»",
        "ask «ada@example.com».",
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
        "mailto:«o'hara@example.ie»",
    ),
    kept=("@nasa", "what does @ mean", "meet at twelve", "look at amazon.com", "dot product at school", "100%40"),
)
