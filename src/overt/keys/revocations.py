"""The controller signs revocation lists; whoever holds a data set checks them with the key that it names."""

from datetime import datetime

from overt.consent.instants import whole_seconds
from overt.consent.revocation_list import MOST, RevocationList, parse_revocations, revocations_text
from overt.errors import ConsentError, FormatError, UsageError, VerificationError
from overt.format.note import NoteSigner, verify_note
from overt.keys.deletions import Asked


def write_revocations(asked: Asked, controller: NoteSigner, at: datetime) -> str:
    """Return what was *asked* for as a list signed by *controller* as of *at* (aware); raises ``UsageError``."""
    if max(len(asked.handles), len(asked.episodes)) > MOST:
        raise UsageError(f"one list holds {MOST} handles and as many episodes at most", hint="make one for each store")
    listed = RevocationList(at=whole_seconds(at), handles=asked.handles, episodes=asked.episodes)
    return controller.sign(revocations_text(listed))


def open_revocations(note: str, controller: str) -> RevocationList:
    """Return the list in *note*, signed by the key *controller*.

    Raises:
        VerificationError: It was changed, or is another controller's.
        ConsentError: It is no such list.
    """
    try:
        text = verify_note(note, controller)
    except FormatError:
        raise ConsentError("this is no revocation list") from None
    except VerificationError:
        raise VerificationError(
            "the revocation list was changed, or is by another key than the data set names"
        ) from None
    return parse_revocations(text)
