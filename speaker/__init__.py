"""Cue to sound: keeps the time, owns the sound card and the pins, enforces the hard limits, writes the as-run log."""
