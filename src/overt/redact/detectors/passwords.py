"""Passwords as people write of them: a label, what leads to the value, the value; in many languages."""

from typing import Final

from overt.redact.detector import SAYS, WORD, Detector
from overt.redact.engine import Pattern
from overt.redact.kinds import Kind
from overt.redact.spoken import is_spoken

_LABEL: Final = (
    # English
    r"(?:pass ?-?words?|p[as]{1,4}w[ordt]{1,5}|pas{1,3}owrd|psw|p/w|pass ?-?codes?|pass ?keys?|pass ?-?phrases?|pwd|pw|"
    r"(?:pin|puk)(?: ?[12])?|pin ?-?(?:code|number)|otp|one[- ]time (?:code|password)|"
    r"(?:security|verification|auth(?:entication|orization)?|access|login|door|gate|alarm|unlock|sms|2fa|backup|"
    r"entry|"
    r"confirmation|entrance|keypad|pattern|building|garage|safe|lock(?:er)?|wi-?fi|reset|recovery|activation) code|"
    r"secret|secret (?:word|phrase)|(?:secret|security)(?: question)? answer|mother's maiden name|combination|"
    r"credentials?|master key|psk|(?:network|wpa[23]?|wep|wi-?fi|wlan|wireless|pre-?shared)[ -]?(?:key|schlüssel)|"
    # German, French, Spanish, Italian, Portuguese, Dutch
    r"passw[oö]rt(?:es|s|er)?|türcode|zahlencode|kennwort(?:es|s)?|kennw[öo]rter|zugangscode|geheimzahl|"
    r"mots? de passe|mdp|code secret|"
    r"code (?:wi-?fi|d'acc[eè]s|d'entr[ée]e|de la porte|du portail|porte)|codice (?:di accesso|della porta|"
    r"segreto|pin)|"
    r"c[óo]digo (?:de acceso|de la puerta|de acesso|da porta|secreto)|cl[ée] wi-?fi|(?:mi|la|tu|su) contra|"
    r"contraseñas?|contrasenas?|clave|parola d'ordine|senhas?|palavra-passe|wachtwoord(?:en)?|toegangscode|"
    # Scandinavian, Finnish, Slavic, Baltic, Romanian, Hungarian, Turkish, Greek
    r"lösenord(?:et)?|losenord(?:et)?|passord(?:et)?|adgangskode[nr]?|kodeord(?:et)?|salasana(?:ni)?|tunnussana|"
    r"has[lł](?:[oau]|em)|heslo|lozinka|zaporka|geslo|парол[ьяюи]|пин-?код|slaptažodis|parole|parool|parol[aă]|"
    r"jelsz[óo]|jelszava?m|"
    r"şifre(?:m|niz|si)?|sifrem?|parolam?|κωδικ[όο]ς|"
    # East and South Asian, Semitic
    r"密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|mật khẩu|kata sandi|sandi|"
    r"पासवर्ड|كلمة (?:المرور|السر)|סיסמ[הא]|รหัสผ่าน)"
)
_PHRASE: Final = (
    r"(?:pass ?-?phrase|master pass ?word|seed|(?:secret|security)(?: question)? answer|answer|mother's maiden name|"
    r"passphrase|phrase (?:secr[èe]te|de passe)|frase (?:segreta|secreta|de acceso)|wachtzin|"
    r"(?:master|haupt)-?(?:passwort|kennwort)|mot de passe ma[iî]tre|contraseña maestra|password principale)"
)
"""Labels whose values are often several words."""
_WORDS: Final = r"([\pL\pN'-]+(?: [\pL\pN'-]+){1,7}?)"
_STOP: Final = (
    r"(?:[.,;:!?\n)]|$| (?:when|and|before|so|because|if|after|until|then|please|thanks|where|which|wenn|und|et|y|e) )"
)
_IS: Final = SAYS.replace("|'s)", ")")
"""``SAYS`` where a word may stand before it of which something is: *tomorrow's visit*."""
_CHANGED: Final = (
    r"(?:changé|modifié|remplacé|geändert|gewechselt|cambiado|cambié|cambiato|reimpostato|impostato|mudei|alterei|"
    r"troquei|zmieni[łl][\pL]{1,3}|ustawi[łl][\pL]{1,3}|veranderd|gewijzigd)"
)
_FOREIGN: Final = r"(?:salasana(?:ni)?|has[lł][oa]|heslo|adgangskode[nr]?|κωδικ[όο]ς|jelsz[óo])"
"""Labels whose languages say *is* with a word that is a preposition in others."""
_QUOTED: Final = r"\"([^\"\n]+)\"?|'([^'\n]+)'?|`([^`\n]+)`?"
_VALUE: Final = rf"(?:{_QUOTED}|(\S*[^\s.,;:]))"
_OWNED: Final = (
    r"(?:for|of|to|on|at|in|from|für|fürs|der|von|zu|zum|zur|vom|beim|im|de|du|des|del|della|dello|"
    r"(?:mein|dein|unser|ihr)e[rsm]|pour|per|"
    r"para|do|da|di|"
    r"van|voor|till|til|od|от|для) "
)
_ASIDE: Final = (
    r"(?: ?\([^()\n]{1,40}\)| (?:new|again|wi-?fi|wlan|vpn|root|admin|neu|alt|nueva|nuevo|actual|nova|novo|"
    r"nuova|nuovo|"
    r"attuale|nouveau|actuel))?"
)
_MARKED: Final = (
    r"[^\s\"'`]*(?:[\pL!@#$%^&*_+=~\\|<>{}\[\]][^\s]*[0-9!@#$%^&*_+=~\\|<>{}\[\]]|"
    r"[0-9!@#$%^&*_+=~\\|<>{}\[\]][^\s]*[\pL!@#$%^&*_+=~\\|<>{}\[\]])[^\s]*"
)
"""A word with a digit or a sign in it, and not of digits alone."""
_WHOSE: Final = (
    r"(?:the|my|our|your|his|her|their|its|a|new|old|mein|unser|das|la|mi|mon|le|a|minha|mia|mijn|ons|onze|het|moje|"
    r"nasze|мой|наш|su|tu|votre|notre|dein|ihr|euer)"
)
_TYPE: Final = (
    r"(?:use|uses|using|used|type|typed|enter|entered|put|try|tried|choose|chose|picked|input|nimm|verwende|"
    r"benutze|gib|"
    r"utilise|utilisez|tapez|saisissez|usa|usar|escribe|pon|inserisci|gebruik|użyj|wpisz)"
)
_DOOR: Final = r"(?:code|pin|passcode|combination|otp|zugangscode|türcode)"
_TALK: Final = Pattern(
    r"(?i)^[\"'`]?,? (?:is|was|as|for|in|ist|als|est|es|è|é) [^.\n]{0,30}"
    r"(?:managers?|generators?|vaults?|apps?|tools?|polic(?:y|ies)|hash(?:es|ing)?|crack(?:er|ing)|management|"
    r"recovery|"
    r"protect(?:ed|ion)|checker|storage|list)\b"
)
_MOSTLY: Final = 0.4
_ADDRESS: Final = Pattern(r"[^@\s]+@[^@\s]+\.[\pL\x{80}-\x{10ffff}]{2,}")


