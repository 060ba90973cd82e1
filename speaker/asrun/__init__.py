"""The as-run log: what is written before it sounds, and what the rule of what is due is decided on."""
