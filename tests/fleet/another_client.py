"""A client of the fleet that somebody else has written, from docs/fleet.md alone: nothing of this project is imported.

It joins, keeps what it must, believes what is signed, fetches and decodes, and tells. It has no loudspeaker.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

PREFIX = "xiaolaba/1"
LARGEST_BODY = 512 * 1024
CONTEXT = b"xiaolaba fleet 1\n"
TOPIC_OF = {
    "programme": "programme",
    "prepare": "urgent",
    "say": "urgent",
    "stop": "urgent",
    "ack": "ack",
    "answers": "answer",
}
COMMON = {"to", "counter", "issued", "expires", "does"}


class Untrue(Exception):
    """What came is not believed."""


class AnotherClient:
    """One box; everything that it keeps is in ``folder``. ``taken`` are the orders it follows."""

    def __init__(self, folder: Path, ticket: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.ticket = json.loads(ticket)
        self.name = ""
        self.taken: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.revision = ""
        self.clips: dict[str, Path] = {}
        self._secret = base64.b64decode(self.ticket["secret"])
        self._root = base64.b64decode(self.ticket["root"])
        self._keys: dict[str, list[bytes]] = {"programme": [], "urgent": []}
        self._serial = 0
        self._client: Client | None = None

    def begin(self) -> str:
        """Meet the hub, make a key, ask to be let in; return the six digits to show."""
        careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        careless.check_hostname = False
        careless.verify_mode = ssl.CERT_NONE
        authority = x509.load_pem_x509_certificate(self._ask("GET", "/authority", careless))
        if hashlib.sha256(authority.public_bytes(serialization.Encoding.DER)).digest() != base64.b64decode(
            self.ticket["authority"]
        ):
            raise Untrue("another hub answers")
        (self.folder / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        key = ec.generate_private_key(ec.SECP256R1())
        (self.folder / "key.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
        self._request = request.public_bytes(serialization.Encoding.DER)
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        assert self.ask() == "waiting"
        shown = hashlib.sha256(b"xiaolaba six digits 1\n" + self._secret + public + self._root).digest()
        return f"{int.from_bytes(shown, 'big') % 1_000_000:06d}"

    def ask(self) -> str:
        """Ask whether it is let in; return what the answer is."""
        said = b"xiaolaba enrol 1\n" + self.ticket["id"].encode() + b"\n" + self._request
        body = {
            "ticket": self.ticket["id"],
            "request": base64.b64encode(self._request).decode(),
            "proof": base64.b64encode(hmac.digest(self._secret, said, "sha256")).decode(),
            "version": "another 1",
        }
        answer = json.loads(self._ask("POST", "/enrol", self._believing(), json.dumps(body).encode()))
        if answer["is"] == "welcome":
            self.name = answer["name"]
            self._port = answer["broker_port"]
            (self.folder / "certificate.pem").write_bytes(base64.b64decode(answer["certificate"]))
            self._take_keys(base64.b64decode(answer["keys"]))
        return str(answer["is"])

    def connect(self) -> None:
        """Be there, and stay."""
        client = Client(CallbackAPIVersion.VERSION2, client_id=self.name, clean_session=False)
        client.tls_set_context(self._member())
        client.will_set(self._topic("out/state"), b'{"online":false}', qos=1, retain=True)
        client.on_connect = lambda *_: (client.subscribe(self._topic("in/+"), qos=1), self._tell_state())
        client.on_message = self._heard
        client.connect(self.ticket["hosts"][0], self._port, keepalive=30)
        self._client = client
        client.loop_start()

    def close(self) -> None:
        """Say goodbye."""
        assert self._client is not None
        self._tell("out/state", {"online": False}, retain=True)
        self._client.disconnect()
        self._client.loop_stop()

    def _heard(self, _client: Client, _: object, message: MQTTMessage) -> None:
        topic = message.topic.rpartition("/")[2]
        if not message.payload:
            return
        try:
            if topic == "keys":
                self._take_keys(bytes(message.payload))
            else:
                self._take(topic, bytes(message.payload))
        except (Untrue, KeyError, ValueError) as error:
            self.refused.append(str(error))

    def _take_keys(self, envelope: bytes) -> None:
        keys = json.loads(_opened(envelope, [self._root]))
        if keys["what"] == "keys" and keys["serial"] > self._serial:
            self._serial = keys["serial"]
            self._keys = {kind: [base64.b64decode(one) for one in keys[kind]] for kind in ("programme", "urgent")}

    def _take(self, topic: str, envelope: bytes) -> None:
        order = json.loads(_opened(envelope, self._keys["programme"] + self._keys["urgent"]))
        what = order["does"]["what"]
        by_urgent = envelope[:8] in {_id(key) for key in self._keys["urgent"]}
        if set(order) != COMMON or TOPIC_OF[what] != topic:
            raise Untrue("form")
        if by_urgent != (what == "say") and what not in {"prepare", "stop"}:
            raise Untrue("that key may not order this")
        if order["to"] != self.name or datetime.fromisoformat(order["expires"]) <= datetime.now(UTC):
            raise Untrue("not for me, or expired")
        counters = self._counters()
        if order["counter"] < counters.get(topic, 0):
            raise Untrue("replayed")
        again = order["counter"] == counters.get(topic, 0)
        if not again:
            self._keep({**counters, topic: order["counter"]})
            self.taken.append(order)
            self._report(order, topic, "taken")
        if what == "programme":
            self._apply(order)

    def _apply(self, order: dict[str, Any]) -> None:
        programme = order["does"]
        for one in programme["messages"]:
            self._fetch(one["travels"], one["message"]["clip"])
        if self.revision != programme["revision"]:
            self.revision = programme["revision"]
            self._report(order, "programme", "applied")
            self._tell_state()

    def _fetch(self, travels: dict[str, Any], clip: str) -> None:
        flac, wav = self.folder / f"{travels['sha256']}.flac", self.folder / f"{clip}.wav"
        content = self._ask("GET", f"/audio/{travels['sha256']}", self._member())
        if len(content) != travels["size"] or hashlib.sha256(content).hexdigest() != travels["sha256"]:
            raise Untrue("another clip came")
        flac.write_bytes(content)
        samples = subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-i", str(flac), "-f", "s16le", "-ac", "1", "-ar", "48000", "-"],
            check=True,
            capture_output=True,
        ).stdout
        head = b"RIFF" + (36 + len(samples)).to_bytes(4, "little") + b"WAVEfmt \x10\0\0\0\1\0\1\0"
        head += (48_000).to_bytes(4, "little") + (96_000).to_bytes(4, "little") + b"\2\0\x10\0data"
        wav.write_bytes(head + len(samples).to_bytes(4, "little") + samples)
        if hashlib.sha256(wav.read_bytes()).hexdigest() != clip:
            raise Untrue("it decodes to something else")
        self.clips[clip] = wav

    def _report(self, order: dict[str, Any], topic: str, what: str) -> None:
        told = {"of": order["counter"], "channel": topic, "what": what, "at": datetime.now(UTC).isoformat()}
        self._tell("out/report", told)

    def _tell_state(self) -> None:
        state = {
            "online": True,
            "version": "another 1",
            "now": datetime.now(UTC).isoformat(),
            "revision": self.revision,
            "keys": self._serial,
            "counters": self._counters(),
        }
        self._tell("out/state", state, retain=True)

    def _tell(self, topic: str, told: dict[str, Any], *, retain: bool = False) -> None:
        assert self._client is not None
        self._client.publish(self._topic(topic), json.dumps(told).encode(), qos=1, retain=retain)

    def _topic(self, end: str) -> str:
        return f"{PREFIX}/{self.name}/{end}"

    def _counters(self) -> dict[str, int]:
        path = self.folder / "counters.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def _keep(self, counters: dict[str, int]) -> None:
        (self.folder / "counters.json").write_text(json.dumps(counters))  # a real box has it on the disk here

    def _ask(self, method: str, path: str, context: ssl.SSLContext, body: bytes | None = None) -> bytes:
        host, port = self.ticket["hosts"][0], self.ticket["port"]
        connection = http.client.HTTPSConnection(host, port, context=context, timeout=60)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            return connection.getresponse().read()
        finally:
            connection.close()

    def _believing(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(self.folder / "authority.pem")
        return context

    def _member(self) -> ssl.SSLContext:
        context = self._believing()
        context.load_cert_chain(self.folder / "certificate.pem", self.folder / "key.pem")
        return context


def _id(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:8]


def _opened(envelope: bytes, keys: list[bytes]) -> bytes:
    if len(envelope) > 8 + 64 + LARGEST_BODY:
        raise Untrue("too large")
    signature, body = envelope[8:72], envelope[72:]
    for key in keys:
        if _id(key) == envelope[:8]:
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(signature, CONTEXT + body)
            except InvalidSignature as error:
                raise Untrue("forged") from error
            return body
    raise Untrue("unknown key")
