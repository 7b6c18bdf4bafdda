"""Tokens too random to be words, whoever issued them: what no other detector knows by its form."""

from typing import Final

from overt.redact.detector import Detector
from overt.redact.kinds import Kind
from overt.redact.tokens import random_tokens

DETECTOR: Final = Detector(
    kind=Kind.SECRET,
    hints=(),
    search=random_tokens,
    found=(
        "«swordf1sh!»",
        "«a1b2c3d4e5»",
        "«P@ssw0rd»",
        "«Tr0ub4dor&3»",
        "commit «f7c3bc1d808e04732adf679965ccc34ca7ae3441»",
        "«123e4567-e89b-12d3-a456-426614174000»",
        "«wJalrXUtnFEMIbKlMDENGbPxRfiCYEXAMPLEKEY»",
        "«AbCdEfGhIjKlMnOpQr»",
    ),
    kept=(
        *("iphone15pro", "rtx4090ti", "x86_64", "utf8mb4", "machine-learning-engineer", "internationalization"),
        *("C12H22O11", "c6h12o6 molar mass", "x^2+y^2=z^2", "e^(i*pi)+1=0", "sin(x)^2+cos(x)^2=1"),
        *("(a+b)^2=a^2+2ab+b^2",),
        *("JavaScript", "MacBookPro", "2x4x8", "1920x1080p60", "0x80070057", "rock'n'roll!", "sha256sum"),
        *("Llanfairpwll",),
        *("0xc000021a", "k8s", "wpa2-psk", "covid-19-vaccine", "f-16 top speed", "ps5 vs xbox-series-x"),
    ),
)  # fmt: skip
