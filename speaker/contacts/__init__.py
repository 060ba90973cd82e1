"""Contacts: inputs that have a message said while they are active."""
