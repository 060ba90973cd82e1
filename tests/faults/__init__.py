"""Faults that a box on a wall meets, each made for real on running processes."""
