"""The hub: knows the zones, signs what they are to say, runs the broker, and keeps what they report."""
