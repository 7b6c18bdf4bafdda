"""The start-up test refuses a library that cannot do what an episode needs."""

import subprocess
import sys

import pytest
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem

from overt.errors import BackendUnavailableError
from overt.format import selftest, xwing
from overt.format.age_write import new_identity


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


@pytest.mark.parametrize("constant", ["_KNOWN_FILE_KEY", "_KNOWN_SEALED"])
def test_a_library_that_opens_other_files_than_the_rest_of_the_world_is_refused(
    monkeypatch: pytest.MonkeyPatch, constant: str
) -> None:
    known = getattr(selftest, constant)
    monkeypatch.setattr(selftest, constant, ("A" if known[0] != "A" else "B") + known[1:])

    with pytest.raises(BackendUnavailableError):
        selftest.check()


@pytest.mark.parametrize("fault", [InternalError("openssl", []), RuntimeError("broken"), ImportError("no such module")])
def test_a_library_that_breaks_in_any_way_is_refused(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def broken(_: bytes) -> bytes:
        raise fault

    monkeypatch.setattr(xwing, "public_bytes", broken)

    with pytest.raises(BackendUnavailableError):
        selftest.check()


ON_AN_OLD_OPENSSL = """
from cryptography.hazmat.bindings._rust import openssl

# What the library says of itself when it was built on an OpenSSL before 3.5.
del openssl.mlkem
openssl.CRYPTOGRAPHY_OPENSSL_350_OR_GREATER = False

from overt.errors import BackendUnavailableError
from overt.format import age_read, age_write, selftest

recipient, identity = open(0).read().split()
attempts = (
    selftest.check,
    age_write.new_identity,
    lambda: age_write.recipient_of(identity),
    lambda: age_write.encrypt(b"text", [recipient]),
    lambda: age_read.decrypt(b"age-encryption.org/v1\\n-> x\\n\\n--- " + b"A" * 43 + b"\\n", [identity]),
)
for attempt in attempts:
    try:
        attempt()
    except BackendUnavailableError as problem:
        print(problem.exit_code, problem.hint)
"""


def test_on_an_openssl_without_ml_kem_nothing_is_sealed_or_opened() -> None:
    """The library then still loads, and each of its calls says that it is unsupported."""
    identity = new_identity()

    run = subprocess.run(
        [sys.executable, "-c", ON_AN_OLD_OPENSSL],
        input=f"{identity.recipient} {identity.text}",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [f"10 {xwing.unavailable().hint}"] * 5
