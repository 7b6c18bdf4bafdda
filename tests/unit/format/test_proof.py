"""The two proof files: what is written is read back, and everything malformed is refused before it is believed."""

import base64

import pytest

from overt.errors import FormatError
from overt.format.proof import GrowthFile, InclusionFile

CHECKPOINT = "log\n3\nAAAA\n\n— log AAAAAAAA\n"
HASHES = (bytes(32), bytes([1]) * 32)
LINE = base64.b64encode(bytes(32)).decode()


def test_a_receipt_is_read_as_it_was_written() -> None:
    file = InclusionFile(index=2, hashes=HASHES, checkpoint=CHECKPOINT, extra=b"{}")

    assert InclusionFile.parse(file.text()) == file
    assert file.text().startswith("c2sp.org/tlog-proof@v1\nextra e30=\nindex 2\nAAAA")


def test_an_offer_is_read_as_it_was_written() -> None:
    for hashes in ((), HASHES):
        file = GrowthFile(old=7, hashes=hashes, checkpoint=CHECKPOINT)
        assert GrowthFile.parse(file.text()) == file
    assert file.text().startswith("old 7\nAAAA")


@pytest.mark.parametrize(
    "head",
    [
        "",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v2\nextra e30=\nindex 2",
        "c2sp.org/tlog-proof@v1\nindex 2",
        "c2sp.org/tlog-proof@v1\nindex 2\nextra e30=",
        "c2sp.org/tlog-proof@v1\nextra e30\nindex 2",
        "c2sp.org/tlog-proof@v1\nextra e31=\nindex 2",
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex 02",
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex -2",
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex  2",
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex ٢",
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex 99999999999999999999",
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex 2\nAAAA",
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex 2\n" + LINE[:-1],
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex 2" + f"\n{LINE}" * 64,
        "c2sp.org/tlog-proof@v1\r\nextra e30=\r\nindex 2",
    ],
    ids=range(16),
)
def test_a_malformed_receipt_is_refused(head: str) -> None:
    with pytest.raises(FormatError):
        InclusionFile.parse(f"{head}\n\n{CHECKPOINT}")


@pytest.mark.parametrize("head", ["", "old", "old x", "old 01", "new 1", "old 1\nAAAA", "old 1" + f"\n{LINE}" * 64])
def test_a_malformed_offer_is_refused(head: str) -> None:
    with pytest.raises(FormatError):
        GrowthFile.parse(f"{head}\n\n{CHECKPOINT}")


def test_a_file_without_a_checkpoint_or_beyond_all_measure_is_refused() -> None:
    for text in ("old 1\n", "old 1\n\n" + "x" * (1 << 20)):
        with pytest.raises(FormatError):
            GrowthFile.parse(text)
