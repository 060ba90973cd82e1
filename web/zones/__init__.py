"""What a hub's panel has besides: all yards at a glance, letting one in, and speaking to all of them at once."""
