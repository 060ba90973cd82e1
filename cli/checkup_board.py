"""What ``doctor`` looks at in the board itself: its supply, its heat, its storage. What isn't told is left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from box.checkup import Finding
from box.sentences import Sentence
from cli.board import Board, Mount, Storage

HOT_CELSIUS = 80  # from here to 85 a Raspberry Pi slows down (its documentation: frequency management)

# The firmware's bits, now and since the start (Raspberry Pi documentation: vcgencmd get_throttled). The kernel's own
# driver clears the latter whenever it looks (drivers/hwmon/raspberrypi-hwmon.c), so that none of them proves health.
# Bits 3 and 19 are not looked at: a 3B+ sets them at 60 °C, which is as it should be.
_LOW, _WAS_LOW = 1 << 0, 1 << 16
_SLOWED, _WAS_SLOWED = 1 << 2, 1 << 18

_WORN_TENTHS = 10  # the last tenth has begun
_SPENT_RESERVE = 2  # four fifths of the spare blocks are gone

_MEND_SUPPLY = Sentence(
    "换树莓派原装电源和短一点、粗一点的电源线；拔掉耗电的 USB 设备。换好后重启，再运行 xiaolaba doctor",
    "take the board's own power supply and a short, thick cable, and unplug what draws power from USB; then start it"
    " again and run xiaolaba doctor",
)
_MEND_HEAT = Sentence(
    "装散热片，不要让太阳晒到，机箱留出风口",
    "fit a heat sink, keep it out of the sun, and leave its case openings for air",
)
_MEND_WEAR = Sentence(
    "尽快备份：xiaolaba backup 文件，然后换新的存储（焊在板上的，要换整块板）",
    "make a backup soon: xiaolaba backup FILE; then replace the storage (with the board, where it is soldered)",
)
_MEND_READ_ONLY = Sentence(
    "先备份：xiaolaba backup 文件（存到 U 盘），重启一次；如果又变成只读，存储卡坏了，请换新的",
    "make a backup onto a USB stick: xiaolaba backup FILE; start the box again. If it comes back, the card is failing:"
    " replace it",
)
_MEND_READ_ONLY_SYSTEM = Sentence(
    f"如果不是有意这样设的：{_MEND_READ_ONLY.zh}", f"unless it is meant to be: {_MEND_READ_ONLY.en}"
)


def check_up_board(board: Board, data: Path) -> list[Finding]:
    """Answer what the board tells; ``data`` is the data folder, as an absolute path."""
    return [
        *_supply(board),
        *_heat(board),
        *(finding for storage in board.storages for finding in _wear(storage)),
        *_read_only(board, data),
    ]


def _supply(board: Board) -> Iterator[Finding]:
    if board.throttled is None and board.voltage_is_low is None:
        return
    bits = board.throttled or 0
    if bits & _LOW or board.voltage_is_low:
        what = Sentence(
            "电源带不动：现在电压太低，板子可能突然重启，存储卡也会损坏",
            "the supply is too weak: the voltage is low now, the board may restart and the card be damaged",
        )
        yield Finding("supply", "wrong", what, _MEND_SUPPLY)
    elif bits & _WAS_LOW:
        what = Sentence(
            "电源带不动：开机以来电压低过", "the supply is too weak: the voltage has been low since the start"
        )
        yield Finding("supply", "wrong", what, _MEND_SUPPLY)
    else:
        yield Finding("supply", "good", Sentence("电源：电压正常", "supply: the voltage is fine"))


def _heat(board: Board) -> Iterator[Finding]:
    bits = board.throttled or 0
    zh, en = ("", "") if board.celsius is None else (f"（{board.celsius:.0f} °C）", f" ({board.celsius:.0f} °C)")
    is_slowed = bool(bits & _SLOWED) and not bits & _LOW  # a low voltage slows it down too
    if is_slowed or (board.celsius is not None and board.celsius >= HOT_CELSIUS):
        what = Sentence(f"板子太热{zh}，会自己降速", f"the board is too hot{en}: it slows itself down")
        yield Finding("heat", "wrong", what, _MEND_HEAT)
    elif bits & _WAS_SLOWED and not bits & (_LOW | _WAS_LOW):
        what = Sentence(f"开机以来板子热得降过速{zh}", f"the board was so hot since its start that it slowed down{en}")
        yield Finding("heat", "note", what, _MEND_HEAT)
    elif board.celsius is not None:
        yield Finding("heat", "good", Sentence(f"板子温度 {board.celsius:.0f} °C", f"board: {board.celsius:.0f} °C"))


def _wear(storage: Storage) -> Iterator[Finding]:
    if not storage.used_tenths and not storage.reserve:
        return
    code = f"wear-{storage.name}"
    percent = min(storage.used_tenths, 10) * 10
    if storage.used_tenths >= _WORN_TENTHS or storage.reserve >= _SPENT_RESERVE:
        what = Sentence(
            f"存储 {storage.name} 快写坏了：它自己说寿命或备用块要用完了",
            f"the storage {storage.name} is nearly worn out: it says so of its life or of its spare blocks",
        )
        yield Finding(code, "wrong", what, _MEND_WEAR)
    elif percent:
        what = Sentence(
            f"存储 {storage.name}：寿命用了不到 {percent}%",
            f"storage {storage.name}: less than {percent} % of its life is used",
        )
        yield Finding(code, "good", what)
    else:
        yield Finding(code, "good", Sentence(f"存储 {storage.name}：正常", f"storage {storage.name}: fine"))


def _read_only(board: Board, data: Path) -> Iterator[Finding]:
    if _is_read_only(board.mounts, data):
        what = Sentence(
            "存储变成只读的了：什么都存不下来，播出也记不了",
            "the storage is read-only: nothing can be saved or put on record",
        )
        yield Finding("read-only", "wrong", what, _MEND_READ_ONLY)
    elif _is_read_only(board.mounts, Path("/")):
        what = Sentence(
            "系统所在的存储是只读的，数据可以写", "the storage of the system is read-only; the data can be written"
        )
        yield Finding("read-only", "note", what, _MEND_READ_ONLY_SYSTEM)


def _is_read_only(mounts: tuple[Mount, ...], path: Path) -> bool:
    over = [mount for mount in mounts if path.is_relative_to(mount.place)]
    deepest = max((len(mount.place.parts) for mount in over), default=0)
    return next((mount.is_read_only for mount in reversed(over) if len(mount.place.parts) == deepest), False)
