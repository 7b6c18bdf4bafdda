"""Connection strings: an address with a password in it (RFC 3986), or the settings of ODBC, ADO.NET and Azure."""

from typing import Final

from overt.redact.detector import Detector
from overt.redact.kinds import Kind

_KEY: Final = (
    r"(?:server|host|hostname|data source|datasource|user id|user|uid|dsn|driver|initial catalog|database|accountname|"
    r"endpoint|defaultendpointsprotocol|sharedaccesskeyname)"
)
_SECRETS: Final = r"(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature)"

DETECTOR: Final = Detector(
    kind=Kind.CONNECTION,
    hints=("://", "="),
    patterns=(
        r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]*:[^\s@]+@\S*",
        rf"(?i)\b{_KEY} ?=[^;\n]+;(?:[^;\n]*;?)*",
        rf"(?i)\b{_KEY}=\S+ (?:[a-z_]+=\S+ )*{_SECRETS}=\S+(?: [a-z_]+=\S+)*",
    ),
    found=(
        "«postgres://ada:love@db.example/app»",
        "use «redis://:love@cache.example:6379/0» there",
        "«mongodb+srv://ada:love@cluster.example/test?retryWrites=true»",
        "«Server=db;User=ada;Password=love;»",
        "«DefaultEndpointsProtocol=https;AccountName=ada;AccountKey=bG92ZQ==;»",
        "«host=db user=ada password=love sslmode=require»",
    ),
    kept=("https://www.example.com/a:b", "postgres://db.example/app", "what is a data source", "host = family"),
)
