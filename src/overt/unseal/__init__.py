"""Sealed bytes and identities in, records out; the privacy officer's wing reaches ``metadata`` only."""
