"""Secrets as programs are told them: a setting's name and its value, an option of a command line, an object's key."""

from typing import Final

from overt.redact.detector import Detector
from overt.redact.kinds import Kind
from overt.redact.spoken import is_spoken

_NAME: Final = (
    r"(?:pass(?:wd|word|phrase|code|wort)?|pwd|secret|token|api[_ -]?key|apikey|access[_ -]?key|secret[_ -]?key|"
    r"private[_ -]?key|auth[_ -]?key|encryption[_ -]?key|signing[_ -]?key|account[_ -]?key|license[_ -]?key|"
    r"credential|client[_ -]?secret|auth|kennwort)s?"
)
_QUOTED: Final = r"\"((?:[^\"\\\n]|\\.)+)\"?|'((?:[^'\\\n]|\\.)+)'?|`([^`\n]+)`?"
_VALUE: Final = rf"(?:{_QUOTED}|([^\s,;\"'`]+))"

DETECTOR: Final = Detector(
    kind=Kind.PASSWORD,
    hints=("pass", "pwd", "secret", "token", "key", "credential", "auth", "kennwort", " -u ", "-p", "--user", "/user",
    "smbclient",
    "openssl", "redis", "ldap", "mongo"),
    patterns=(
        rf"(?i)[\pL\pN_.-]*{_NAME}(?:[_.-][\pL\pN_]{{1,20}}|[0-9]{{1,3}})?['\"]?\s*(?::=|=>|==?|:)\s*{_VALUE}",
        rf"(?i)<[a-z:_-]*{_NAME}>([^<]+)<",
        rf"(?i)--?(?:[a-z]+-)*{_NAME}[ =]{_VALUE}",
        r"(?i)\b(?:curl|wget|http)\b[^\n]* (?:-u|--user|-a)[ =]?['\"]?[^\s:]+:([^\s'\"]+)",
        (r"(?i)\b(?:sshpass|mysql|mysqldump|mariadb|docker login|7z|zip|unzip|mongo|mongosh|htpasswd)\b[^\n]* -p ?"
        r"(?:'([^'\n]+)'|\"([^\"\n]+)\"|([^\s'\"-]\S+))"),
        r"(?i)\b(?:redis-cli\b[^\n]* -a|ldap[a-z]+\b[^\n]* -w|openssl enc\b[^\n]* -k|requirepass) ['\"]?([^\s'\"]+)",
        r"(?i)-pass(?:in|out)? pass:(\S+)",
        r"(?i)\bsmbclient\b[^\n]* -u ?[^\s%]+%(\S+)",
        r"(?i)\bhtpasswd -\S*b\S* \S+ \S+ (\S+)|/user:\S+ ([^\s/]\S*)",
        r"(?i)\blogin \S+ password ['\"]?([^\s'\"]+)",
        # a name and a value as attributes, cells of a table, arguments of a call
        rf"(?i)\b(?:name|key|id)=['\"][^'\"<>]*{_NAME}['\"][^<>\n]{{0,40}}?value=['\"]([^'\"]+)['\"]",
        rf"(?i){_NAME}['\"]?\s?[|;\t]\s?['\"]?([^\s|;'\"<>]+)",
        rf"(?i){_NAME}\(\s?(?:\"([^\"\n]+)\"|'([^'\n]+)')",
        (r"(?i)\b(?:api|access|secret|private|auth|license|product|activation|encryption|recovery) ?-?(?:key|token)s?"
        r"(?: (?:is|was|ist|est|es)|:|=)? ([^\s]*[0-9][^\s]*)"),
    ),
    judge=lambda text, start, end: None if is_spoken(text, start, end) else Kind.PASSWORD,
    found=(
        'DB_PASS = "«two words»"',
        "pwd=«love»",
        "spring.datasource.password=«love»",
        '{"api_key": "«love»"}',
        "secret_key: «love»",
        "<password>«love»</password>",
        "mysqldump --password=«love» app",
        "curl -u ada:«love» https://x.example",
        "sshpass -p «love» ssh db",
        '{"password": "«lo\\"ve»"}',
        "redis-cli -a «love»",
        "smbclient //server/share -U ada%«love»",
        "openssl rsa -passin pass:«love»",
        "htpasswd -b file ada «love7»",
        "machine x.example login ada password «love»",
        '<property name="password" value="«love»"/>',
        "| password | «love» |",
        'setPassword("«love»")',
        "net use z: /user:ada «love7»",
        "token = «abcdefgh»",
        "api key is «abc123»",
        "activation key «AB12-CD34»",
        "password_hash: «love»",
    ),
    kept=(
        *("token economy", "key lime pie", "author: ada", "keyboard: mechanical", "tokenizer", "secretary: part time"),
        *("api key rotation", "monkey: the movie", "password: the", "authors = ada", "mysql -p what does it mean"),
    ),
)  # fmt: skip
