"""Tests of what is to be said and when."""
