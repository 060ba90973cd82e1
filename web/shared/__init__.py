"""社区统一: what a hub has this yard say, shown read-only, and what the yard wishes of it."""
