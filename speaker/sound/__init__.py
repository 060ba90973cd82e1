"""A rundown to samples on the card, to the instant: the card, the playout, the chime, the level."""
