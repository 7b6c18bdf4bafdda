"""Secrets as programs are told them: a setting's name and its value, an option of a command line, an object's key."""

from typing import Final

from overt.redact.detector import Detector
from overt.redact.engine import Pattern
from overt.redact.kinds import Kind
from overt.redact.spoken import is_spoken

_NAME: Final = (
    r"(?:pass(?:wd|word|phrase|code|wort)?|pwd|secret|token|api[_ -]?key|apikey|access[_ -]?key|secret[_ -]?key|"
    r"private[_ -]?key|auth[_ -]?key|encryption[_ -]?key|signing[_ -]?key|account[_ -]?key|license[_ -]?key|"
    r"credential|client[_ -]?secret|auth|kennwort)s?"
)
_QUOTED: Final = r"\"((?:[^\"\\\n]|\\.)+)\"?|'((?:[^'\\\n]|\\.|'')+)'?|`([^`\n]+)`?"
_VALUE: Final = rf"(?:{_QUOTED}|([^\s,;\"'`]+))"

_MESSAGE: Final = Pattern(
    r"(?i)[a-z ]+ (?:expired|invalid|missing|required|failed|incorrect|denied|mismatch|not found)"
)


def _said(text: str, start: int, end: int) -> bool:
    """Say whether a value is talk, or a message in brackets that an exception is made with."""
    message = text[max(0, start - 2) : start - 1] == "(" and _MESSAGE.whole(text[start:end]) is not None
    return message or is_spoken(text, start, end)


DETECTOR: Final = Detector(
    kind=Kind.PASSWORD,
    hints=("pass", "pwd", "secret", "token", "key", "credential", "auth", "kennwort", " -u ", "-p", "--user", "/user",
    "smbclient",
    "openssl", "redis", "sudo", "wifi", "useradd", "usermod", "ldap", "mongo"),
    patterns=(
        rf"(?i)[\pL\pN_.-]*{_NAME}(?:[_.-][\pL\pN_]{{1,20}}|[0-9]{{1,3}})?['\"]?[\])]?\s*(?::=|=>|==?|:)\s*{_VALUE}",
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
        r"(?i)\btype=['\"]password['\"][^<>\n]{0,80}?value=['\"]([^'\"]+)['\"]",
        rf"(?i){_NAME}\b[^()\n]{{0,80}}\)\s*values?\s*\(([^()\n]+)\)",
        r"(?i)\becho\s+(?:-n\s+)?(?:\"([^\"\n]+)\"|'([^'\n]+)'|(\S+))\s*\|\s*(?:sudo -S|\S+ [^\n]*--password-stdin)",
        rf"(?i){_NAME}['\"]?(?:\\n|\n)\s*['\"]?value['\"]?:\s*{_VALUE}",
        r"(?i)auth[a-z]*\s*=?\s*\(\s*['\"][^'\"\n]+['\"]\s*,\s*['\"]([^'\"\n]+)['\"]",
        rf"(?i){_NAME}\s*:\s*&?[a-z][a-z<>?]{{0,20}}\s*=\s*(?:{_QUOTED})",
        r"(?i)\bwifi\w*\.begin\(\s*[^,()\n]+,\s*\"([^\"\n]+)\"",
        r"(?i)\buser(?:add|mod)\b[^\n]* -p ['\"]?([^\s'\"]+)",
        r"(?i)\becho ['\"]?[^\s:'\"]+:([^\s'\"|]+)['\"]? ?\| ?(?:sudo )?chpasswd",
        rf"(?i)\bname=['\"][^'\"<>]*{_NAME}['\"][^<>]*>([^<]+)<",
        r"(?i)\benable (?:secret|password)(?: \d)? (\S+)|\b(?:password|secret) [0578] (\S+)",
        r"(?i)\bwpa_passphrase \S+ ['\"]?([^\s'\"]+)",
        rf"(?i)\b(?:name|key|id)=['\"][^'\"<>]*{_NAME}['\"][^<>\n]{{0,40}}?value=['\"]([^'\"]+)['\"]",
        rf"(?i){_NAME}['\"]?\s?[|;\t]\s?['\"]?([^\s|;'\"<>]+)",
        rf"(?i){_NAME}\(\s?(?:\"([^\"\n]+)\"|'([^'\n]+)')",
        (r"(?i)\b(?:api|access|secret|private|auth|license|product|activation|encryption|recovery) ?-?(?:key|token)s?"
        r"(?: (?:is|was|ist|est|es)|:|=)? ([^\s]*[0-9][^\s]*)"),
    ),
    judge=lambda text, start, end: None if _said(text, start, end) else Kind.PASSWORD,
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
        '<input type="password" value="«love»">',
        "INSERT INTO t (name, password) VALUES («'ada', 'love'»)",
        "echo '«love»' | sudo -S ls",
        "wpa_passphrase home «lovelove»",
        'environ["API_PASSWORD"] = "«love»"',
        "password: '«lo''ve»'",
        'auth=("ada", "«love»")',
        'let pwd: String = "«love»"',
        'wifi.begin("home", "«love»")',
        "useradd -p «love» ada",
        "echo 'ada:«love»' | chpasswd",
        '<string name="password">«love»</string>',
        "enable secret 5 «love»",
        "name: APP_PASSWORD\n  value: «love»",
        "net use z: /user:ada «love7»",
        "token = «abcdefgh»",
        "api key is «abc123»",
        "activation key «AB12-CD34»",
        "password_hash: «love»",
    ),
    kept=(
        *("token economy", "key lime pie", "author: ada", "keyboard: mechanical", "tokenizer", "secretary: part time"),
        *("api key rotation", "monkey: the movie", "password: the", "authors = ada", "password: string;"),
        *("token = request.headers.get(name)", "password: ${DB_PASSWORD}", 'raise InvalidToken("token expired")'),
        *("TOKEN=$1", "mysql -p what does it mean",
        "password = os.environ[name]", "hash = password_of(user)", "const token = await getToken();"),
    ),
)  # fmt: skip
