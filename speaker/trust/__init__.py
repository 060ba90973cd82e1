"""Whether the clock can be believed, what proves it, and how a person at the box confirms the time."""
