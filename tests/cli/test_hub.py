"""``hub``: from a box to a hub with a zone, at the terminal, with the real processes."""

from __future__ import annotations

import json
from pathlib import Path

from box.clock import SystemClock
from box.folders import folders_at
from cli.hub_founding import draw_pin
from fleet.enrol.joining import HttpsHub, Joining
from fleet.enrol.ticket import decode_ticket
from fleet.hub.room import HubRoom, HubSettings, write_settings
from tests.fleet.hub.a_hub import AHub
from tests.running import done, free_port


def test_a_zone_is_added_confirmed_seen_and_lost(tmp_path: Path) -> None:
    """Each act is one line; the ticket is a file, the PIN is shown once, the six digits decide."""
    data = ("--data", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    made = done("hub", *data)
    assert made.returncode == 0, made.stderr
    assert made.stdout.strip().isdecimal()
    folders = folders_at(tmp_path / "data", {})
    room = HubRoom(folders.hub)
    write_settings(room, HubSettings(hosts=("127.0.0.1",), broker_port=free_port(), https_port=free_port()))
    assert done("hub", *data).returncode == 1  # it is one, and does not run
    hub = AHub(folders, HubSettings())
    hub.start()
    try:
        ticket = tmp_path / "ticket.json"
        assert done("hub", *data, "add", "yard-3", "三号院", "--group", "east", "-o", str(ticket)).returncode == 0
        joining = Joining(tmp_path / "box", HttpsHub(), SystemClock(), "1")
        pending = joining.begin(ticket.read_bytes())
        assert decode_ticket(ticket.read_bytes()).zone == "三号院"
        assert joining.ask() is None
        assert pending.digits in done("hub", *data, "zones").stdout
        assert done("hub", *data, "confirm", "yard-3", pending.digits[:3], pending.digits[3:]).returncode == 0
        assert joining.ask() is not None
        zones = json.loads(done("hub", *data, "zones", "--json").stdout)
        assert [(zone["name"], zone["standing"], zone["groups"]) for zone in zones["zones"]] == [
            ("yard-3", "member", ["east"])
        ]
        assert done("hub", *data, "lost", "yard-3").returncode == 0
    finally:
        hub.stop()


def test_a_drawn_pin_is_fit() -> None:
    """Six digits, never all alike."""
    assert all(len(set(draw_pin())) >= 3 for _ in range(200))
