"""What can be wrong with an age file, in the classes that the age community's vectors tell apart."""

from overt.errors import FormatError, KeyAccessError


class AgeHeaderError(FormatError):
    """The header is malformed, over a limit, or names a key that nobody may use."""


class AgeMacError(FormatError):
    """The header was changed after it was written: its own file key does not vouch for it."""


class AgePayloadError(FormatError):
    """The payload was changed, cut or continued."""


class AgeArmorError(FormatError):
    """The ASCII armor is not the one spelling that its content has."""


class NoMatchError(KeyAccessError):
    """The file is in order and none of the keys at hand opens it."""
