"""Signing keys, role identities and the share vault; what can read (``release``) stays apart from what records."""
