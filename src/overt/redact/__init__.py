"""Admitted to RedactedEvent: fields are held until they settle, then detectors run; pixels are masked at once."""
