"""Recovery phrases of wallets and keys (BIP 39, SLIP 39) after their label: the rest of the line."""

from typing import Final

from overt.redact.detector import SAYS, WORD, Detector
from overt.redact.kinds import Kind

DETECTOR: Final = Detector(
    kind=Kind.PASSWORD,
    hints=("phrase", "mnemonic", "seed words", "recovery words"),
    patterns=(
        (
            rf"(?i){WORD}(?:pass ?-?phrase|(?:seed|recovery|backup|secret|wiederherstellungs)[ -]?phrase|seed words|"
            rf"recovery words|"
            rf"mnemonic)(?: words| code)?(?: (?:for|of|to|on|für|zum|vom) [^\n:=.!?]{{1,40}}?)?{SAYS}([^\n]+)"
        ),
    ),
    found=(
        "seed phrase: «correct horse battery staple»",
        "my recovery phrase is «abandon ability able about»",
        "the passphrase for the vault is «four words here ok»",
        "mnemonic = «abandon ability able»",
    ),
    kept=("what a seed phrase does", "mnemonic devices for planets", "phrase: a group of words"),
)
