"""The organisation's rules: sites, signals, purposes, recipients. Pure: no clock, no I/O."""
