"""What the panel publishes, taken whole or not at all, and trusted in nothing."""
