"""建议: what a yard would have otherwise of what is shared. Adopted, its words are saved and go to all; or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub.client import HubRefuses
from fleet.hub.inbox import KeptProposal
from fleet.wire.accounts import ProposedWords
from programme.model import Message, Programme
from programme.shared import shared_id
from programme.wording import Part, differences
from programme.zones import ZONE_SAID
from tts.clip import ReportProgress
from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import handed_in
from web.jobs import Finish
from web.language import as_sentence
from web.messages.origin import one_line
from web.saving import tidy, without_unseen
from web.schedule.saving import GoneMeanwhile, save_change
from web.schedule.week import edition_on_desk
from web.zones.hub import hub_here
from web.zones.local import Local
from web.zones.proposed_times import Times, put_into, times_of

zone_proposals = Blueprint("zone_proposals", __name__, url_prefix="/zones/proposals")

LONGEST_ANSWER = 100


@dataclass(frozen=True)
class Wished:
    """An open proposal, the yard's name in words, and the message or times that it is about; None for what is gone."""

    kept: KeptProposal
    yard: str
    message: Message | None
    words: ProposedWords | None
    title: tuple[Part, ...] = ()
    text: tuple[Part, ...] = ()
    times: Times | None = None

    @property
    def can_be_adopted(self) -> bool:
        """Whether the hub can do it by itself; else a person does."""
        return (self.message is not None and self.words is not None) or (
            self.times is not None and self.times.can_be_done
        )


@zone_proposals.get("/")
def every() -> str:
    """Show what is proposed, the difference marked, and what was answered."""
    house, hub = handed_in(), hub_here()
    kept, programme = hub.proposals().proposals, edition_on_desk(house).programme
    zones = hub.zones().zones
    yards = _names(zones)
    return render_template(
        "zones/proposals.html",
        waiting=[_wished(one, programme, zones) for one in kept if one.adopted is None],
        answered=[(one, yards.get(one.device, one.device)) for one in kept if one.adopted is not None],
        longest=LONGEST_ANSWER,
        local=Local(house),
    )


@zone_proposals.post("/<device>/<proposal>/adopt")
def adopt(device: str, proposal: str) -> ResponseReturnValue:
    """Save the words as the yard would have them, then tell the yard."""
    house, hub, adopter = handed_in(), hub_here(), user_name()
    kept = _open(hub.proposals(), device, proposal)
    wished = _wished(kept, edition_on_desk(house).programme, hub.zones().zones)
    if not wished.can_be_adopted:
        flash(_("这条建议不能直接采纳。请自己改好，再点“已经照办”。"), "bad")
        return redirect(url_for("zone_proposals.every"), 303)
    answer, message_id = _answer(), wished.message.id if wished.message else ""
    _note(wished)
    page, said = url_for("zone_proposals.every"), _("采纳了，按新的发给各小区，也答复了提建议的小区。")

    def save(report: ReportProgress) -> Finish:
        done = save_change(
            house,
            lambda programme: _with(programme, wished),
            author=_author(wished),
            approver=adopter,
            page=page,
            said=said,
            report=report,
            message_id=message_id,
        )
        hub.answer_proposal(device, proposal, adopted=True, words=answer)
        return done

    job = house.jobs.submit(_("正在采纳建议"), save, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


@zone_proposals.post("/<device>/<proposal>/drop")
def drop(device: str, proposal: str) -> ResponseReturnValue:
    """Leave everything as it is, and tell the yard why."""
    return _told(device, proposal, adopted=False, said=_("没有采纳，已经答复了那个小区。"))


@zone_proposals.post("/<device>/<proposal>/done")
def done(device: str, proposal: str) -> ResponseReturnValue:
    """Tell the yard that a person has done what it asked for; nothing is changed by it."""
    return _told(device, proposal, adopted=True, said=_("答复了那个小区：已经照办。"))


def _told(device: str, proposal: str, *, adopted: bool, said: str) -> ResponseReturnValue:
    hub, answer = hub_here(), _answer()
    note_act(target=_open(hub.proposals(), device, proposal).proposal.entry, new=answer)
    try:
        hub.answer_proposal(device, proposal, adopted=adopted, words=answer)
    except HubRefuses as error:
        flash(as_sentence(error.sentence), "bad")
    else:
        flash(said)
    return redirect(url_for("zone_proposals.every"), 303)


def as_ours(words: ProposedWords, message: Message, yard: str) -> ProposedWords:
    """Return ``words`` as the hub writes them: where the message has ``{zone}``, the yard saw its own name."""
    title, text = tidy(without_unseen(words.title), without_unseen(words.text))
    if yard and ZONE_SAID in message.title:
        title = title.replace(yard, ZONE_SAID)
    if yard and ZONE_SAID in message.text:
        text = text.replace(yard, ZONE_SAID)
    return ProposedWords(title=title, text=text)


def _open(told: p.Proposals, device: str, proposal: str) -> KeptProposal:
    found = next((one for one in told.proposals if (one.device, one.proposal.id) == (device, proposal)), None)
    if found is None or found.adopted is not None:
        abort(404, _("没有这条建议，可能已经答复过了。"))
    return found


def _names(zones: Sequence[p.Zone]) -> dict[str, str]:
    return {zone.name: zone.zone or zone.name for zone in zones}


def _wished(kept: KeptProposal, programme: Programme, zones: Sequence[p.Zone]) -> Wished:
    yard, words = _names(zones).get(kept.device, kept.device), kept.proposal.words
    message = next((one for one in programme.messages if shared_id(one.id) == kept.proposal.entry), None)
    if message is None or words is None:
        return Wished(kept, yard, message, words, times=times_of(programme, kept, zones))
    ours = as_ours(words, message, yard)
    title, text = differences(message.title, ours.title), differences(message.text, ours.text)
    return Wished(kept, yard, message, ours, tuple(title), tuple(text))


def _author(wished: Wished) -> str:
    """Return who wrote it as the ledger is to name them: a person of that yard, not the one who let it through."""
    return f"{wished.yard} {wished.kept.proposal.who}".rstrip()


def _note(wished: Wished) -> None:
    message, words, times = wished.message, wished.words, wished.times
    if message is not None and words is not None:
        note_act(target=message.id, old=f"{message.title}\n{message.text}", new=f"{words.title}\n{words.text}")
    elif times is not None:
        note_act(target=times.broadcast.id, old=times.now, new=times.then)


def _with(programme: Programme, wished: Wished) -> Programme:
    """Return the programme with what was proposed. Raises GoneMeanwhile where that is about something else by now."""
    message, words, times = wished.message, wished.words, wished.times
    if times is not None:
        return put_into(programme, times)
    now = programme.message(message.id) if message else None
    if now is None or message is None or words is None or (now.title, now.text) != (message.title, message.text):
        raise GoneMeanwhile
    new = msgspec.structs.replace(now, title=words.title, text=words.text)
    return msgspec.structs.replace(
        programme, messages=tuple(new if one.id == new.id else one for one in programme.messages)
    )


def _answer() -> str:
    return one_line(request.form.get("words", ""))[:LONGEST_ANSWER]
