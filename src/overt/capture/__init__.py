"""Hooks and frames in, raw events out; armed only while the recorder says so. One backend file per platform."""
