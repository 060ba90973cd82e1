"""``hub``: this box as the community's hub: set up, boxes added, confirmed and lost, keys changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from box.clock import SystemClock
from box.durable import replace_file
from box.folders import Folders
from box.sentences import Sentence
from cli import addresses, terminal
from fleet.wire.names import TICKET_FILE

if TYPE_CHECKING:
    from fleet.hub.client import HubClient

SUMMARY = Sentence("把这台小喇叭变成社区总站，管理各小区", "make this box the community's hub, and manage its zones")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done; nothing sets the hub up, or tells how it is."""
    acts = parser.add_subparsers(dest="act", metavar="ACT")
    add = acts.add_parser("add", help=terminal.text("添加一个小区：生成入网票", "add a zone: make its ticket"))
    add.add_argument("name", help=terminal.text("代号（小写字母、数字、短横线）", "its name: a-z, 0-9, hyphens"))
    add.add_argument("zone", nargs="?", default="", help=terminal.text("小区名称", "what the yard is called"))
    add.add_argument("--group", action="append", default=[], help=terminal.text("分组", "a group it is in"))
    add.add_argument("-o", "--output", type=Path, default=Path(TICKET_FILE), metavar="FILE")
    confirm = acts.add_parser(
        "confirm", help=terminal.text("核对六位数字，同意入网", "let a box in that shows these six digits")
    )
    confirm.add_argument("name")
    confirm.add_argument("digits", nargs="+")
    refuse = acts.add_parser("refuse", help=terminal.text("不同意入网", "turn a box away"))
    refuse.add_argument("name")
    lost = acts.add_parser("lost", help=terminal.text("设备丢了：立刻作废", "a box is lost: revoke it at once"))
    lost.add_argument("name")
    zones = acts.add_parser("zones", help=terminal.text("各小区的情况", "how the zones are"))
    zones.add_argument("--json", action="store_true")
    walk = acts.add_parser(
        "walk",
        help=terminal.text("给没有网络的小区：写到优盘，并收回记录", "a stick for yards without network, both ways"),
    )
    walk.add_argument("stick", type=Path, metavar="DIR")
    backup = acts.add_parser(
        "backup", help=terminal.text("备份总站（像钥匙一样保密）", "the hub in one file, a secret")
    )
    backup.add_argument("file", type=Path)
    restore = acts.add_parser("restore", help=terminal.text("用备份恢复总站", "make this box the hub of a backup"))
    restore.add_argument("file", type=Path)
    root = acts.add_parser("root", help=terminal.text("把根钥匙移到优盘", "take the root key away, to a stick"))
    root.add_argument("file", type=Path)
    keys = acts.add_parser("keys", help=terminal.text("更换钥匙和紧急口令", "change the keys and the PIN"))
    keys.add_argument("--root", type=Path, metavar="FILE", help=terminal.text("根钥匙在哪里", "where the root key is"))


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Do it."""
    acts: dict[str | None, Callable[[argparse.Namespace, Folders], int]] = {
        None: _found_or_tell,
        "add": _add,
        "confirm": _confirm,
        "refuse": _refuse,
        "lost": _lost,
        "zones": _zones,
        "walk": _walk,
        "backup": _backup,
        "restore": _restore,
        "root": _root,
        "keys": _keys,
    }
    return acts[arguments.act](arguments, folders)


def _found_or_tell(arguments: argparse.Namespace, folders: Folders) -> int:
    from cli.hub_founding import found_here, is_hub  # noqa: PLC0415 - the signing library is loaded by who needs it

    if is_hub(folders):
        return _zones(arguments, folders)
    pin = found_here(folders)
    terminal.tell("这台小喇叭现在是社区总站了", "this box is the community's hub now")
    terminal.tell(
        "紧急口令（只显示这一次，请抄下来锁好；更换：xiaolaba hub keys）：",
        "the PIN for urgent announcements, shown this once: write it down and lock it away"
        " (xiaolaba hub keys changes it):",
    )
    print(pin)
    terminal.tell(
        "添加小区：xiaolaba hub add 代号 名称。根钥匙请移到优盘保存：xiaolaba hub root 文件",
        "add zones: xiaolaba hub add NAME. Take the root key to a stick: xiaolaba hub root FILE",
    )
    terminal.tell(
        "总站自己运行 mosquitto，用不着 Debian 的 mosquitto.service；"
        "别的程序也不用的话，请关掉：sudo systemctl disable --now mosquitto",
        "the hub runs a mosquitto of its own, not Debian's mosquitto.service; if nothing else here uses that one,"
        " switch it off: sudo systemctl disable --now mosquitto",
    )
    return 0


def _add(arguments: argparse.Namespace, folders: Folders) -> int:
    invited = _client(folders).invite(arguments.name, arguments.zone or arguments.name, tuple(arguments.group))
    replace_file(arguments.output, invited.ticket.encode(), mode=0o600)
    print(arguments.output)
    if sys.stdout.isatty():
        print(addresses.qr_code(invited.ticket))
    terminal.tell(
        "入网票一天内有效，只能用一次。拿到那台小喇叭上用：xiaolaba join 文件；或者用手机扫上面的码，"
        "把文字贴进它的面板（设置 → 社区总站）。然后核对六位数字",
        "the ticket holds for a day and works once. On that box: xiaolaba join FILE; or scan the code with a phone and"
        " paste its text on the box's panel (Settings → Community hub). Then compare the six digits",
    )
    return 0


def _confirm(arguments: argparse.Namespace, folders: Folders) -> int:
    _client(folders).confirm(arguments.name, "".join(arguments.digits))
    terminal.tell(f"“{arguments.name}”已入网", f"“{arguments.name}” is in")
    return 0


def _refuse(arguments: argparse.Namespace, folders: Folders) -> int:
    _client(folders).turn_away(arguments.name)
    terminal.tell(f"没有让“{arguments.name}”入网", f"“{arguments.name}” was turned away")
    return 0


def _lost(arguments: argparse.Namespace, folders: Folders) -> int:
    _client(folders).lose(arguments.name)
    terminal.tell(f"“{arguments.name}”已作废，连接已断开", f"“{arguments.name}” is revoked and disconnected")
    return 0


def _zones(arguments: argparse.Namespace, folders: Folders) -> int:
    zones = _client(folders).zones()
    if getattr(arguments, "json", False):
        print(msgspec.json.encode(zones).decode())
        return 0
    for alarm in zones.hub.alarms:
        terminal.tell(f"! {alarm.zh}", alarm.en)
    for zone in zones.zones:
        if zone.digits is not None:
            stands = terminal.text(f"等待核对：{zone.digits}", f"waits: {zone.digits}")
        elif zone.standing != "member":
            stands = {
                "invited": terminal.text("还没有入网", "has not joined"),
                "lost": terminal.text("已作废", "revoked"),
            }[zone.standing]
        elif zone.online:
            stands = terminal.text("在线", "online")
        else:
            stands = terminal.text("离线", "offline")
        print(f"{zone.name:<20} {stands}  {zone.zone}")
    return 0


def _walk(arguments: argparse.Namespace, folders: Folders) -> int:
    from cli.hub_walk import walk_round  # noqa: PLC0415 - as above

    return walk_round(arguments.stick.absolute(), folders)


def _backup(arguments: argparse.Namespace, folders: Folders) -> int:
    from fleet.hub.keeping import back_up  # noqa: PLC0415 - as above
    from fleet.hub.room import HubRoom  # noqa: PLC0415

    back_up(HubRoom(folders.hub), arguments.file.absolute())
    print(arguments.file)
    terminal.tell(
        "总站已备份。这个文件里有钥匙：像钥匙一样保管。根钥匙不在里面",
        "the hub is backed up. Its keys are in the file: keep it as you keep keys. The root key is not in it",
    )
    return 0


def _restore(arguments: argparse.Namespace, folders: Folders) -> int:
    from cli.hub_founding import restored_here  # noqa: PLC0415 - as above

    restored_here(folders, arguments.file.absolute())
    terminal.tell(
        "总站已恢复。各小区会自动连回来，并补上这段时间的记录",
        "the hub is back. The zones follow it, and send it the records since",
    )
    return 0


def _root(arguments: argparse.Namespace, folders: Folders) -> int:
    from cli.hub_founding import as_hub  # noqa: PLC0415 - as above
    from fleet.hub.founding import take_root_away  # noqa: PLC0415
    from fleet.hub.room import HubRoom  # noqa: PLC0415

    def take() -> int:
        take_root_away(HubRoom(folders.hub), arguments.file.absolute())
        terminal.tell(
            f"根钥匙已移到 {arguments.file}，请保管好：换钥匙时要用",
            f"the root key is now {arguments.file}: keep it safe, it is needed to change the keys",
        )
        return 0

    return as_hub(folders, take)


def _keys(arguments: argparse.Namespace, folders: Folders) -> int:
    from cli.hub_founding import as_hub, draw_pin  # noqa: PLC0415 - as above
    from fleet.hub.founding import rotate  # noqa: PLC0415
    from fleet.hub.room import HubRoom  # noqa: PLC0415

    def change() -> int:
        pin = draw_pin()
        rotate(HubRoom(folders.hub), pin, SystemClock(), root_at=arguments.root)
        terminal.tell(
            "钥匙已更换，各小区连上总站时自动换用；旧钥匙从此无效。新的紧急口令：",
            "the keys are changed: each zone takes them when it reaches the hub, and the old ones count no more."
            " The new PIN:",
        )
        print(pin)
        return 0

    return as_hub(folders, change)


def _client(folders: Folders) -> HubClient:
    from fleet.hub.client import HubClient  # noqa: PLC0415 - ``help`` looks at every verb

    return HubClient(folders.hub_socket)
