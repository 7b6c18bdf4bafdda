"""The operating system's keychain, when there is a real one."""

from typing import Final, Protocol

from overt.errors import BackendUnavailableError, KeyAccessError

SERVICE: Final = "overt"
_PLAINTEXT: Final = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
"""Backends that keep nothing, or keep it in a file that anybody can read."""


class Keychain(Protocol):
    """Keeps small secrets by name."""

    def put(self, name: str, secret: str) -> None:
        """Keep *secret*; raises ``KeyAccessError``."""
        ...

    def get(self, name: str) -> str:
        """Return the secret kept as *name*; raises ``KeyAccessError``."""
        ...


class SystemKeychain:
    """The keychain that the ``keyring`` package finds on this machine."""

    def put(self, name: str, secret: str) -> None:
        """Keep *secret*; raises ``KeyAccessError`` when the keychain is locked or refuses."""
        import keyring  # noqa: PLC0415 - optional, and slow to import
        import keyring.errors  # noqa: PLC0415

        try:
            keyring.set_password(SERVICE, name, secret)
        except (keyring.errors.KeyringError, OSError, RuntimeError) as problem:
            raise _locked() from problem

    def get(self, name: str) -> str:
        """Return the secret kept as *name*; raises ``KeyAccessError`` when it is missing or the keychain locked."""
        import keyring  # noqa: PLC0415
        import keyring.errors  # noqa: PLC0415

        try:
            secret = keyring.get_password(SERVICE, name)
        except (keyring.errors.KeyringError, OSError, RuntimeError) as problem:
            raise _locked() from problem
        if secret is None:
            raise KeyAccessError("the device key is not in this user's keychain", hint="was the home copied?")
        return secret


def system_keychain() -> Keychain:
    """Return the keychain of this machine.

    Raises:
        BackendUnavailableError: the ``keyring`` package is not installed.
        KeyAccessError: There is no keychain, or only one that keeps plain text.
    """
    try:
        import keyring  # noqa: PLC0415
    except ImportError:
        raise BackendUnavailableError(
            "the keychain needs the package keyring", hint="install overt[keychain], or use --device-key passphrase"
        ) from None
    if _keeps_plain_text(keyring.get_keyring()):
        raise KeyAccessError(
            "there is no OS keychain on this desktop", hint="use --device-key passphrase, or start a keychain first"
        )
    return SystemKeychain()


def forget(name: str) -> None:
    """Remove the secret kept as *name* from the keychain of this machine; one that is not there is no problem.

    Raises:
        BackendUnavailableError: the ``keyring`` package is not installed.
        KeyAccessError: There is no keychain, or it is locked.
    """
    system_keychain()
    import keyring  # noqa: PLC0415
    import keyring.errors  # noqa: PLC0415

    try:
        keyring.delete_password(SERVICE, name)
    except keyring.errors.PasswordDeleteError:
        return
    except (keyring.errors.KeyringError, OSError, RuntimeError) as problem:
        raise _locked() from problem


def _keeps_plain_text(backend: object) -> bool:
    """Say whether *backend*, or the first of those that it chains, is no keychain."""
    chained: list[object] = list(getattr(backend, "backends", ()))
    chosen = chained[0] if chained else backend
    return type(chosen).__module__.startswith(_PLAINTEXT)


def _locked() -> KeyAccessError:
    return KeyAccessError("the OS keychain is locked or refused", hint="unlock it and try again")
