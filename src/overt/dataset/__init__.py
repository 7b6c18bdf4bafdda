"""From stored episodes to training sets: store, verify, unseal, trajectory, then one writer per format."""
