"""The tamper-evident log: entries, tiles and checkpoints in the layout of C2SP tlog-tiles."""
