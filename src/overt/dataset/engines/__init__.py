"""Who reads the episodes of an export: this process, a pool of processes, or a Ray cluster."""
