"""The speaker's socket: who may connect, what a line may hold, and the answer to it."""
