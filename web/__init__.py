"""The panel: what the secretary sees on her phone."""
