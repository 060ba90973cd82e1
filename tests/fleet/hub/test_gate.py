"""What the broker is handed for each device while it is away itself."""

from __future__ import annotations

import ssl
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fleet.hub.gate import BrokerGate
from fleet.mqtt import Mqtt
from fleet.wire.topics import Inward


def test_of_what_is_urgent_each_waits_and_of_the_rest_the_newest(tmp_path: Path) -> None:
    """A stop is no older version of what is prepared after it; a programme takes the place of the one before."""
    nobody: Any = SimpleNamespace()
    failed: list[Exception] = []
    mqtt = Mqtt(
        "hub", ssl.create_default_context(), "in/#", connected=lambda: None, lost=lambda: None, failed=failed.append
    )
    with closing(mqtt):
        gate = BrokerGate(nobody, nobody, nobody, mqtt, revoked=tmp_path, keys=tmp_path, address=("127.0.0.1", 1))
        for channel in (Inward.PROGRAMME, Inward.URGENT):
            for envelope in (b"first", b"second", b"second"):
                gate.publish("yard-1", channel, envelope)
        assert mqtt.waiting == 3
    assert failed == []
