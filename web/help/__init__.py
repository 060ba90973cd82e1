"""帮助: how it is used, in her words, and the card for the wall."""
