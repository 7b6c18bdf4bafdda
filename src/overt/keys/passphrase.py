"""Where passphrases come from: a file, a prompt, a test; never a command line."""

from typing import Protocol

from overt.errors import KeyAccessError


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


def asked_once(passphrases: PassphraseSource, called: str) -> PassphraseSource:
    """Return a source that asks *passphrases* once, for what is *called* so, and gives that answer ever after."""
    answers: list[str] = []

    def ask(what: str, *, new: bool = False) -> str:
        del what
        if not answers:
            answers.append(passphrases(called, new=new))
        return answers[0]

    return ask
