"""Where the hub's things are: ``DIR/hub``, which its process alone reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from box.durable import replace_file
from box.sentences import XiaolabaError
from fleet.enrol.ticket import Host, Port

BROKER_PORT = 8883  # the registered port of MQTT over TLS
HTTPS_PORT = 8884


class HubNotFounded(XiaolabaError):
    """This box is no hub, or its settings are damaged."""


class HubSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``hub.json``. ``hosts`` are names or addresses besides this machine's own by which boxes find the hub."""

    hosts: Annotated[tuple[Host, ...], Meta(max_length=4)] = ()
    broker_port: Port = BROKER_PORT
    https_port: Port = HTTPS_PORT


@dataclass(frozen=True)
class HubRoom:
    """The files in ``folder``."""

    folder: Path

    @property
    def settings(self) -> Path:
        """Where the hub listens; it exists when this box is a hub."""
        return self.folder / "hub.json"

    @property
    def authority(self) -> Path:
        """The folder of the authority."""
        return self.folder / "authority"

    @property
    def certificate(self) -> Path:
        """The hub's own certificate."""
        return self.folder / "certificate.pem"

    @property
    def key(self) -> Path:
        """The key of the hub's own certificate."""
        return self.folder / "key.pem"

    @property
    def root_key(self) -> Path:
        """The root key, until it is taken to a safe place."""
        return self.folder / "root.key"

    @property
    def programme_key(self) -> Path:
        """The key that signs programmes."""
        return self.folder / "programme.key"

    @property
    def urgent_key(self) -> Path:
        """The urgent key, locked with the PIN."""
        return self.folder / "urgent.key"

    @property
    def pin_tries(self) -> Path:
        """How many PINs were wrong since the last right one."""
        return self.folder / "pin-tries.json"

    @property
    def keys(self) -> Path:
        """The envelope of the set of keys that counts, signed by the root."""
        return self.folder / "keys.envelope"

    @property
    def registry(self) -> Path:
        """The database."""
        return self.folder / "fleet.sqlite"

    @property
    def broker(self) -> Path:
        """The broker's folder: its configuration, and what it keeps."""
        return self.folder / "broker"

    @property
    def revoked(self) -> Path:
        """The list of certificates that count no more."""
        return self.broker / "revoked.pem"

    @property
    def audio(self) -> Path:
        """Clips as they travel, each ``<sha256>.flac``."""
        return self.folder / "audio"


def read_settings(room: HubRoom) -> HubSettings:
    """Return where the hub listens. Raises HubNotFounded, OSError."""
    try:
        return msgspec.json.decode(room.settings.read_bytes(), type=HubSettings)
    except FileNotFoundError as error:
        raise HubNotFounded("这台小喇叭还不是总站：xiaolaba hub", "this box is no hub yet: xiaolaba hub") from error
    except (ValueError, RecursionError) as error:
        raise HubNotFounded(
            f"总站的设置坏了：{room.settings}（{error}）", f"the hub's settings are damaged: {room.settings} ({error})"
        ) from error


def write_settings(room: HubRoom, settings: HubSettings) -> None:
    """Keep where the hub listens. Raises OSError."""
    replace_file(room.settings, msgspec.json.format(msgspec.json.encode(settings), indent=1) + b"\n")
