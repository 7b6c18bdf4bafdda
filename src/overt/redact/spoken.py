"""Words that follow a secret's label when someone only speaks of secrets: never a value themselves."""

# ruff: noqa: RUF001 - Turkish letters are meant

from typing import Final

from overt.redact.engine import Pattern

_WORDS: Final = """
a about active added again against all allowed also always an and any are as asked at attempt bad based be because
been being best better blank both breach broken but by can cannot case changed check checker cleared common complete
complex longer shorter stronger weaker compromised confirmed correct cracked cracker created deleted denied different
disabled easy empty enabled encrypted encoded enough entered error even ever every exactly expired extremely failed
for forgotten found from generated generator good great had hack hacked hard has hash hashed have he hello help her
here hidden his hint how i if important in incorrect incorrectly input inside into invalid is issue it its just kept
known leaked less let like locked long lost made manager masked may maybe me meaning missing more most must my
mismatch necessary needed neither never new no none nor not now null of off ok okay old on once one only optional or
our out page policy possible power probably problem protected protection question random rejected rotated renewed
required reset safe same saved secure security read sent before after during sensitive set she short should shown
simple so something sometimes stolen stored strength strong such that the their them then there these they this those
to too true false try two unable undefined unique unknown updated us used user using usually valid validation very
visible was way we weak what when where whether which while who why will with without wrong you your yours yes please
list field form example examples click tool tools file files text page template managers generators management checker
hint vault app apps service support change changing forget entropy length storage sharing online free download unuttum
çalındı ne nedir yanlış nasıl password passwords username email login account abgelaufen das dem den der die ein eine
falsch für gesperrt geändert ich im ist leer mit nicht oder richtig sicher und ungültig unsicher vergessen verloren
wie wird zu zurücksetzen au aux ce ces dans de des du elle en est et il la le les mon ne obligatoire oublié oubliée ou
par pas perdu pour que requis sur trop très un une al aquí con correcta del el errónea es está incorrecta las lo los
mi obligatoria olvidada olvidado para perdida por qué segura su una válida che di errata mia nel non obbligatoria per
persa scaduta sbagliata sono da do e em errada esquecida incorreta minha na não o obrigatória um uma aan een het mijn
naar niet onjuist op van vereist vergeten voor att det er fel feil glemt ikke inte och og på til jest nie
nieprawidłowe nieprawidłowy błędne wygasło w z za в и не на неверный забыл забыли истек он это
"""
_SPOKEN: Final = frozenset(_WORDS.split())
_EXPRESSION: Final = Pattern(
    r"\$\{\{.*|\$\d|(?:[Ss]tring|str|bool|(?:var)?char\(\d+|VARCHAR\(\d+)[;,)\]} ]*|"
    r"\$\{?[A-Za-z_][A-Za-z0-9_.]*\}?\)?;?|\$\([^)]*\)?|\{\{.*|%\([a-z_]+\)s|%[A-Z_]+%|"
    r"(?:await|new|return|input|getpass|str|len|lambda|function|undefined|None)\b.{0,40}|"
    r"(?:os|process|request|req|config|settings|self|this|var|local|secrets|env|data|user|args|params|props|form)"
    r"(?:\.[A-Za-z_]+)+[^A-Za-z0-9]?.{0,40}|"
    r"[A-Za-z_]+(?:\.[A-Za-z_]+)+\(.*|[a-z]+(?:[A-Z_][a-z]+)+\(.*"
)
"""What stands where a program's text has a value and names one that is elsewhere."""
_QUOTES: Final = frozenset("\"'`")
_SIGNS: Final = "\"'`.,;:!?()[]{}<>*_-="


def is_spoken(text: str, start: int, end: int) -> bool:
    """Say whether what was taken for a value because of what stands before it is only the talk going on.

    A word in quotes, just before *start* or at it, is always a value.
    """
    plain = text[start:end].strip(_SIGNS)
    quoted = any(sign in _QUOTES for sign in text[max(0, start - 1) : start + 1])
    if not plain or text.startswith(("{{", "${"), start):
        return True
    if quoted:
        return False
    return plain.casefold() in _SPOKEN or _EXPRESSION.whole(text[start:end]) is not None
