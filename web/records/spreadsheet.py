"""The records as a table for a spreadsheet: UTF-8 with its mark, so that Excel opens it, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from box.seconds import nearest_second
from box.table_cell import harmless
from programme.publication import SAMPLE_RATE_HZ
from speaker.heard import Hearing
from speaker.record import Airing
from web.language import tell
from web.records.ledger import approvers, sources, writers
from web.records.parts import look_of_row, why_of_row
from web.words import CLOCKS, KINDS, ORIGINS, heard_words

_MARK = "\ufeff"


def table_of(airings: Iterable[Airing], zone: ZoneInfo) -> bytes:
    """Return ``airings`` as a CSV file, a row each, times as the clock on the wall showed them."""
    file = io.StringIO()
    file.write(_MARK)
    table = csv.writer(file)
    table.writerow(_headings())
    for airing in airings:
        table.writerow([harmless(cell) for cell in _row(airing, zone)])
    return file.getvalue().encode()


def table_of_yards(
    rows: Iterable[tuple[str, Airing]], zone: ZoneInfo, lacking: Iterable[tuple[str, str]] = ()
) -> bytes:
    """Return the rows of many yards, each with its yard first.

    ``lacking`` are yards and what of theirs is missing; they stand above the headings, where nobody overlooks them.
    """
    file = io.StringIO()
    file.write(_MARK)
    table = csv.writer(file)
    short = [[harmless(yard), harmless(missing)] for yard, missing in lacking]
    if short:
        table.writerows([[_("还差这些小区的记录")], *short, []])
    table.writerow([_("小区"), *_headings()])
    for yard, airing in rows:
        table.writerow([harmless(cell) for cell in (yard, *_row(airing, zone))])
    return file.getvalue().encode()


def _headings() -> list[str]:
    return [
        _("日期"),
        _("应播"),
        _("开始"),
        _("结束"),
        _("稿件"),
        _("原话"),
        _("来源"),
        _("实播秒数"),
        _("撰稿"),
        _("审核"),
        _("结果"),
        _("原因"),
        _("事由"),
        _("种类"),
        _("时段"),
        _("怎么播的"),
        _("谁"),
        _("声音"),
        _("音量（%）"),
        _("应播秒数"),
        _("晚了（毫秒）"),
        _("第几次"),
        _("时钟"),
        _("声音文件的校验码"),
        _("编号"),
        _("记录的校验码"),
        _("话筒听到了吗"),
        _("相似（%）"),
        _("比播出前后响（分贝）"),
    ]


def _row(airing: Airing, zone: ZoneInfo) -> list[str | int | float]:
    said = airing.said
    return [
        airing.day.isoformat(),
        _clock(airing.due, zone),
        _clock(airing.started, zone),
        _clock(airing.ended, zone),
        "\n".join(one.title for one in said),
        "\n\n".join(one.text for one in said),
        "\n".join(sources(airing)),
        round(airing.frames_played / SAMPLE_RATE_HZ, 1),
        "\n".join(writers(airing)),
        "\n".join(approvers(airing)),
        look_of_row(airing).word,
        why_of_row(airing, zone),
        airing.occasion,
        tell(KINDS[airing.priority]),
        airing.broadcast or "",
        tell(ORIGINS[airing.origin]),
        airing.who,
        "\n".join(_("%(voice)s（备用）", voice=one.voice) if one.stand_in else one.voice for one in said),
        airing.volume_percent,
        round(airing.frames / SAMPLE_RATE_HZ, 1),
        "" if airing.lateness_ms is None else round(airing.lateness_ms, 2),
        airing.attempt,
        tell(CLOCKS[airing.clock]) if airing.clock else "",
        "\n".join(one.clip for one in said),
        airing.id,
        airing.hash,
        heard_words(airing, with_figures=False),
        *_figures(airing.heard),
    ]


def _figures(heard: Hearing | None) -> tuple[str | float, str | float]:
    figures = (heard.likeness_percent, heard.above_noise_db) if heard else (None, None)
    alike, above = ("" if one is None else one for one in figures)
    return alike, above


def _clock(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{nearest_second(instant).astimezone(zone):%Y-%m-%d %H:%M:%S}" if instant else ""
