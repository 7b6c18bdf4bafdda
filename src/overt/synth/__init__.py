"""Synthetic episodes: sessions that nobody had, from a seed, through the same seal and store as recorded ones."""
