"""The officer's wing: what can be checked without any key that opens content."""
