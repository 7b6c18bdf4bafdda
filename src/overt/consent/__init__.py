"""Notice, grant, withdrawal, and the status at an instant. Pure: no clock, no I/O; signatures are checked in keys."""
