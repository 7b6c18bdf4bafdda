"""The device key: it signs grants and certifies each episode's key."""

from enum import StrEnum
from typing import Final

from overt.errors import BackendUnavailableError, KeyAccessError
from overt.format.note import NoteSigner
from overt.keys.at_rest import keep_public, keep_secret, load_public, load_secret, signer_of
from overt.keys.keychain import Keychain, system_keychain
from overt.keys.passphrase import PassphraseSource
from overt.store.home import Home

_NAME: Final = "device"


class DeviceStorage(StrEnum):
    """Where the secret half of the device key is."""

    KEYCHAIN = "keychain"
    PASSPHRASE = "passphrase"  # noqa: S105 - a place, not a passphrase
    TRIAL = "trial"
    """A plain 0600 file, in a trial home only."""


def storage_for(home: Home, wanted: DeviceStorage | None) -> DeviceStorage:
    """Return where *home* would keep a device key: as *wanted*, else the keychain if there is one, else a passphrase.

    Raises:
        KeyAccessError: A plain file was wanted outside a trial, or the keychain where there is none.
        BackendUnavailableError: The keychain was wanted and ``keyring`` is not installed.
    """
    if home.trial:
        return DeviceStorage.TRIAL
    if wanted is DeviceStorage.TRIAL:
        raise KeyAccessError("only a trial home may keep the device key in a plain file")
    if wanted is DeviceStorage.PASSPHRASE:
        return DeviceStorage.PASSPHRASE
    try:
        system_keychain()
    except (KeyAccessError, BackendUnavailableError):
        if wanted is DeviceStorage.KEYCHAIN:
            raise
        return DeviceStorage.PASSPHRASE
    return DeviceStorage.KEYCHAIN


def create_device(
    home: Home,
    device: NoteSigner,
    storage: DeviceStorage,
    passphrases: PassphraseSource,
    keychain: Keychain | None = None,
) -> None:
    """Keep the key *device* for *home* in *storage*; *keychain* stands in for the system's.

    Raises:
        KeyAccessError: No passphrase could be had, or the keychain refused.
        StorageError: There is a device key already, or the disk refused.
    """
    if storage is DeviceStorage.KEYCHAIN:
        (keychain or system_keychain()).put(device.name, device.seed().hex())
    else:
        keep_secret(home, _NAME, device.seed().hex(), passphrases)
    keep_public(home, _NAME, device.vkey)


def device_storage(home: Home) -> DeviceStorage:
    """Return where the secret half of *home*'s device key is."""
    if home.trial:
        return DeviceStorage.TRIAL
    wrapped = home.keys_directory / f"{_NAME}.age"
    return DeviceStorage.PASSPHRASE if wrapped.exists() else DeviceStorage.KEYCHAIN


def device_vkey(home: Home) -> str:
    """Return the verifier key of *home*'s device; raises ``KeyAccessError``."""
    return load_public(home, _NAME)


def load_device(home: Home, passphrases: PassphraseSource, keychain: Keychain | None = None) -> NoteSigner:
    """Return *home*'s device key; raises ``KeyAccessError`` when it is missing, locked or damaged."""
    vkey = device_vkey(home)
    if device_storage(home) is DeviceStorage.KEYCHAIN:
        seed = (keychain or system_keychain()).get(vkey.partition("+")[0])
    else:
        seed = load_secret(home, _NAME, passphrases)
    return signer_of(vkey, seed)
