"""What the broker is told: its configuration and its access list, in what Mosquitto 2.0.11 knows (Debian 12)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from box.durable import replace_file
from fleet.hub.room import HubRoom
from fleet.wire.envelope import LARGEST_BYTES
from fleet.wire.names import HUB
from fleet.wire.topics import KEEPALIVE_SECONDS, PREFIX

# Each save writes all it keeps, changed or not: every 5 s that is 13 GB a day for 37 yards of 20 kB. What a kill loses
# is handed to it again by the hub; a box that was reporting at that moment reports what it has not told yet.
AUTOSAVE_SECONDS = 3600
# The default of 1,000 delivered 1,020 of 1,616 retained messages; with 10,000 the last was lost of what 5,000 boxes
# told while the hub was slow (both measured). What bounds the broker's memory is the second.
MOST_QUEUED, MOST_QUEUED_BYTES = 200_000, 128 * 1024 * 1024
MOST_UNDER_WAY = 100  # so many reports the hub takes in as one act (``fleet.hub.intake``)
FORGOTTEN_AFTER = "60d"  # a box that was away longer gets the retained orders, not the queue

_HEADER_BYTES = 1024  # topic and head of a packet

CONFIGURATION, ACCESS, KEPT = "mosquitto.conf", "access.acl", "kept"


@dataclass(frozen=True)
class Listen:
    """Where the broker listens, and as which user: started as root it would become another, who reads nothing here."""

    host: str
    port: int
    user: str


def configuration(room: HubRoom, listen: Listen) -> str:
    """Return the configuration: one listener, mutual TLS, and who connects is who the certificate says.

    Without ``use_username_as_clientid`` a device could take another's client id and throw it off (measured).
    """
    return f"""\
per_listener_settings false
user {listen.user}
allow_anonymous false
acl_file {room.broker / ACCESS}
listener {listen.port} {listen.host}
protocol mqtt
cafile {room.authority / "certificate.pem"}
certfile {room.certificate}
keyfile {room.key}
crlfile {room.revoked}
tls_version tlsv1.2
require_certificate true
use_identity_as_username true
use_username_as_clientid true
allow_zero_length_clientid false
persistence true
persistence_location {room.broker / KEPT}/
autosave_interval {AUTOSAVE_SECONDS}
persistent_client_expiration {FORGOTTEN_AFTER}
max_queued_messages {MOST_QUEUED}
max_queued_bytes {MOST_QUEUED_BYTES}
max_inflight_messages {MOST_UNDER_WAY}
max_packet_size {LARGEST_BYTES + _HEADER_BYTES}
max_keepalive {KEEPALIVE_SECONDS * 10}
set_tcp_nodelay true
sys_interval 0
connection_messages false
log_dest stderr
log_type error
log_type warning
"""


def access() -> str:
    """Return the access list: a device reads what is for it and writes what is from it; the hub the other way round.

    The hub may write a device's state too: it takes away what a lost one has left.
    """
    return f"""\
user {HUB}
topic write {PREFIX}/+/in/+
topic readwrite {PREFIX}/+/out/+

pattern read {PREFIX}/%u/in/+
pattern write {PREFIX}/%u/out/+
"""


def write_files(room: HubRoom, listen: Listen) -> Path:
    """Write both into the broker's folder and return the path of the configuration. Raises OSError."""
    (room.broker / KEPT).mkdir(parents=True, exist_ok=True, mode=0o700)
    replace_file(room.broker / ACCESS, access().encode(), mode=0o600)
    path = room.broker / CONFIGURATION
    replace_file(path, configuration(room, listen).encode(), mode=0o600)
    return path
