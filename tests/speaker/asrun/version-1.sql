-- The as-run log as version 1 of its tables had it, with two rows.
PRAGMA journal_mode = WAL;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE timings (broadcast TEXT PRIMARY KEY, timing TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE airings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    change INTEGER NOT NULL,
    begun TEXT NOT NULL,
    noted TEXT NOT NULL,
    priority TEXT NOT NULL,
    origin TEXT NOT NULL,
    who TEXT NOT NULL,
    broadcast TEXT,
    day TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    due TEXT,
    started TEXT,
    ended TEXT,
    outcome TEXT,
    reason TEXT NOT NULL DEFAULT '',
    frames INTEGER NOT NULL,
    frames_played INTEGER NOT NULL DEFAULT 0,
    lateness_ms REAL,
    volume_percent INTEGER NOT NULL,
    revision TEXT NOT NULL,
    said TEXT NOT NULL
);
CREATE UNIQUE INDEX once ON airings (broadcast, day, attempt) WHERE priority = 'programme';
CREATE INDEX changes ON airings (change);
CREATE INDEX days ON airings (day);
CREATE INDEX beginnings ON airings (begun);
INSERT INTO meta VALUES ('created', '2026-03-01T00:00:00.000000+00:00'), ('lost', '0'), ('first', '0');
INSERT INTO timings VALUES ('morning', '07:30 every day', '2026-03-01T00:00:00.000000+00:00');
INSERT INTO airings (id, change, begun, noted, priority, origin, who, broadcast, day, attempt, due, started, ended,
    outcome, reason, frames, frames_played, lateness_ms, volume_percent, revision, said)
VALUES
    (7, 9, '2026-03-01T23:29:57.000000+00:00', '2026-03-01T23:30:10.000000+00:00', 'programme', 'schedule', '',
     'morning', '2026-03-02', 1, '2026-03-01T23:30:00.000000+00:00', '2026-03-01T23:30:00.000000+00:00',
     '2026-03-01T23:30:10.000000+00:00', 'aired', '', 480000, 480000, 0.2, 80, 'r1',
     '[{"message":"a","title":"甲","text":"守好门。","clip":"00","voice":"v","engine":"e","stand_in":false}]'),
    (8, 10, '2026-03-02T00:00:00.000000+00:00', '2026-03-02T00:00:00.000000+00:00', 'page', 'panel', '王书记',
     'morning', '2026-03-02', 1, NULL, NULL, '2026-03-02T00:00:00.000000+00:00', 'refused', 'busy', 480000, 0, NULL,
     80, 'r1', '[]');
PRAGMA user_version = 1;
