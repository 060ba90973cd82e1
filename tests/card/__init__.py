"""The virtual sound card: an ALSA plugin in C and the fixture that builds it and plugs it in."""
