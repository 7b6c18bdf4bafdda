"""What is to be deleted from a data set, as people ask for it: signed lists, and requests as people write them."""

from collections.abc import Sequence
from pathlib import Path

from overt.cli.asking import read_document
from overt.consent.deletion import parse_request
from overt.consent.revocation_list import Recall, RevocationList, recall_of
from overt.dataset.recalling import controller_of
from overt.keys.revocations import open_revocations


def read_recall(dataset: Path, paths: Sequence[Path]) -> Recall:
    """Return what the documents at *paths* want deleted from *dataset*, whose controller has to have signed the lists.

    Raises:
        VerificationError: A list was changed, or is another controller's.
        ConsentError: It is neither a list nor a request.
    """
    lists: list[RevocationList] = []
    handles: list[str] = []
    controller = controller_of(dataset)
    for path in paths:
        text = read_document(path)
        if "\n\n" in text:  # a note; a request is one line
            lists.append(open_revocations(text, controller))
        else:
            handles += parse_request(text).handles
    return recall_of(lists, handles)
