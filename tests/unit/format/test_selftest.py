"""The start-up test refuses a library that cannot do what an episode needs."""

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem

from overt.errors import BackendUnavailableError
from overt.format import selftest


def test_this_machine_passes() -> None:
    selftest.check()


def test_a_library_without_the_hybrid_suite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old:
        X25519 = hpke.KEM.X25519

    monkeypatch.setattr(hpke, "KEM", Old)

    with pytest.raises(BackendUnavailableError) as caught:
        selftest.check()

    assert "cryptography 50" in caught.value.hint


def test_a_library_on_an_old_openssl_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        @staticmethod
        def from_seed_bytes(_: bytes) -> None:
            raise UnsupportedAlgorithm("ML-KEM is not supported")

    monkeypatch.setattr(mlkem, "MLKEM768PrivateKey", Refusing)

    with pytest.raises(BackendUnavailableError):
        selftest.check()


def test_a_library_that_computes_another_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "_KNOWN_SEED", bytes(32))

    with pytest.raises(BackendUnavailableError):
        selftest.check()
