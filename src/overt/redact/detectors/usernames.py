"""Names of accounts after their label."""

from typing import Final

from overt.redact.detector import SAYS, WORD, Detector
from overt.redact.kinds import Kind
from overt.redact.spoken import is_spoken

_LABEL: Final = (
    r"(?:user[ _-]?names?|user[ _-]?ids?|login(?:[ _-]?(?:name|id))?|log-in name|account[ _-]?name|screen[ _-]?name|"
    r"handle|"
    r"benutzername|benutzerkennung|anmeldename|nutzername|nom d'utilisateur|identifiant|nombre de usuario|usuario|"
    r"nome utente|nome de usuário|usuário|gebruikersnaam|användarnamn|brukernavn|nazwa użytkownika|"
    r"имя пользователя|логин|用户名|ユーザー名|아이디)"
)

DETECTOR: Final = Detector(
    kind=Kind.USERNAME,
    hints=(
        *("user", "login", "log-in", "account", "screen", "handle", "nutzer", "anmelde", "utilisateur", "identifiant"),
        *("usuario", "usuário", "utente", "gebruiker", "användar", "bruker", "użytkownik", "логин", "пользовател"),
        *("用户名",),
        *("ユーザー名", "아이디"),
    ),
    patterns=(
        rf"(?i){WORD}{_LABEL}['\"]?\s*(?::=|=>|=|:)\s*['\"]?([\pL\pN._@+\\-]+)",
        rf"(?i){WORD}{_LABEL}{SAYS}['\"]?([\pL\pN._@+\\-]*[0-9._@][\pL\pN._@+\\-]*)",
        r"(?i)(?:^|[\s\"'{,;])(?:[a-z]+_)*user(?:_?name|_?id)?['\"]?\s*(?:=>|=|:)\s*['\"]?([\pL\pN._@+\\-]+)",
        rf"(?i){WORD}(?:my|mein|mon|mi|mia|minha) {_LABEL} (?:is|ist|est|es|è|é) ['\"]?([\pL\pN._@+\\-]+)",
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
        "логин: «ada»",
    ),
    kept=(
        *("username generator", "user experience", "login page", "the username is not available"),
        *("usuario y contraseña",),
        *("user stories", "handle with care", "user manual", "account name ideas", "login: your"),
    ),
)  # fmt: skip
