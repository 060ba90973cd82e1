"""The command ``xiaolaba``: parses, builds, runs, exits; the only place with exit codes."""
