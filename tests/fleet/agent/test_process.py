"""The agent's process: there while this box is a member or wants to be one, and not longer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from box.folders import Folders
from box.guarded import copy_of
from cli.places import child_environment
from fleet.agent.leaving import forget
from fleet.agent.programme import SHARED
from fleet.agent.standing import JOIN_TICKET, STANDING, standing_in
from fleet.agent.states import State
from fleet.enrol import certificates
from fleet.enrol.authority import Authority
from fleet.enrol.membership import MEMBERSHIP, Membership, write_membership
from fleet.wire.trusted import sign_key_set
from tests.fleet.hub.a_hub import eventually
from tests.fleet.wire.orders import KEYS, ROOT

NOBODY = "127.0.0.9"  # nobody listens there
PATIENCE_SECONDS = 60


@contextmanager
def running(folders: Folders) -> Iterator[subprocess.Popen[bytes]]:
    """Run the agent of these folders."""
    where = ("--data", str(folders.data), "--runtime", str(folders.runtime))
    words = [sys.executable, "-P", "-m", "fleet.agent", *where]
    with subprocess.Popen(words, env=child_environment(), stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def folders_at(root: Path) -> Folders:
    """Return the folders of a box of its own."""
    folders = Folders(root / "data", root / "run")
    folders.panel.mkdir(parents=True)
    return folders


def test_without_a_hub_and_a_ticket_it_ends(tmp_path: Path) -> None:
    """In order: whoever keeps it running starts it again when one of them is there."""
    with running(folders_at(tmp_path)) as process:
        assert process.wait(PATIENCE_SECONDS) == 0


def test_when_the_ticket_is_taken_back_it_ends(tmp_path: Path) -> None:
    """Until then it goes on asking, here with a ticket that is none."""
    folders = folders_at(tmp_path)
    (folders.panel / JOIN_TICKET).write_bytes(b"{}")
    with running(folders) as process:
        eventually((folders.fleet / STANDING).exists, "it has told that the ticket is none")
        assert process.poll() is None
        (folders.panel / JOIN_TICKET).unlink()
        assert process.wait(PATIENCE_SECONDS) == 0
    assert not (folders.fleet / STANDING).exists()


def test_when_the_box_leaves_it_ends(tmp_path: Path) -> None:
    """Also where the hub can't be reached, and with nothing of it left behind."""
    folders = folders_at(tmp_path)
    join(folders)
    with running(folders) as process:
        eventually((folders.fleet / STANDING).exists, "it serves")
        forget(folders.fleet)
        assert process.wait(PATIENCE_SECONDS) == 0
    assert not list(folders.fleet.glob("*.json"))


def test_a_damaged_membership_ends_it_once_and_is_told(tmp_path: Path) -> None:
    """Nobody starts it again and again: there is no membership left to be started for. What was shared stays."""
    folders = folders_at(tmp_path)
    join(folders)
    (folders.fleet / SHARED).write_bytes(b"what the panel airs")
    for path in (folders.fleet / MEMBERSHIP, copy_of(folders.fleet / MEMBERSHIP)):
        path.write_bytes(b"{")
    with running(folders) as process:
        assert process.wait(PATIENCE_SECONDS) == 0
    standing = standing_in(folders.fleet)
    assert standing is not None
    assert standing.state is State.DAMAGED
    assert standing.trouble is not None
    assert not (folders.fleet / MEMBERSHIP).exists()
    assert (folders.fleet / SHARED).read_bytes() == b"what the panel airs"


def join(folders: Folders) -> None:
    """Make the box a member of a hub that nobody is."""
    authority, key = Authority.new(), certificates.new_key()
    membership = Membership(
        name="yard-3",
        zone="三号院",
        hosts=(NOBODY,),
        port=8884,
        broker_port=8883,
        root=ROOT.public.raw,
        joined=datetime(2026, 11, 25, 8, tzinfo=UTC),
    )
    write_membership(
        folders.fleet,
        membership,
        key=certificates.key_pem(key),
        certificate=authority.sign_device(certificates.request_for(key), "yard-3").pem,
        authority=authority.pem,
        keys=sign_key_set(KEYS, ROOT),
    )
