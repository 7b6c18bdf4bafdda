"""One file for each detector: what it finds, why, and the examples that prove it. A new file is found by itself."""
