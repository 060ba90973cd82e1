"""Killed at any point, a restore has happened or it has not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cli.places import child_environment

# Forks a child for each point: at its Nth act on the disk it is killed with SIGKILL, by itself, in the middle of the
# real code. Then another life finishes what was begun.
KILLS = """
import os, signal, shutil, sys
from pathlib import Path
from keeping.staging import stage
from keeping.swap import add_files, add_lines, commit, finish
from tests.keeping.rooms import NOW, backup, content_of, lived_in

ADDERS = {"audit": add_lines, "clips": add_files, "records.sqlite": lambda new, here: new.replace(here)}
ACTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree"}
root = Path(sys.argv[1])
(root / "old").mkdir()
file = backup(lived_in(root / "old"))


def die_at(point):
    count = 0

    def watch(event, arguments):
        nonlocal count
        if event in ACTS:
            count += 1
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def finish_and_die(room, point):
    die_at(point)
    finish(room, ADDERS)


def restore_and_die(room, point):
    file.seek(0)
    die_at(point)
    stage(file, room, version="0.1.0")
    commit(room, NOW)
    finish(room, ADDERS)


def in_child(work):
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


template = lived_in(root / "template", "别的")
before = content_of(template)
shutil.copytree(template, root / "done")
assert in_child(lambda: restore_and_die(root / "done", -1)) == 0
after = content_of(root / "done")
assert before["schedule.yaml"] != after["schedule.yaml"]
point, old, new = 0, 0, 0
while True:
    point += 1
    room = root / "room"
    shutil.copytree(template, room)
    code = in_child(lambda: restore_and_die(room, point))
    # The life that finishes is killed as well, at another point each time, and the one after it ends the matter.
    in_child(lambda: finish_and_die(room, point % 29 + 1))
    in_child(lambda: finish_and_die(room, point % 13 + 1))
    finish(room, ADDERS)
    found = content_of(room)
    assert not list(room.glob(".restor*")), point
    added = {name for name in found if name.startswith(("audit/", "clips/", "records"))}
    mine = {name: found[name] for name in found if name not in added}
    if mine == {name: before[name] for name in before if name not in added}:
        old += 1
    elif mine == {name: after[name] for name in after if name not in added}:
        new += 1
    else:
        sys.exit(f"killed at {point}: neither the old nor the new")
    if new:
        assert {name: found[name] for name in added} == {name: after[name] for name in after if name in added}
    shutil.rmtree(room)
    if code == 0:
        break
print(point, old, new)
"""


def test_killed_at_every_point_it_is_the_old_or_the_new(tmp_path: Path) -> None:
    """SIGKILL at each act on the disk in turn: the next start finds it wholly as it was, or finishes it."""
    (tmp_path / "template").mkdir()
    done = subprocess.run(
        [sys.executable, "-P", "-c", KILLS, str(tmp_path)],
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    points, old, new = map(int, done.stdout.split())
    assert points > 60
    assert old > 20
    assert new > 20
