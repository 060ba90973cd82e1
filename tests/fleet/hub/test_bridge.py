"""A district's Mosquitto, bridged to the town's as docs/scaling.md has it: orders go down, what is told goes up."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from box.clock import SystemClock
from fleet.enrol import certificates, contexts
from fleet.enrol.authority import Authority
from fleet.enrol.membership import Membership, write_membership
from fleet.hub.broker import find_program
from fleet.hub.broker_files import Listen, write_files
from fleet.hub.founding import found, root_of
from fleet.hub.room import HubRoom, HubSettings
from fleet.mqtt import Mqtt
from fleet.wire import accounts, topics
from fleet.wire.accounts import DeviceState
from fleet.wire.documents import SharedProgramme
from fleet.wire.keys import read_key
from fleet.wire.orders import sign_order
from fleet.wire.topics import Inward, Outward
from tests.fleet.hub.a_hub import PIN, eventually
from tests.fleet.hub.light_agent import LightAgent
from tests.fleet.wire.orders import SHARED, order
from tests.running import free_port
from tests.test_reliability import ROOT

USER = pwd.getpwuid(os.geteuid()).pw_name
NAME = "district-7"


@contextmanager
def mosquitto(configuration: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run one."""
    process = subprocess.Popen([find_program(), "-c", str(configuration)], stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def page(heading: str) -> str:
    """Return the first block of code after ``heading`` in the page."""
    text = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")
    return re.split(r"```\w*\n", text[text.index(heading) :], maxsplit=2)[1].removesuffix("```\n")


class District:
    """The town's broker and the district's, in files; ``town`` is the room of a hub that is not running itself."""

    def __init__(self, folder: Path) -> None:
        self.town, self.folder = HubRoom(folder / "town"), folder
        self.ports = free_port(), free_port()
        found(self.town, HubSettings(), PIN, SystemClock())
        self.authority = Authority.read(self.town.authority)
        self.town.broker.mkdir(parents=True, exist_ok=True)
        self.town.revoked.write_bytes(self.authority.revocation_list(()))
        self.town_file = write_files(self.town, Listen("127.0.0.1", self.ports[0], USER))
        with (self.town.broker / "access.acl").open("a") as access:
            access.write(page("The town's access list"))
        self.file = self._district()

    def _district(self) -> Path:
        room = HubRoom(self.folder / NAME)
        room.broker.mkdir(parents=True)
        room.authority.mkdir()
        shutil.copy(self.town.authority / "certificate.pem", room.authority)
        shutil.copy(self.town.revoked, room.revoked)
        key = certificates.new_key()
        room.key.write_bytes(certificates.key_pem(key))
        room.certificate.write_bytes(self.authority.sign_hub(certificates.request_for(key)).pem)
        (room.folder / f"{NAME}.key").write_bytes(certificates.key_pem(key))
        signed = self.authority.sign_device(certificates.request_for(key), NAME)
        (room.folder / f"{NAME}.pem").write_bytes(signed.pem)
        path = write_files(room, Listen("127.0.0.1", self.ports[1], USER))
        bridge = page("## A town").replace("hub.example:8883", f"127.0.0.1:{self.ports[0]}")
        bridge = bridge.replace("authority.pem", str(room.authority / "certificate.pem"))
        bridge = bridge.replace(NAME + ".pem", str(room.folder / f"{NAME}.pem"))
        bridge = bridge.replace(NAME + ".key", str(room.folder / f"{NAME}.key"))
        path.write_text(path.read_text() + bridge)
        return path

    def device(self, name: str) -> LightAgent:
        """Return a member that knows the district's broker."""
        key = certificates.new_key()
        membership = Membership(
            name=name, zone=name, hosts=("127.0.0.1",), port=self.ports[1], broker_port=self.ports[1],
            root=root_of(self.town).raw, joined=datetime.now(UTC),
        )  # fmt: skip
        write_membership(
            self.folder / name,
            membership,
            key=certificates.key_pem(key),
            certificate=self.authority.sign_device(certificates.request_for(key), name).pem,
            authority=self.authority.pem,
            keys=self.town.keys.read_bytes(),
        )
        return LightAgent(self.folder / name)


@pytest.fixture
def district(tmp_path: Path) -> District:
    """Lay both out."""
    return District(tmp_path)


def test_a_bridged_district_has_what_the_town_orders_and_the_town_hears_it(district: District) -> None:
    """What was ordered before the device was there, and what is ordered when the town's broker comes back."""
    heard: dict[str, DeviceState] = {}

    def hears(topic: str, payload: bytes, _kept: bool) -> None:
        found_ = topics.read_from(topic)
        if found_ is not None and found_.channel is Outward.STATE:
            told = accounts.decode(Outward.STATE, payload)
            assert isinstance(told, DeviceState)
            heard[found_.name] = told

    room = district.town
    context = contexts.hub_as_client(room.certificate, room.key, district.authority.pem.decode())
    failures: list[Exception] = []
    hub = Mqtt(
        "hub", context, topics.FROM_ALL, heard=hears, connected=lambda: None, lost=lambda: None, failed=failures.append
    )
    now = datetime.now(UTC)

    def orders(counter: int) -> None:
        given = order(SHARED, to="yard-3", counter=counter)
        signed = sign_order(replace(given, issued=now, expires=now + timedelta(days=1)), read_key(room.programme_key))
        hub.publish(topics.to_device("yard-3", Inward.PROGRAMME), signed, retain=True)

    with mosquitto(district.file):
        with mosquitto(district.town_file):
            hub.start("127.0.0.1", district.ports[0])
            orders(1)
            agent = district.device("yard-3")
            agent.start()
            assert agent.wait_for(SharedProgramme).counter == 1
            eventually(lambda: heard.get("yard-3", DeviceState(online=False)).online, "the town hears of it")
        eventually(lambda: not hub.is_connected, "the town's broker is gone")
        assert agent.mqtt.is_connected
        orders(2)
        with mosquitto(district.town_file):
            eventually(lambda: len(agent.took(SharedProgramme)) == 2, "the next order comes down", 60)
            agent.close()
            eventually(lambda: not heard["yard-3"].online, "and its goodbye comes up", 60)
            hub.close()
    assert agent.refused == []
    assert failures == []
