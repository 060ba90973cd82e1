"""What a board tells of itself, from the files that its kernel keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.board import Board, Mount, Storage, board_at

PI = "sys/devices/platform/soc/soc:firmware/get_throttled"
PI_5 = "sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled"


def tree(root: Path, **files: str) -> Path:
    """Write those files below ``root``, which is returned."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="ascii")
    return root


def test_a_machine_that_tells_nothing_tells_nothing(tmp_path: Path) -> None:
    """No sensor, no eMMC, no firmware."""
    assert board_at(tmp_path) == Board()


@pytest.mark.parametrize("path", [PI, PI_5])
def test_the_firmware_tells_in_hexadecimal(path: str, tmp_path: Path) -> None:
    """Without the 0x, on every generation of the board."""
    assert board_at(tree(tmp_path, **{path: "50005\n"})).throttled == 0x50005


@pytest.mark.parametrize(("alarm", "is_low"), [("0\n", False), ("1\n", True), ("?", None)])
def test_the_kernels_alarm_is_that_of_the_boards_driver(alarm: str, is_low: bool | None, tmp_path: Path) -> None:
    """Another sensor's alarm is about something else."""
    files = {"hwmon0/name": "cpu_thermal\n", "hwmon0/in0_lcrit_alarm": "1\n"}
    files |= {"hwmon1/name": "rpi_volt\n", "hwmon1/in0_lcrit_alarm": alarm}
    root = tree(tmp_path, **{f"sys/class/hwmon/{name}": content for name, content in files.items()})
    assert board_at(root).voltage_is_low is is_low


def test_the_hottest_place_counts_and_a_dead_sensor_does_not(tmp_path: Path) -> None:
    """Some tell absolute zero or hundreds of degrees, and one that is off can't be read."""
    told = {"0": "48312\n", "1": "51000\n", "2": "-274000\n", "3": "0\n", "4": "850000\n", "5": "\n"}
    root = tree(tmp_path, **{f"sys/class/thermal/thermal_zone{zone}/temp": milli for zone, milli in told.items()})
    (root / "sys/class/thermal/thermal_zone6/temp").mkdir(parents=True)  # reading it fails
    assert board_at(root).celsius == 51.0


def test_an_emmc_tells_its_wear_once(tmp_path: Path) -> None:
    """The worse of its two kinds of cells; its boot partitions tell the same, an SD card nothing."""
    files = {
        "mmcblk0/device/life_time": "0x02 0x0b\n",
        "mmcblk0/device/pre_eol_info": "0x01\n",
        "mmcblk0boot0/device/life_time": "0x02 0x0b\n",
        "mmcblk1/device/type": "SD\n",
    }
    root = tree(tmp_path, **{f"sys/block/{name}": content for name, content in files.items()})
    assert board_at(root).storages == (Storage("mmcblk0", 11, 1), Storage("mmcblk1", 0, 0))


def test_mounts_are_read_as_the_kernel_writes_them(tmp_path: Path) -> None:
    """A space in a place is written in octal; what happens on errors is not what has happened.

    What a sandbox shows as read-only, as that of ``xiaolaba-checkup.service`` shows all, is not.
    """
    lines = (
        "29 1 179:2 / / ro,noatime shared:1 - ext4 /dev/root rw,errors=remount-ro",
        "61 29 8:1 / /media/my\\040stick ro,relatime shared:33 master:2 - vfat /dev/sda1 ro,fmask=0022",
        "62 29 179:3 / /srv rw,relatime - ext4 /dev/mmcblk0p3 rw,emergency_ro",
        "nonsense",
        "63 29 0:5 / /half rw - tmpfs",
    )
    mounts = board_at(tree(tmp_path, **{"proc/self/mountinfo": "\n".join(lines)})).mounts
    assert mounts == (Mount(Path("/"), False), Mount(Path("/media/my stick"), True), Mount(Path("/srv"), True))
