"""``status``: how the speaker is."""

from __future__ import annotations

import argparse
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from box.folders import Folders
from box.sentences import Sentence
from box.settings import SettingsInvalid, read_settings
from cli import encrypted, terminal, wire
from cli.checkup_fleet import standing_sentence
from cli.places import settings_file
from fleet.agent.standing import standing_in
from speaker.protocol import Status
from speaker.words import clock_sentence, contact_sentence, standing
from web.lan.announced_file import kept

SUMMARY = Sentence("播音程序现在怎样", "how the speaker is")

_CARD = {
    "card": Sentence("声卡正常", "the sound card is there"),
    "recorder": Sentence("没有声卡，录成文件", "no sound card: it records"),
    "missing": Sentence("声卡没有连接", "the sound card is missing"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take ``--json``."""
    parser.add_argument("--json", action="store_true", help=terminal.text("只输出 JSON", "nothing but JSON"))


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print the status on standard output; exit 0 also with alarms, which ``doctor`` is for."""
    status = wire.client_of(folders).status()
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(status), indent=1).decode())
        return 0
    for line in [*lines_of(status), *_on_lan(folders), *_fleet(folders)]:
        print(line)
    return 0


def _on_lan(folders: Folders) -> list[str]:
    try:
        panel = read_settings(settings_file(folders)).panel
    except SettingsInvalid:
        return []  # the speaker's own alarm says so
    name = kept(folders.announced).name
    called = [terminal.text(f"在局域网里叫 {name}", f"on the LAN it is called {name}")] if name else []
    return [*called, *encrypted.lines_of(folders, panel, panel.host)]


def _fleet(folders: Folders) -> list[str]:
    standing = standing_in(folders.fleet)
    return [standing_sentence(standing).text(terminal.language())] if standing else []


def lines_of(status: Status) -> list[str]:
    """Return the status for a person, the day's broadcasts a line each."""
    zone = ZoneInfo(status.timezone) if status.timezone else None  # nothing is on air yet: the machine's own
    now = _time(status.now, zone, "%Y-%m-%d %H:%M:%S")
    lines = [f"{status.zone or '—'}  {now}  {_CARD[status.card].text(terminal.language())}"]
    lines.append(clock_sentence(status.clock, status.now).text(terminal.language()))
    if status.quiet_now:
        lines.append(
            terminal.text(f"现在是安静时段（{status.quiet_hours}）", f"quiet hours now ({status.quiet_hours})")
        )
    if status.quiet_request:
        asked, until = status.quiet_request, _time(status.quiet_request.until, zone, "%H:%M")
        why = " ".join(filter(None, (asked.who, asked.occasion)))
        lines.append(terminal.text(f"有人请求安静到 {until}  {why}", f"quiet until {until}, asked for  {why}"))
    if status.silenced:
        lines.append(terminal.text("已按钮静音，下一个时段照常", "silenced by the button until the next cue"))
    for cue in status.today:
        state = standing(cue.state, cue.reason).text(terminal.language())
        at, titles = _time(cue.due, zone, "%H:%M"), "、".join(cue.titles)
        lines.append(f"  {at}  {cue.broadcast:<12} {state}  {cue.seconds:.0f} s  {titles}")
    if status.sounding:
        sounds = status.sounding
        lines.append(
            terminal.text(f"正在播：{sounds.title}", f"sounding: {sounds.title}")
            + f"  {sounds.position_seconds:.0f}/{sounds.length_seconds:.0f} s"
        )
    for one in status.waiting:
        zh, en = ("接着播", "goes on") if one.was_cut else ("排队", "waits")
        lines.append(terminal.text(f"  {zh}：{one.title}  {one.who}", f"  {en}: {one.title}  {one.who}").rstrip())
    for contact in status.contacts:
        how, title = contact_sentence(contact, status.now).text(terminal.language()), contact.title or contact.message
        lines.append(
            terminal.text(f"外接开关“{contact.name}”（{title}）：{how}", f"contact “{contact.name}” ({title}): {how}")
        )
    if status.next_due:
        at = _time(status.next_due, zone, "%Y-%m-%d %H:%M")
        lines.append(terminal.text(f"下一次：{at}", f"next: {at}"))
    lines.extend("! " + Sentence(alarm.zh, alarm.en).text(terminal.language()) for alarm in status.alarms)
    return lines


def _time(instant: datetime, zone: ZoneInfo | None, form: str) -> str:
    return instant.astimezone(zone).strftime(form)
