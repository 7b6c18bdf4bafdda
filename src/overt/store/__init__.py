"""Episode files and directories: write once, fsync, list, unlink; it never parses what it keeps."""
