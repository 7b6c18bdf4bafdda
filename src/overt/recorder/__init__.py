"""Wires focus and capture to gate, redact, seal and store; owns the session and the indicator."""
