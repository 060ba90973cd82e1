"""Backups: what people made on a box, in one file, and all or nothing of it back on this box or another."""
