"""One file per platform behind the contract next door; chosen in a function, never at import."""
