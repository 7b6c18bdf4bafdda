"""The vocabulary: every stage type lives here; importing it does nothing."""
