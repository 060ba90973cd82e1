"""The registry's tables."""

from __future__ import annotations

import sqlite3

VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS device (
    name TEXT PRIMARY KEY, zone TEXT NOT NULL, volume INTEGER, groups TEXT NOT NULL DEFAULT '[]',
    standing TEXT NOT NULL, serial TEXT NOT NULL DEFAULT '', since TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS ticket (
    id TEXT PRIMARY KEY, device TEXT NOT NULL, secret BLOB NOT NULL, expires TEXT NOT NULL, standing TEXT NOT NULL,
    public BLOB, request BLOB, version TEXT NOT NULL DEFAULT '', wrong INTEGER NOT NULL DEFAULT 0, certificate BLOB
) STRICT;
CREATE TABLE IF NOT EXISTS revoked (serial TEXT PRIMARY KEY, device TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS state (device TEXT PRIMARY KEY, payload BLOB NOT NULL, received TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS sent (
    device TEXT NOT NULL, channel TEXT NOT NULL, counter INTEGER NOT NULL, envelope BLOB NOT NULL,
    does BLOB NOT NULL, issued TEXT NOT NULL, PRIMARY KEY (device, channel)
) STRICT;
CREATE TABLE IF NOT EXISTS clip (clip TEXT PRIMARY KEY, flac TEXT NOT NULL, size INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS report (
    number INTEGER PRIMARY KEY, device TEXT NOT NULL, urgent TEXT, payload BLOB NOT NULL, received TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS report_urgent ON report (urgent) WHERE urgent IS NOT NULL;
CREATE INDEX IF NOT EXISTS report_device ON report (device, number);
CREATE TABLE IF NOT EXISTS airing (
    device TEXT NOT NULL, log TEXT NOT NULL, id INTEGER NOT NULL, change INTEGER NOT NULL, day TEXT NOT NULL,
    row BLOB NOT NULL, PRIMARY KEY (device, log, id)
) STRICT;
CREATE INDEX IF NOT EXISTS airing_day ON airing (day, device);
CREATE TABLE IF NOT EXISTS mark (
    device TEXT NOT NULL, log TEXT NOT NULL, change INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (device, log)
) STRICT;
CREATE TABLE IF NOT EXISTS proposal (
    device TEXT NOT NULL, id TEXT NOT NULL, payload BLOB NOT NULL, received TEXT NOT NULL,
    adopted INTEGER, words TEXT NOT NULL DEFAULT '', answered TEXT, PRIMARY KEY (device, id)
) STRICT;
CREATE TABLE IF NOT EXISTS urgent (
    id TEXT PRIMARY KEY, announcement BLOB NOT NULL, zones TEXT NOT NULL, who TEXT NOT NULL, made TEXT NOT NULL,
    say BLOB, stopped TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS urgent_words (
    urgent TEXT NOT NULL, device TEXT NOT NULL, announcement BLOB NOT NULL, PRIMARY KEY (urgent, device)
) STRICT;
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables where they are not there. What is written is on the disk when it is said to be."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(_TABLES)
    connection.execute(f"PRAGMA user_version = {VERSION:d}")
