"""Passwords as people write of them: a label, what leads to the value, the value; in many languages."""

from typing import Final

from overt.redact.detector import SAYS, WORD, Detector
from overt.redact.kinds import Kind
from overt.redact.spoken import is_spoken

_LABEL: Final = (
    # English
    r"(?:pass ?-?words?|passw(?:or)?d|pass ?-?codes?|pass ?keys?|pass ?-?phrases?|passwor[td]|pwd|pw|"
    r"pin|pin ?-?(?:code|number)|otp|one[- ]time (?:code|password)|"
    r"(?:security|verification|auth(?:entication)?|access|login|door|gate|alarm|unlock|sms|2fa|backup|"
    r"confirmation) code|"
    r"secret|secret (?:word|phrase|answer)|credentials?|master key|"
    # German, French, Spanish, Italian, Portuguese, Dutch
    r"passw[oö]rt(?:es|s|er)?|kennwort(?:es|s)?|kennw[öo]rter|zugangscode|geheimzahl|mots? de passe|mdp|code secret|"
    r"contraseñas?|contrasenas?|clave|parola d'ordine|senhas?|palavra-passe|wachtwoord(?:en)?|toegangscode|"
    # Scandinavian, Finnish, Slavic, Baltic, Romanian, Hungarian, Turkish, Greek
    r"lösenord(?:et)?|losenord(?:et)?|passord(?:et)?|adgangskode[nr]?|kodeord(?:et)?|salasana(?:ni)?|tunnussana|"
    r"has[lł][oa]|heslo|lozinka|zaporka|geslo|парол[ьяюи]|slaptažodis|parole|parool|parol[aă]|jelsz[óo]|jelszava?m|"
    r"şifre(?:m|niz|si)?|sifrem?|parolam?|κωδικ[όο]ς|"
    # East and South Asian, Semitic
    r"密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|mật khẩu|kata sandi|sandi|"
    r"पासवर्ड|كلمة (?:المرور|السر)|סיסמ[הא]|รหัสผ่าน)"
)
_QUOTED: Final = r"\"([^\"\n]+)\"?|'([^'\n]+)'?|`([^`\n]+)`?"
_VALUE: Final = rf"(?:{_QUOTED}|(\S*[^\s.,;:]))"
_OWNED: Final = (
    r"(?:for|of|to|on|at|in|from|für|von|zu|zum|vom|de|du|des|del|della|dello|pour|per|para|do|da|di|van|voor|till|til|"
    r"od|от|для) "
)
_MARKED: Final = r"[^\s]*[0-9!@#$%^&*_+=~\\|<>{}\[\]][^\s]*"

DETECTOR: Final = Detector(
    kind=Kind.PASSWORD,
    hints=(
        *("pass", "pwd", "pw", "pin", "otp", "one time", "one-time", "code", "secret", "credential", "master key"),
        "kenn",
        *("geheimzahl", "mot de", "mots de", "mdp", "contrase", "clave", "parol", "senha", "palavra", "wachtwoord"),
        *("lösenord", "losenord", "kode", "salasana", "tunnussana", "haslo", "hasła", "hasło", "heslo", "lozinka"),
        "zaporka",
        *("geslo", "парол", "slapta", "jelsz", "şifre", "sifre", "κωδικ", "密", "口令", "パスワード"),
        *("暗証", "비밀", "암호"),
        *("mật khẩu", "sandi", "पासवर्ड", "كلمة", "סיסמ", "รหัส", "identified by"),
    ),
    patterns=(
        rf"(?i){WORD}{_LABEL}['\"]?{SAYS}{_VALUE}",
        rf"(?i){WORD}{_LABEL} (?:{_OWNED}[^.!?\n:=]{{1,40}}?|(?:i|we|you|he|she|they) [a-z ]{{1,20}}?){SAYS}{_VALUE}",
        rf"(?i){WORD}{_LABEL}(?: [\pL,]+){{0,4}},? (?:{_QUOTED})",
        rf"(?i){WORD}{_LABEL}(?: [\pL]+){{0,6}}[,:]? ({_MARKED})",
        (rf"(?i){WORD}(?:with|using|mit|avec|con|com|met|med|user|login|[\pL\pN]+,)(?: (?:the|a|my|dem|le|la|"
        rf"el))? {_LABEL} {_VALUE}"),
        (rf"(?i){WORD}{_LABEL}(?: (?:wurde|ist|auf|set|changed|reset|updated|back|now|should|will|must|has been|was|"
        rf"is|been|geändert))+"
        rf" (?:to|be|auf|in) {_VALUE}"),
        (rf"(?i){WORD}(?:{_QUOTED}|([^\s\"'`]+)),? (?:is|was|as|ist|als|es|est|è|é|é a|como|comme|come)"
        rf" (?:(?:the|my|our|your|his|her|their|its|a|new|old|mein|unser|das|la|mi|mon|le|a|minha|mia)"
        rf" )+(?:[\pL-]+ ){{0,2}}?{_LABEL}(?:[^\pL]|$)"),
        r"(?i)(?:密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|รหัสผ่าน)\s?[^\s\x00-\x7f]{0,3}\s?([\x21-\x7e]{3,})",
        r"(?i)\bidentified by\s+(\S+)",
    ),
    judge=lambda text, start, end: None if is_spoken(text, start, end) else Kind.PASSWORD,
    found=(
        "my password is «Swordfish»",
        "my PASSWORD is «swordfish» and",
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
        *("pin code of delhi",),
        *("what is my password", "where is the password stored", "password must be changed", "password reset email"),
        *("how long should a password be", "is password the same as passphrase", "wifi password", "pinterest"),
        *("best password generator for teams", "passwort vergessen", "mot de passe oublié", "secret santa ideas"),
        *("how to change my password", "a site with password manager", "login with password or key",
        "this is a secret", "pin up art", "zip code for", "passwordless login"),
        *("the code is broken", "contraseña olvidada", "la clave del éxito", "secret: the power"),
    ),
)  # fmt: skip
