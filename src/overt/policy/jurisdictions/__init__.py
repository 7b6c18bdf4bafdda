"""The law of each place as dated data: one file for one place, holding one value and no code."""
