"""Backup and restore, as the panel does them."""
