"""One root exception; every subclass carries the exit code of its family (``docs/exit-codes.md``)."""

from typing import ClassVar


class OvertError(Exception):
    """Superclass of everything that a public function of Overt raises.

    Never raised directly. The message says what is wrong and where, in lower case and without a final period; *hint*
    says what to do about it. Neither ever holds recorded content.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Hold *message*, which says what is wrong, and *hint*, which says what to do."""
        super().__init__(message)
        self.hint = hint


class VerificationError(OvertError):
    """A proof failed: the bytes are not what their signatures say."""

    exit_code = 1


class UsageError(OvertError):
    """The command was called in a way that it cannot serve."""

    exit_code = 2


class DesktopError(OvertError):
    """This desktop cannot be recorded safely: no display, Wayland, no accessibility bus, an unknown browser."""

    exit_code = 3


class ConsentError(OvertError):
    """No consent is in force for what was asked."""

    exit_code = 4


class PolicyError(OvertError):
    """The organisation's policy or bundle is missing, malformed or does not permit what was asked."""

    exit_code = 5


class KeyAccessError(OvertError):
    """A key is missing, wrong, locked or may not be used for this."""

    exit_code = 6


class StorageError(OvertError):
    """The disk refused: full, unwritable, or not a safe place for an episode."""

    exit_code = 7


class FormatError(OvertError):
    """Bytes that claim to be one of our formats are malformed."""

    exit_code = 8


class HomeError(OvertError):
    """The home directory is missing, belongs to another role, or is already set up."""

    exit_code = 9


class BackendUnavailableError(OvertError):
    """An optional part is not installed on this machine; the hint names the extra."""

    exit_code = 10
