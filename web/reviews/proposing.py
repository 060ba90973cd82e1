"""What one person writes and another approves: handed in, approved into the programme, or given back with a reason."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from flask_babel import gettext as _

from box.sentences import Sentence, XiaolabaError
from programme.file import Edition, StaleRevision
from programme.model import Message, Programme
from tts.clip import ReportProgress
from web.drafts import Draft, fingerprint_of
from web.handed_in import HandedIn
from web.people.two_people import may_approve, must_wait
from web.reviews.correcting import Corrected, corrected, no_longer_waits
from web.reviews.proposals import Proposal, mark_of
from web.saving import save

LONGEST_REASON = 200


class NotApproved(XiaolabaError):
    """It was not put into the programme; the sentence says why and what to do."""


def waits_for_another(house: HandedIn, name: str) -> bool:
    """Tell whether what ``name`` writes waits for somebody else. Who is not known may not write at all: it waits."""
    user = house.users.find(name)
    return user is None or must_wait(user.role, house.two_people.wanted(), house.users.everybody())


def is_for(house: HandedIn, name: str, proposal: Proposal) -> bool:
    """Tell whether ``name`` may approve ``proposal`` or give it back."""
    user = house.users.find(name)
    return user is not None and may_approve(name, user.role, proposal.author)


def propose(house: HandedIn, wanted: Message, message: Message, author: str) -> Proposal:
    """Hand in that ``message`` is to be ``wanted``; the draft is no longer needed."""
    proposal = Proposal(
        message_id=message.id,
        title=wanted.title,
        text=wanted.text,
        twice=wanted.say_numbers_twice,
        recording=wanted.recording,
        was=mark_of(message),
        author=author,
        typed=house.clock.now(),
    )
    house.proposals.keep(proposal)
    house.drafts.drop(message.id)
    return proposal


def approve(
    house: HandedIn,
    proposal: Proposal,
    message: Message,
    *,
    approver: str,
    report: ReportProgress,
    saved: Callable[[], None],
) -> str:
    """Put ``proposal`` into the programme in the place of ``message``, as the approver was shown both; a job's work.

    Both names go into the history; ``saved`` is called once it is on the disk. Raises NotApproved where either is
    another by now, or the approver may not; and what ``saving.save`` raises.
    """
    if not is_for(house, approver, proposal):
        raise NotApproved(*Sentence("这一篇要另一位发布人来同意。", "Another publisher must approve this one."))
    edition, now = _message_now(house, message.id)
    kept = house.proposals.find(message.id)
    if kept is None or kept.mark != proposal.mark or not kept.waits or mark_of(now) != mark_of(message):
        raise NotApproved(
            *Sentence(
                "这一篇刚才又有人改过，没有播出去。请回到“待审”重新看一遍。",
                "Somebody has just changed this one; nothing was put on air. Look at it again.",
            )
        )
    if proposal.recording is not None:
        house.takes.agree(proposal.recording, proposal.text)
    done = corrected(house, proposed(edition.programme, proposal), message.id)

    def is_saved() -> None:
        house.proposals.drop(proposal)
        no_longer_waits(house, done)
        saved()

    try:
        said = save(
            house,
            message.id,
            done.programme,
            base=edition.revision,
            author=proposal.author,
            approver=approver,
            report=report,
            saved=is_saved,
        )
    except StaleRevision as error:
        house.desk.look()
        raise NotApproved(*error.sentence) from error
    return said + _where_it_airs(done)


def give_back(house: HandedIn, proposal: Proposal, message: Message, by: str, reason: str) -> None:
    """Give it back to its author with the reason; what they wrote is in the message's form again."""
    house.proposals.keep(msgspec.structs.replace(proposal, returned_by=by, reason=reason))
    if house.drafts.find(message.id) is None:
        house.drafts.keep(message.id, _draft_of(house, proposal, message))


def withdraw(house: HandedIn, proposal: Proposal, message: Message) -> None:
    """Take it back; what was written is in the message's form again."""
    if house.drafts.find(message.id) is None:
        house.drafts.keep(message.id, _draft_of(house, proposal, message))
    house.proposals.drop(proposal)


def proposed(programme: Programme, proposal: Proposal) -> Programme:
    """Return the programme with the proposal in it."""
    return msgspec.structs.replace(
        programme,
        messages=tuple(
            proposal.applied_to(message) if message.id == proposal.message_id else message
            for message in programme.messages
        ),
    )


def said_of(proposal: Proposal) -> str:
    """Return what to tell its author."""
    return _("《%(title)s》已经送审，发布人同意了才播。现在播的还是原来的。", title=proposal.title)


def _where_it_airs(done: Corrected) -> str:
    if done.entry is None:
        return ""
    if done.has_room:
        return _("它是更正，已经放在撤回的那一篇原来的时段里。")
    return _("它是更正，可是撤回的那一篇原来的时段现在放不下，请到“时段”里排一下。")


def _message_now(house: HandedIn, message_id: str) -> tuple[Edition, Message]:
    lying = house.desk.on_desk()
    message = lying.edition.programme.message(message_id) if lying.edition and not lying.broken else None
    if lying.edition is None or message is None:
        raise NotApproved(
            *Sentence(
                "这篇稿件已经不在节目里了，或者节目文件有错，没有播出去。",
                "This message is not in the programme any more, or the programme file is broken.",
            )
        )
    return lying.edition, message


def _draft_of(house: HandedIn, proposal: Proposal, message: Message) -> Draft:
    return Draft(
        title=proposal.title,
        text=proposal.text,
        twice=proposal.twice,
        was=fingerprint_of(message),
        author=proposal.author,
        typed=house.clock.now(),
    )
