"""One thing on a pin: opened, tried again when it can't be, and never in the way of the sound."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from threading import RLock
from typing import Generic, Protocol, TypeVar

from speaker.condition import Alarm

logger = logging.getLogger(__name__)

OpenFactory = Callable[[], object]


class Device(Protocol):
    """What every gpiozero device can do."""

    def close(self) -> None:
        """Let go of the pin."""
        ...


D = TypeVar("D", bound=Device)


class Part(ABC, Generic[D]):
    """A device on BCM pin ``pin`` that keeps what is wanted of it while it can't be reached.

    No method raises for a pin that fails: the fault is kept as an alarm, ``failed`` is called, and ``open`` may
    be tried again, after which the device does what was last wanted.
    """

    code: str
    zh: str
    en: str

    def __init__(self, pin: int, open_factory: OpenFactory, failed: Callable[[], None]) -> None:
        self.pin = pin
        self._open_factory = open_factory
        self._failed = failed
        self._device: D | None = None
        self._lock = RLock()

    @property
    def is_open(self) -> bool:
        """Tell whether the pin is in hand."""
        return self._device is not None

    @property
    def alarm(self) -> Alarm:
        """What to tell a person while the pin is not in hand."""
        return Alarm(
            code=self.code,
            zh=f"{self.zh}（GPIO {self.pin}）控制不了，请检查接线和设置文件里的引脚号；程序会不断重试",
            en=f"the {self.en} (GPIO {self.pin}) can't be controlled: check its wiring and its pin in the settings",
        )

    def open(self) -> None:
        """Take the pin in hand, unless it is."""
        with self._lock:
            if self._device is not None:
                return
            try:
                self._device = self._made(self._open_factory())
            except Exception as error:  # noqa: BLE001 - lgpio's own class can't be named where it is not installed
                self._fail(error)

    def close(self) -> None:
        """Let go of the pin."""
        with self._lock:
            if self._device is not None:
                self._device.close()
                self._device = None

    def _do(self, action: Callable[[D], None]) -> None:
        with self._lock:
            if self._device is None:
                return
            try:
                action(self._device)
            except Exception as error:  # noqa: BLE001 - as above
                with suppress(Exception):  # it failed already; closing only frees the pin for the next attempt
                    self._device.close()
                self._device = None
                self._fail(error)

    def _fail(self, error: Exception) -> None:
        # By its text: while the error lives, so does the half-made device, and gpiozero counts its pin as taken.
        logger.warning("the %s on GPIO %d failed: %s", self.en, self.pin, repr(error))
        self._failed()

    @abstractmethod
    def _made(self, factory: object) -> D:
        """Return the device, doing already what is wanted of it."""
        ...
