"""A yard's end of the fleet: takes what the hub orders, hands it to panel and speaker, and tells what became of it."""
