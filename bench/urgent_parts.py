"""What the seconds of an urgent word are made of, from the PIN to the hub's database, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.figures import Figure, spread
from bench.fleet_told import Told

AIM_SECONDS = 5.0


@dataclass(frozen=True)
class Word:
    """An urgent word to many: its instants on the wall clock, those on the devices by their names.

    ``asked`` is when the hub was handed the PIN, ``opened`` when that had opened the key, ``sent`` when every order was
    signed, kept and on its way to the broker. ``arrived`` is when an order was at the device's network, ``read`` when
    the device, which shares its process with others here, had its turn to read it.
    """

    asked: float
    opened: float
    sent: float
    arrived: Mapping[str, float]
    read: Mapping[str, float]
    taken: Sequence[Told]
    armed: Sequence[Told]

    def figures(self) -> list[Figure]:
        """Return each part. What a device of its own would need is what it needs here, without waiting for its turn."""
        made = {one.device: one.made for one in self.armed}
        taken = {one.device: one.made for one in self.taken}
        alone = [self.arrived[name] - self.opened + made[name] - self.read[name] for name in self._known(made)]
        return [
            *spread(
                "urgent: armed on the device after the PIN", [one.made - self.opened for one in self.armed], AIM_SECONDS
            ),
            *spread("urgent: so, had each device a machine of its own", alone, AIM_SECONDS),
            _part("the PIN opens the key", [self.opened - self.asked]),
            _part("all signed, on the disk, handed to the broker", [self.sent - self.opened]),
            *spread(
                "urgent: at the device's network after the PIN", [at - self.opened for at in self.arrived.values()]
            ),
            *spread(
                "urgent: waits for its turn in a process of many",
                [self.read[name] - at for name, at in self._waiting()],
            ),
            *spread(
                "urgent: checked, its counter saved", [taken[name] - self.read[name] for name in self._known(taken)]
            ),
            *spread("urgent: armed after that", [made[name] - at for name, at in taken.items() if name in made]),
            *spread("urgent: from there into the hub's database", [one.received - one.made for one in self.armed]),
            _part("the hub knows it of all, after the PIN", [one.received - self.opened for one in self.armed]),
        ]

    def _known(self, names: Mapping[str, float]) -> list[str]:
        return [name for name in names if name in self.arrived and name in self.read]

    def _waiting(self) -> list[tuple[str, float]]:
        return [(name, at) for name, at in self.arrived.items() if name in self.read]


def _part(what: str, seconds: Sequence[float]) -> Figure:
    return Figure(f"urgent: {what}", max(seconds, default=None), "s")
