"""Tokens of sessions: JWT (RFC 7519), the header ``Authorization`` (RFC 6750, 7617), cookies, parameters."""

from typing import Final

from overt.redact.detector import Detector
from overt.redact.kinds import Kind

_PARAMETERS: Final = (
    r"(?:[a-z_]*token|code|key|api_?key|sig|signature|session[a-z_]*|sid|auth|ticket|otp|password|passwd|pwd|secret|"
    r"client_secret|code_verifier|assertion|x-amz-[a-z-]+|x-goog-[a-z-]+|awsaccesskeyid|jsessionid|phpsessid)"
)

DETECTOR: Final = Detector(
    kind=Kind.TOKEN,
    hints=("eyj", "bearer", "basic", "authorization", "cookie", "jsessionid", "phpsessid", "session", "sid", "="),
    patterns=(
        r"\beyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,4}",
        r"(?i)\b(?:bearer|basic)\s+([a-z0-9._~+/-]*[0-9][a-z0-9._~+/-]{4,}=*|[a-z0-9._~+/-]{4,}[0-9]=*|[a-z+/]{6,}==?)",
        r"(?i)\bauthorization['\"]?\s*[:=]\s*['\"]?(?:(?:bearer|basic|token|digest|apikey)\s+)?([^\s'\"]{6,})",
        r"(?i)\b(?:set-)?cookie\s*:\s*([^\n]*[^\s=]+=[^\n]+)",
        (
            r"(?i)\b(?:jsessionid|phpsessid|session[_ -]?(?:id|key|token)?|"
            r"sid)\s*[=:]\s*\"?([a-z0-9._%-]*\d[a-z0-9._%-]{3,})"
        ),
        rf"(?i)[?&#]{_PARAMETERS}=([^\s&#]+)",
    ),
    found=(
        "«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_1»",
        "authorization: bearer «abcdefghijkl1»",
        "Authorization: Basic «YWRhOmxvdmU=»",
        "Set-Cookie: «theme=dark; id=a3fWa»",
        "PHPSESSID=«298zf09hf012fh2»",
        "Session: «0123456789abcdef»",
        "https://x.example/?code=«s3cr»&lang=de",
        "https://x.example/#access_token=«s3cr»",
    ),
    kept=(
        *("bearer of news", "what is a session", "cookie: a recipe", "session: 4", "eyjafjallajökull"),
        *(
            "https://x.example/?q=cats",
            "digest of news",
            "basic mathematics",
            "visual basic tutorials",
            "authorization: what is it",
            "jwt vs cookie",
        ),
    ),
)
