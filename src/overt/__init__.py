"""The map of the house.

Data flows one natural way: *hook, gate, redact, seal, store*, and then *store, verify*, from where it forks to
*unseal, trajectory, dataset* or to *audit*. Imports run only downward, and siblings on one floor never import each
other (``pyproject.toml`` holds the contracts, ``tests/arch`` breaks each once on purpose)::

    cli  >  demo | tray                                        doors
    recorder | subject | audit | dataset | synth               wings
    focus | capture | indicator | gate | redact |
      seal | verify | unseal | trajectory                      stages
    keys > ledger > store > format > events                    vault floor
    consent > policy > errors                                  ground floor, pure

This module re-exports nothing: name the room that you mean.
"""

__version__ = "0.1.0"
