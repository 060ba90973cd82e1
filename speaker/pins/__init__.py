"""Relay, lamp and button."""
