"""Bytes only: age files, signed notes, Merkle trees, the container and the grammar of an episode."""
