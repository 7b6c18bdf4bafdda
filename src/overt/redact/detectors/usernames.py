"""Names of accounts after their label."""

# ruff: noqa: RUF001 - Turkish letters are meant

from typing import Final

from overt.redact.detector import SAYS, WORD, Detector
from overt.redact.kinds import Kind
from overt.redact.spoken import is_spoken

_LABEL: Final = (
    r"(?:user[ _-]?names?|gamer ?tag|nick ?names?|pseudo|skype(?: id)?|benutzer|kullanıcı adı|"
    r"user[ _-]?ids?|login(?:[ _-]?(?:name|id))?|log-in name|account[ _-]?name|screen[ _-]?name|"
    r"handle|"
    r"benutzername|benutzerkennung|anmeldename|nutzername|nom d'utilisateur|identifiant|nombre de usuario|usuario|"
    r"nome utente|nome de usuário|usuário|gebruikersnaam|användarnamn|brukernavn|nazwa użytkownika|"
    r"имя пользователя|логин|用户名|ユーザー名|아이디)"
)

DETECTOR: Final = Detector(
    kind=Kind.USERNAME,
    hints=(
        *("'@'", "user", "login",
        "logname", "gamer", "nick", "pseudo", "skype", "discord", "twitter", "insta", "tiktok"),
        *("telegram", "snapchat", "mastodon", "github", "benutzer", "kullanıcı", " as ", " -u ", "publickey",
        "su:", "keyboard-interactive", "password for"),
        *( "log-in", "account", "screen", "handle", "nutzer", "anmelde", "utilisateur", "identifiant"),
        *("usuario", "usuário", "utente", "gebruiker", "användar", "bruker", "użytkownik", "логин", "пользовател"),
        *("用户名",),
        *("ユーザー名", "아이디"),
    ),
    patterns=(
        rf"(?i){WORD}{_LABEL}['\"]?\s*(?::=|=>|=|:)\s*['\"]?([\pL\pN._@+:#\\-]+)",
        rf"(?i){WORD}{_LABEL}{SAYS}['\"]?([\pL\pN._@+\\-]*[0-9._@][\pL\pN._@+\\-]*)",
        (rf"(?i){WORD}(?:user[ _]?name|login|nutzername|benutzername|логин|"
        rf"usuario) ['\"]?([\pL][\pL._-]*\d[\pL\pN._-]*)"),
        rf"(?i){WORD}логин ([a-z][a-z0-9._-]{{3,}})",
        (rf"(?i){WORD}(?:discord|twitter|instagram|insta|tiktok|telegram|snapchat|mastodon|github|skype|account)"
        rf"\s?:\s*@?([\pL\pN._#:-]+)"),
        # an account of MySQL with the host that it comes from
        r"'([^'\s]{1,40})'@'",
        r"(?i)\buser(?:name)? (?:'([^'\s]{2,40})'|\"([^\"\s]{2,40})\")",
        r"(?i)\b(?:password|publickey|keyboard-interactive\S*) for (?:(?:invalid|illegal) user )?(\S+) from\b",
        r"(?i)\b(?:session (?:opened|closed) for user|(?:logged|signed) (?:in|on) as|su:) ['\"]?([\pL\pN._-]+)",
        r"(?i)\b(?:log|sign) (?:in|on) as ['\"]?([\pL\pN._-]*[0-9._][\pL\pN._-]*)",
        r"(?i)--user(?:name)?[ =]['\"]?([^\s:'\"-][^\s:'\"]*)|\s-u ([\pL\pN._-]+) -p",
        r"(?:^|[\s;])(?:export |set )?\$?(?:[A-Z]+_?)?(?:USER|LOGNAME)\s?=\s?['\"]?([\pL\pN._@-]+)",
        r"(?i)(?:^|[\s\"'{,;])(?:[a-z]+_)*user(?:_?name|_?id)?['\"]?\s*(?::=|=>|=|:)\s*['\"]?([\pL\pN._@+\\-]+)",
        rf"(?i){WORD}(?:my|mein|mon|mi|mia|minha) {_LABEL}(?: (?:is|ist|est|es|è|é)|'s) ['\"]?([\pL\pN._@+\\-]+)",
        r"(?i)\buser ['\"]?([a-z]+[._]?[a-z]*[._0-9]+[a-z0-9._]*)",
    ),
    judge=lambda text, start, end: None if is_spoken(text, start, end) else Kind.USERNAME,
    found=(
        "username: «ada»",
        'DB_USER = "«mgr_6647»"',
        "my username is «adal»",
        "the user name is «ada.l»",
        "Benutzername: «ada»",
        "identifiant : «ada»",
        "user «ada.l42» logged in",
        "User '«ada»' logged in",
        "Failed password for invalid user «ada» from host",
        "logged in as «ada»",
        "session opened for user «ada»",
        "twitter: @«ada42»",
        "psql --username=«ada»",
        "PGUSER=«ada»",
        "GRANT ALL ON shop.* TO '«ada»'@'%'",
        'user := "«ada»"',
        "логин: «ada»",
    ),
    kept=(
        *("username generator", "user experience", "login page", "the username is not available"),
        *("usuario y contraseña",),
        *("user stories", "handle with care", "user manual", "account name ideas", "login: your"),
    ),
)  # fmt: skip
