"""How the as-run log's rows are written. Each statement begins with the number of the change."""

from __future__ import annotations

BEGIN = """
INSERT INTO airings (change, begun, noted, priority, origin, who, broadcast, day, attempt, due, ended, outcome,
    reason, frames, volume_percent, revision, said, occasion, clock)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
BEGIN_ANEW = """
UPDATE airings SET change = ?, due = ?, frames = ?, volume_percent = ?, revision = ?, said = ?, clock = ?, noted = ?,
    begun = ?
WHERE id = ? AND outcome IS NULL
"""
NOTE = "UPDATE airings SET change = ?, frames_played = ?, noted = ? WHERE id = ? AND outcome IS NULL"
NOTE_ENDING = """
UPDATE airings SET change = ?, frames_played = max(?, frames - ?), noted = ?
WHERE id = ? AND outcome IS NULL
"""
HOLD = "UPDATE airings SET change = ?, frames_played = ?, noted = ?, parts = ? WHERE id = ? AND outcome IS NULL"
END = """
UPDATE airings SET change = ?, outcome = ?, reason = ?, started = ?, ended = ?, frames_played = ?, lateness_ms = ?,
    parts = ?, heard = ?
WHERE id = ? AND outcome IS NULL
"""
HEARD = "UPDATE airings SET change = ?, heard = ? WHERE id = ? AND link IS NULL"
PENDING = "SELECT id FROM airings WHERE outcome IS NOT NULL AND link IS NULL AND heard IS NOT NULL"
INTERRUPTED = "UPDATE airings SET change = ?, outcome = ?, reason = ?, ended = noted WHERE id = ?"
