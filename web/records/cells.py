"""The cells of a ledger: the columns that inspectors ask for, what an airing fills them with, its totals, the words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from box.seconds import nearest_second
from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Outcome
from speaker.record import Airing
from web.language import tell
from web.records.ledger import Totals, approvers, sources, wording, writers
from web.records.sheets import Column
from web.words import KINDS, ORIGINS, heard_words, look_of, why

Numbers = dict[tuple[str, str, str], int]  # each wording with its number (``ledger.wordings``)
Cells = tuple[str | float, ...]


def ledger_columns() -> list[Column]:
    """Return the columns of ``ledger_cells``."""
    return [
        Column(_("日期"), 11),
        Column(_("应播"), 7),
        Column(_("实播"), 9),
        Column(_("内容"), 34),
        Column(_("来源"), 24),
        Column(_("时长（秒）"), 8),
        Column(_("音量（%）"), 8),
        Column(_("撰稿"), 14),
        Column(_("审核"), 10),
        Column(_("结果"), 8),
        Column(_("备注"), 30),
    ]


def ledger_cells(airing: Airing, zone: ZoneInfo, numbers: Numbers) -> Cells:
    """Return what one airing fills the columns with."""
    due, started = (
        nearest_second(instant).astimezone(zone) if instant else None
        for instant in (airing.due, airing.started if airing.frames_played else None)
    )
    remarks = [
        tell(KINDS[airing.priority]) if airing.priority != "programme" else "",
        _("%(origin)s，%(who)s", origin=tell(ORIGINS[airing.origin]), who=airing.who)
        if airing.who
        else tell(ORIGINS[airing.origin]),
        _("事由：%(why)s", why=airing.occasion) if airing.occasion else "",
        why(airing.reason),
        heard_words(airing),
    ]
    return (
        airing.day.isoformat(),
        f"{due:%H:%M}" if due else "",
        f"{started:%H:%M:%S}" if started else "",
        _titles(airing, numbers),
        "\n".join(sources(airing)),
        round(airing.frames_played / SAMPLE_RATE_HZ, 1),
        airing.volume_percent,
        "\n".join(writers(airing)),
        "\n".join(approvers(airing)),
        look_of(airing.outcome).word,
        "\n".join(line for line in remarks if line),
    )


def _titles(airing: Airing, numbers: Numbers) -> str:
    """Return what was said, each with the number of its wording where it has one; else what the row is of."""
    known = [numbers.get(wording(one)) for one in airing.said]
    titles = [
        f"{one.title} [{number}]" if number else one.title for one, number in zip(airing.said, known, strict=True)
    ]
    return "\n".join(titles) or (airing.who if airing.outcome is Outcome.NOTED else _("（没有稿件）"))


def total_cells(totals: Totals) -> list[Cells]:
    """Return what was due, how it ended, and how long it sounded, a row each."""
    return [
        (_("应播（次）"), totals.planned),
        *((look_of(outcome).word, totals.of(outcome)) for outcome in Outcome if outcome is not Outcome.NOTED),
        (_("插播"), totals.pages),
        (_("应急广播"), totals.emergencies),
        (_("一共响了（分钟）"), round(totals.seconds / 60, 1)),
    ]


def reason_cells(totals: Totals) -> list[Cells]:
    """Return why what was not aired whole was not, and how often, a row each."""
    return [
        (_("%(outcome)s：%(why)s", outcome=look_of(outcome).word, why=why(reason)), count)
        for outcome, reason, count in totals.reasons
    ]


def words_columns() -> list[Column]:
    """Return the columns of ``words_cells``."""
    return [Column(_("编号"), 6), Column(_("标题"), 24), Column(_("播出的原话"), 80), Column("SHA-256", 68)]


def words_cells(numbers: Numbers) -> list[Cells]:
    """Return every wording under its number, a row each."""
    return [
        (number, title, text or _("（录音，没有写下原话）"), clip) for (title, text, clip), number in numbers.items()
    ]


def signed_by() -> str:
    """Return the line on which a ledger is signed."""
    return (" " * 8).join(f"{who} {'_' * 12}" for who in (_("经办人"), _("审核人"), _("负责人"), _("日期")))
