"""Several courtyards as one: a hub that says what is shared, and an agent on each box that fetches it."""
