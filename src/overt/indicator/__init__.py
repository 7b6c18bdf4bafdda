"""The visible sign that capture is armed. One backend file per platform."""
