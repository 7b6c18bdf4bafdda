"""From redacted events to trajectories: actions, steps, page visits and search queries. Pure: no clock, no I/O."""
