"""The shell of all three people: one module per command, no logic, imported only when its command is called."""