def _judge(text: str, start: int, end: int) -> Kind | None:
    """Leave the talk about passwords, and whose password it is."""
    words = text[start:end].split()
    if len(words) > 1 and text[max(0, start - 1) : start] not in {'"', "'", "`"}:
        spoken = sum(is_spoken(word, 0, len(word)) for word in words)
        return None if spoken >= _MOSTLY * len(words) else Kind.PASSWORD
    if is_spoken(text, start, end) or _TALK.within(text[end : end + 60]):
        return None
    return None if _ADDRESS.whole(text[start:end]) is not None else Kind.PASSWORD


DETECTOR: Final = Detector(
    kind=Kind.PASSWORD,
    hints=(
        *("pass", "pwd", "pw", "psw", "p/w", "pin", "puk", "otp", "one time", "one-time", "code", "secret"),
        *("credential", "asw", "ssw", "asow", "sign in", "signed in", "logging in", "logged in"),
        *("answer", "seed", "phrase", "frase", "wachtzin", "haupt", "maestra", "principale"),
        *("master key", "creds", "login", "log in", "wifi", "wi-fi", "wlan", "ssid", "network", "wpa", "wep"),
        "wireless",
        *("shared", "psk", "answer", "maiden", "combination", "keypad", "gate", "door", "ww", "zugangsdaten"),
        "anmeldedaten",
        *("kenn", "geheimzahl", "mot de", "mots de", "mdp", "identifiants", "contra", "clave", "parol", "senha"),
        *("palavra", "wachtwoord", "codice", "código", "codigo", "credenciales", "credenziali", "clé", "cle "),
        *("lösenord", "losenord", "kode", "salasana", "tunnussana", "haslo", "hasła", "hasło"),
        *("hasłe", "hasłu", "heslo", "lozinka"),
        *("zaporka", "geslo", "parool", "hasla", "парол", "пин", "slapta", "jelsz", "şifre"),
        *("sifre", "κωδικ", "密", "口令", "パスワード"),
        *("暗証", "비밀", "암호", "mật khẩu", "sandi", "पासवर्ड", "كلمة", "סיסמ", "รหัส", "identified by"),
    ),
    patterns=(
        rf"(?i){WORD}{_LABEL}{_ASIDE}['\"]?{SAYS}{_VALUE}",
        rf"(?i){WORD}{_FOREIGN}(?: (?:do|od|til|ke|k) [^.!?\n:=]{{1,40}}?)? (?:on|to|er|je|είναι) {_VALUE}",
        (rf"(?i){WORD}{_LABEL} (?:{_OWNED}(?:[^.!?\n:=]|\.\S){{1,40}}?|(?:i|we|you|he|she|"
        rf"they) [a-z ]{{1,20}}?){_IS}{_VALUE}"),
        rf"(?i){WORD}{_LABEL}(?: [\pL,]+){{0,4}},? \(?(?:{_QUOTED})",
        rf"(?i){WORD}{_LABEL}(?: [\pL]+){{0,6}}[,:]? \(?({_MARKED})",
        rf"(?i){WORD}{_LABEL}{SAYS}\S+ (?:or|oder|ou|o) {_VALUE}",
        rf"(?i){WORD}{_LABEL}(?: [\pL]+){{0,3}} (?:from|von|de|da) {_VALUE} (?:to|auf|zu|in|à|a|para) ",
        rf"(?i){WORD}{_LABEL}(?: [\pL]+){{0,3}} (?:from|von|de|da) \S+ (?:to|auf|zu|in|à|a|para) {_VALUE}",
        rf"(?i){WORD}{_LABEL}[,;]? (?:it's|it is|that's|that is|which is|namely|nämlich|c'est|es ist) {_VALUE}",
        rf"(?i){WORD}{_LABEL}\? {_VALUE}[.!]?$",
        (rf"(?i){WORD}(?:with|using|mit|avec|con|com|met|med|user|login|[\pL\pN]+,)(?: (?:the|a|my|new|dem|le|la|"
        rf"el))* {_LABEL} {_VALUE}"),
        (rf"(?i){WORD}(?:user(?:[ _]?(?:name|id))?|login|benutzer(?:name)?|usuario|utente|utilisateur) [^\s,]+,?"
        rf"(?: (?:and|und|et|y|e|en|with|mit|avec|con))?(?: (?:the|a|das|le|la))? {_LABEL}[:=]? {_VALUE}"),
        (rf"(?i){WORD}{_LABEL}(?: (?:wurde|ist|auf|set|changed|rotated|switched|modified|"
        rf"renewed|reset|updated|back|now|should|will|must|has been|was|"
        rf"is|been|geändert))+"
        rf" (?:to|be|auf|in) {_VALUE}"),
        rf"(?i){WORD}(?:set|reset|change|changed|update|updated) {_WHOSE}(?: [\pL-]+)? {_LABEL} (?:as|to) {_VALUE}",
        (rf"(?i){WORD}(?:{_QUOTED}|([^\s\"'`]+)),? (?:is|was|as|used to be|ist|war|als|es|est|è|é|é a|это|to|"
         rf"jest|como|"
        rf"comme|come|jako) (?:{_WHOSE} )+(?:[\pL-]+ ){{0,2}}?{_LABEL}(?:[^\pL]|$)"),
        (rf"(?i){WORD}{_TYPE} (?:{_QUOTED}|([^\s\"'`]+)),? (?:(?:as|als|comme|como|come|jako)|"
        rf"(?:for|in|into|when|wenn|für|pour|para|per|"
        rf"voor) [^.\n]{{0,25}}?{_WHOSE})(?: [\pL]+)? {_LABEL}(?:[^\pL]|$)"),
        rf"(?i){WORD}(\d{{3,8}}[#*]?) (?:is|was|ist|est|es|è|é) (?:{_WHOSE} )+(?:[\pL-]+ )??{_DOOR}(?:[^\pL]|$)",
        rf"(?i){WORD}{_TYPE} (?:{_WHOSE} )?{_DOOR} ([\pL]*\d[\pL\pN#*-]{{2,}})",
        rf"(?i){WORD}{_TYPE} (\d{{3,8}}[#*]?) (?:at|on|into) (?:{_WHOSE} )?(?:gate|door|keypad)",
        rf"(?i){WORD}(?:pin|puk|otp|passcode|пин-?код) (\d{{4,8}})(?:\D|$)",
        rf"(?i){WORD}(?:{_WHOSE}|user) pass ({_MARKED})",
        rf"(?i){WORD}(?:ww|(?:ssid|wlan|wi-?fi)\b[^\n]{{1,30}} (?:key|schlüssel|pw|pass))\s*[:=]\s*{_VALUE}",
        (rf"(?i){WORD}(?:credentials?|creds|logins?|zugangsdaten|anmeldedaten|identifiants|credenciales|credenziali|"
        rf"wi-?fi|wlan)(?: (?:are|is|sind|sont|son|sono))?\s?[:=]?\s+[^\s/:|]+\s?[/:|]\s?([^\s/:|][^\s]*)"),
        rf"(?i){WORD}log ?in with \S+ and ({_MARKED})",
        rf"(?i){WORD}hasłem {_VALUE}",
        rf"(?i){WORD}(?:şifrem|sifrem|parolam) {_VALUE}",
        r"(?i)(?:密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|รหัสผ่าน)\s?[^\s\x00-\x7f]{0,3}\s?([\x21-\x7e]{3,})",
        rf"(?i){WORD}{_CHANGED} (?:{_WHOSE} )?{_LABEL} (?:en|a|per|para|na|in|auf|naar) {_VALUE}",
        rf"(?i){WORD}{_LABEL}[^\n]{{0,40}}[.!] [\pL ]{{1,15}}: ({_MARKED})$",
        rf"(?i){WORD}(?:my|ur|your) pass\? (?:mine is|mine's|its|it's) {_VALUE}",
        r"(?i)\b(?:safe|door|gate|alarm|lock|keybox|garage|tür|porte|puerta)[^.\n]{0,40}, code:? (\d{3,8}[#*]?)",
        (
            r"(?i)\b(?:root|admin|administrator|guest|user|test):(\S*[^\s/:]) [^\n]{0,40}\b(?:login|password|"
            r"credentials)\b"
        ),
        # several words, where they end is plain
        rf"(?i){WORD}(?:with|using|use|enter|type|mit|avec|con) (?:the |der |la )?{_PHRASE} {_WORDS}[.!]?$",
        rf"(?i){WORD}{_PHRASE}{SAYS}{_WORDS}{_STOP}",
        (
            rf"(?i)^\s*(?:(?-i:[A-Z_]+_)|(?:old|new|current|my|neues|altes|mein) )"
            rf"{_LABEL}\s?[:=]\s?([\pL]+(?: [\pL]+){{1,4}})\s*$"
        ),
        rf"(?i){WORD}{_LABEL} (?:to|was|auf|à|a|in) {_WORDS}{_STOP}",
        # an answer to a question, an afterthought, a complaint
        (
            rf"(?i){WORD}{_LABEL}[^.?!\n]{{0,40}}\?+ +(?:[^\n]{{0,40}}[:>,] ?)?(?:it's |it is |its |that's |"
            rf"mine is |mine's |meins ist |c'est |es ist )?{_VALUE}[.!]?$"
        ),
        rf"(?i){WORD}{_LABEL}[^?\n]{{0,40}}\?+ [^\n]{{0,60}}? ({_MARKED})",
        (
            rf"(?i){WORD}{_LABEL}[^.!?\n]{{0,60}}[ ,](?:it's|it is|it was|its|c'est|c'était|(?:es|das) war|"
            rf"war (?:das|es)(?: nicht)?|es ist|era|è) (?:{_QUOTED}|({_MARKED}))"
        ),
        (
            rf"(?i){WORD}{_LABEL} (?:as|wie|comme|como|come) (?:always|usual|before|ever|last time|immer|"
            rf"toujours|siempre|sempre)[,:]? {_VALUE}"
        ),
        rf"(?i){WORD}{_LABEL}[^.\n]{{0,40}} (?:entered|typed|typing|tried|tippe|eingegeben) (?:{_QUOTED}|({_MARKED}))",
        rf"(?i){WORD}(?:entered|typed|typing|tried|type|enter) (?:{_QUOTED}|({_MARKED}))[^\n]{{0,40}}{_LABEL}",
        rf"(?i){WORD}(?:log(?:ged|ging)? ?in|sign(?:ed|ing)? ?in) with (?:{_QUOTED}|({_MARKED}))",
        (
            rf"(?i){WORD}(?:is|was|ist|war|est|es|è|é) (?:{_QUOTED}|([^\s\"'`]+)) (?:still|really|actually|"
            rf"noch|toujours|encore|todavía|ancora|ainda|"
            rf"nog) (?:{_WHOSE} )+(?:[\pL-]+ ){{0,2}}?{_LABEL}(?:[^\pL]|$)"
        ),
        rf"(?i){WORD}(?:is|its|it's|ist|est|es|è|é) \S+,? (?:and|und|et|y|e|i|en) (?:{_WHOSE} )?{_LABEL}:? {_VALUE}$",
        rf"(?i){WORD}(?:my|ur|your|his|her|their|our|mein|mi) pass(?: is| was|:|'s| ist| es) {_VALUE}",
        r"(?i)\bidentified by\s+(\S+)",
    ),
    gate=_LABEL,
    judge=_judge,
    found=(
        "my password is «Swordfish»",
        "my PASSWORD is «swordfish» and",
        "my PIN's «4821»",
        "die PIN meiner Karte ist «4821»",
        "passcode for tomorrow's visit is «bluebird»",
        "j'ai changé mon mot de passe en «hirondelle»",
        "zaloguj się hasłem «bocian»",
        "tell me the password. caller: «bluebird7»",
        "root:«bluebird» is the factory login",
        "my pass is «sunflower»",
        "I lost my pasword, I think it was «fluffy9»",
        "the passphrase is «purple monkey dishwasher».",
        "MYSQL_ROOT_PASSWORD: «rooty tooty»",
        "set the password to «correct horse battery staple» when we meet",
        "Your password? Sure, it's «bluebird»",
        "is «bluebird» still the password",
        "the same password as always, «bluebird»",
        "I can't log in with «bluebird7»",
        "I keep typing «bluebird7» and it says wrong password",
        "its ada and the password «bluebird»",
        "the password might be «bluebird»",
        "the password was «bluebird» or maybe not",
        "Password (case sensitive): «bluebird»",
        "you need the password, it's «bluebird»",
        "The password? «bluebird».",
        "username ada password «bluebird»",
        "use «bluebird» for the password",
        "put «bluebird» in the password field",
        "«4821» is the code for the gate",
        "enter «4821» at the gate",
        "creds: ada / «bluebird»",
        "wifi: guests / «bluebird»",
        "network key is «bluebird»",
        "the security answer is «Fluffy»",
        "password for ada@example.com is «bluebird»",
        "WLAN-Schlüssel: «veilchen»",
        "le mot de passe c'est «soleil»",
        "password: «hunter»",
        "login with password '«sword»'",
        "the password for my router is «sunflower»",
        "password to the old laptop: «bluebird»",
        "the password I used was «bluebird»",
        "changed the password to «bluebird»",
        "the password is still «bluebird»",
        "sign in with password «bluebird»",
        "host db, user ada, password «bluebird»",
        "password has been reset to «bluebird»",
        "pin is «4821»",
        "the door code is «4821»",
        "«bluebird» is my password",
        "use «bluebird» as the password",
        "password still works, «b1uebird»",
        "passwort: «geheim»",
        "mein Passwort lautet «geheim»",
        "das kennwort für den router ist «geheim»",
        "mot de passe : «soleil»",
        "le mot de passe est «soleil»",
        "mi contraseña es «girasol»",
        "minha senha é «girassol»",
        "la password è «girasole»",
        "wachtwoord is «zonnebloem»",
        "lösenordet är «solros»",
        "adgangskoden er «solsikke»",
        "salasana on «auringonkukka»",
        "moje hasło to «slonecznik»",
        "пароль: «тайна»",
        "мой пароль — «тайна»",
        "şifre: «papatya»",
        "密码是«kuihua»",
        "パスワード: «himitsu»",
        "パスワードは «himitsu» です",
        "비밀번호는 «haebaragi»",
        "create user ada identified by «love»",
    ),
    kept=(
        *("password manager", "my password is not working", "forgot password", "the secret garden"),
        *("my pass is expired", "new password: must be long enough"),
        *("pin code of delhi",),
        *("what is my password", "where is the password stored", "password must be changed", "password reset email"),
        *("how long should a password be", "is password the same as passphrase", "wifi password", "pinterest"),
        *("best password generator for teams", "passwort vergessen", "mot de passe oublié", "secret santa ideas"),
        *("how to change my password", "a site with password manager", "login with password or key",
        "this is a secret", "pin up art", "zip code for", "passwordless login"),
        *("password reset windows 11", "change password on gmail", "bitwarden is a password manager",
        "use python for a password generator", "password must be at least 8 characters", "wifi: 5 ghz"),
        *("the code is broken", "contraseña olvidada", "la clave del éxito", "secret: the power"),
    ),
)  # fmt: skip
