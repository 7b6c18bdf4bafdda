"""The start-up test: refuse to work with a ``cryptography`` that cannot do what an episode needs."""

import hashlib
import secrets
from typing import Final

from cryptography.exceptions import InternalError, InvalidTag, UnsupportedAlgorithm

from overt.errors import BackendUnavailableError, OvertError
from overt.format import note, text64, xwing

_KNOWN_SEED: Final = bytes(range(32))
_KNOWN_KEY: Final = "c9a3565ffde4f72b51661be391ee13e46378d7f06dd5c8bf5af9d2cfb5b8336b"
_KNOWN_FILE_KEY: Final = "fbe48e3acc5dbe7278d3e749d6d1ce07"
_KNOWN_SEALED: Final = (
    "Nbef1N02sKO1ZUbhYGEFR0iwtl8Ef8u7iM0YInwc5Rcex6oCfIZzdC31b6hHTDOJkHflziQXVN0nCWjnA0HhbZKBckFnGvgmHNhWBG6GcD0IA+sC"
    "Wf0bIYGmQW3IYKRoSJDKA9liS6TrB8R8XU9mAsuSSBdI/QiDmdiaSujFJ1DbTP4BB//q9djB4sczH9VZKEV+rPx4xf19GfGHkMtQn6tMgm75Nhvv"
    "PzA31RpsVUcPqjGuO71KidNlOElj68t+E1c4dsMeJo55nUupClGh7z+EVtkiCB8UZoMJHMV57k/HWTHXxLHyBqgyHlRFCp47jxJnp2V3Eyt9AC8c"
    "pOx127HWc4285UpyJJwA97z8CRaw63YN7H2gmjkhiYqQpa5Z25rtzNjConiQQZcDF4WNjqYRWXG5Zp2ZW3HTWMJp4m3sLKj68ury7wLBWi6LxSKq"
    "OvX32E57jlkB6fZVokdv5uN0p8WwkPGHeeEaMfknsbfbx5cB6UDdnuKEXP8gquANE04vhNS9d4dPI9DCkUzy4A2MzTu7fFYVB4ZRtWqO/WY4k20I"
    "0usLn5TeltQs7K3TdKlXbK6GLbQCs/JCUev83alrvO+Allci13h00wjPDjUTEVQfLEt//puaIXWWpShEt2cT/MhqLI0aBV4hEJZ5ZyRwh/+moOZ6"
    "lYQ29u89BYOWz7ZpH6hFuq32j0clAamlknlRTjaOu5UfNTLV/8fGAcO4VsV+g6SvOjSn26LQ9pO233W0Au4gsHtWlBbhXEhCBCIKZL7LjdSSRd30"
    "1ug2HhvTGBI7r/TjvzYomOU9TXopYgK9iEl7p/to3li5zC17rm+CZvPCLM5GHER67TloWWTnhJmv1qG0HdvGa45py1vdh6dyUszDLO5UWJ68xLym"
    "Ihf7UCDGzFJKFhXJ0mGiwi+E574VIR8BNgUU/EOUhXa89huET4Q3Iy5H7nCbnGseG45TXtBfWBtlRgAX3cVFBSUD1w5seeOUk97K+zyYkjCXwHBl"
    "SmutR+i61kHLi4aJOqr1TI3gYxT1HnFnXtl7fvDFBGAwRIDjuc1UcujvMl+usJj4TWqKNSfwGbQvhvuwI+TK4TRTbOM2xvemBew5pzkVb+b6R/hS"
    "4bsCxJ1BpLyLA9OR+DugMD5DIz2MNvd2/yhSTwitq35i9qV5r++r1jEwpXNht5zK/wZ550C6ql97A03BpiEX/pkWuqGm1qS2f4VV4C6rNoKyNlZY"
    "+CFXVI2jUXbyA/NatASphFY+69LyCSTuVszEm0T1AS7V5yMqcX8oPHmHxom3nebK3uDCz17kf5d24UTzcRXsYxXD6LavZMK16Ztd6RJRje3Uuy7y"
    "TVDKlXKUvmafpp2mxAt38fwbrRG6PPmnGN7nNee7bkUMhbL9HGjDB1o79CkOKrINpIg6X4FzIWhrUoBw9K4wkKIB+OzET83Jv/Jn9/0CWTR/8U1l"
    "jclj2adTMjqq2bN9Nvt3lq1Rs69EKLV2J8ufALMTKq/GG/d62TUn+C+czp41VrM146YBTFNiyAJ4PyjA"
)
"""The known file key, sealed for the known seed by another implementation: what must open for ever."""
_FAILURES: Final = (
    *(OvertError, InvalidTag, UnsupportedAlgorithm, InternalError),
    *(ValueError, TypeError, AttributeError, RuntimeError, ImportError),
)


def check() -> None:
    """Open a known file key, seal another to a fresh post-quantum recipient and get it back; sign and verify a note.

    It fails closed: whatever goes wrong means that nothing may be recorded.

    Raises:
        BackendUnavailableError: the installed ``cryptography`` lacks a primitive, or computes it wrongly.
    """
    try:
        _check_known_key()
        _check_known_answer()
        _check_round_trip()
        _check_note()
    except BackendUnavailableError:
        raise
    except _FAILURES:
        raise xwing.unavailable() from None


def _check_known_key() -> None:
    if hashlib.sha256(xwing.public_bytes(_KNOWN_SEED)).hexdigest() != _KNOWN_KEY:
        raise xwing.unavailable()


def _check_known_answer() -> None:
    key, sealed = xwing.private_key(_KNOWN_SEED), text64.decode(_KNOWN_SEALED)
    if xwing.suite().decrypt(sealed, key, info=xwing.INFO).hex() != _KNOWN_FILE_KEY:
        raise xwing.unavailable()


def _check_round_trip() -> None:
    seed, secret = secrets.token_bytes(xwing.SEED_BYTES), secrets.token_bytes(16)
    public = xwing.private_key(seed).public_key()
    sealed = xwing.suite().encrypt(secret, public, info=xwing.INFO)
    if xwing.suite().decrypt(sealed, xwing.private_key(seed), info=xwing.INFO) != secret:
        raise xwing.unavailable()


def _check_note() -> None:
    signer = note.NoteSigner.generate("selftest")
    note.verify_note(signer.sign("selftest\n"), signer.vkey)
