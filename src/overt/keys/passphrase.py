"""Where passphrases come from: a file, a prompt, a test; never a command line."""

from typing import Final, Protocol

from overt.errors import KeyAccessError

LEAST_CHARACTERS: Final = 8
_LEAST_DIFFERENT: Final = 4
_WORST: Final = frozenset(
    {"12345678", "123456789", "password", "passwort", "passphrase", "qwertyuiop", "overt", "letmein"}
)
"""What is tried first, once the digits and marks at its end are taken off."""


class PassphraseSource(Protocol):
    """Asks for one passphrase."""

    def __call__(self, what: str, *, new: bool = False) -> str:
        """Return the passphrase of *what*, or a *new* one for it; raises ``KeyAccessError`` if there is none."""
        ...


def no_passphrase(what: str, *, new: bool = False) -> str:
    """Refuse: nobody is there to be asked."""
    del new
    raise KeyAccessError(
        f"a passphrase is needed for {what}", hint="name a file with --passphrase-file or OVERT_PASSPHRASE_FILE"
    )


def check_new(passphrase: str) -> str:
    """Return *passphrase* if a new key may be under it: whoever copies a key file can try a guess each second.

    Raises:
        KeyAccessError: It is too short, or among what is tried first.
    """
    hint = "take a few words that nobody would guess"
    if len(passphrase) < LEAST_CHARACTERS:
        raise KeyAccessError(f"a passphrase has at least {LEAST_CHARACTERS} characters: this is too short", hint=hint)
    plain = passphrase.casefold()
    if len(set(plain)) < _LEAST_DIFFERENT or not {plain, plain.rstrip("0123456789!.-_ ")}.isdisjoint(_WORST):
        raise KeyAccessError("this passphrase is among the first that are tried", hint=hint)
    return passphrase


def asked_once(passphrases: PassphraseSource, called: str) -> PassphraseSource:
    """Return a source that asks *passphrases* once, for what is *called* so, and gives that answer ever after."""
    answers: list[str] = []

    def ask(what: str, *, new: bool = False) -> str:
        del what
        if not answers:
            answers.append(passphrases(called, new=new))
        return answers[0]

    return ask
