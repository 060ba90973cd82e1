"""What was typed and is not saved: told where she looks first, since a power cut ends a save without a word."""

from __future__ import annotations

from flask_babel import gettext as _

from programme.file import Edition
from web.handed_in import HandedIn
from web.language import listed
from web.messages.new import draft_name


def unsaved_now(house: HandedIn, edition: Edition) -> str:
    """Return what to tell her of words that are kept and in no programme; nothing while a save may be under way."""
    if house.jobs.busy():
        return ""
    messages = edition.programme.messages
    kept = [(message, house.drafts.find(message.id)) for message in messages]
    titles = [
        _("《%(title)s》", title=message.title)
        for message, draft in kept
        if draft and (draft.title, draft.text, draft.twice) != (message.title, message.text, message.say_numbers_twice)
    ]
    new = house.drafts.find(draft_name())
    if new is not None:
        titles.append(_("新写的《%(title)s》", title=new.title))
    if not titles:
        return ""
    return _("写了还没有存下：%(titles)s。字都还在，请到“稿件”里打开，再按一次保存。", titles=listed(titles))
