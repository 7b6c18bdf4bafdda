"""The judges of the second look, one file each, and the process in which the slow ones work."""
