"""Tests of the command, its processes and its installation."""
