"""The page that residents open by the QR code on the wall: nothing to log in to, to send, or to lead further."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from speaker.client import SpeakerAway
from speaker.trust.states import Trust
from tts.wave_file import SAMPLE_BYTES
from web.archive import waiting
from web.handed_in import HandedIn, handed_in
from web.language import LANGUAGES, language_now
from web.residents.shown import Aired, Shown, next_due, shown
from web.words import day_name

# Short, for it may have to be typed from the wall.
residents = Blueprint("residents", __name__, url_prefix="/24")

MADE_ANEW_SECONDS = 10  # what was aired meanwhile comes by a copy that is made every half minute
LARGEST_PIECE_BYTES = 96 * 1024  # 19 s of sound; 600 answers that nobody reads then hold 60 MB at most
WAIT_SECONDS = 30
_SHA256 = re.compile(r"[0-9a-f]{64}")
_View = Callable[..., ResponseReturnValue]


def _open_to_all(view: _View) -> _View:
    """Let nobody in while it is switched off, nor out of turn; whatever is answered, no search engine may keep it."""

    @wraps(view)
    def answered(**named: str) -> Response:
        page = handed_in().open_page
        if not page.switch.is_on():
            answer = make_response(_refused(_("这一页没有开。"), _("想看的话，请跟居委会说一声。")), 404)
        elif not page.turns.take(request.remote_addr or ""):
            answer = make_response(_refused(_("看的人太多了，请等半分钟再打开。"), ""), 429)
            answer.headers["Retry-After"] = str(WAIT_SECONDS)
        else:
            answer = make_response(view(**named))
        answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return answer

    return answered


@residents.get("/")
@_open_to_all
def show() -> ResponseReturnValue:
    """Show what was aired in the last 24 hours: the same to everybody."""
    house = handed_in()
    body = house.open_page.made.of(language_now(), _state(house), lambda: _drawn(house).encode())
    answer = make_response(body)
    answer.headers["Cache-Control"] = f"private, max-age={MADE_ANEW_SECONDS}"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    answer.set_etag(hashlib.sha256(body).hexdigest()[:16])
    return answer.make_conditional(request)


@residents.get("/<sha256>.mp3")
@_open_to_all
def sound(sha256: str) -> ResponseReturnValue:
    """Return the sound of what is shown now, a piece at a time; there is none of what was withdrawn or only drafted."""
    house = handed_in()
    path = house.open_page.sounds.of(sha256) if _SHA256.fullmatch(sha256) else None
    if path is None or sha256 not in clips_shown(house):
        return _refused(_("这段声音现在没有了。"), ""), 404
    _ask_for_no_more_than_a_piece()
    answer = send_file(path.absolute(), mimetype="audio/mpeg", conditional=True, etag=sha256, max_age=600)
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer


def shown_now(house: HandedIn) -> tuple[Shown, ...]:
    """Return what is to be shown."""
    return house.open_page.made.of("shown", _state(house), lambda: _shown(house))


def clips_shown(house: HandedIn) -> frozenset[str]:
    """Return the clips that may be heard now."""
    return frozenset(one.clip for one in shown_now(house) if one.clip)


def _state(house: HandedIn) -> tuple[int, int, str]:
    """Return what is another when something else is to be shown; a message that is withdrawn is gone at once."""
    edition = house.desk.on_desk().edition
    step = int(house.clock.now().timestamp()) // MADE_ANEW_SECONDS
    return step, house.archive.changed(), edition.revision if edition else ""


def _shown(house: HandedIn) -> tuple[Shown, ...]:
    now, edition, entries = house.clock.now(), house.desk.on_desk().edition, house.archive.entries()
    today = now.astimezone(_zone(house)).date()
    airings = house.records.between(today - timedelta(days=2), today)
    withdrawn = waiting(entries, edition.programme) if edition else entries
    due = {} if _is_timeless(house) else next_due(house.on_air(), now)
    return shown(airings, house.on_air(), withdrawn, now, due=due, frames_of=lambda clip: _frames(house, clip))


def _is_timeless(house: HandedIn) -> bool:
    """Tell whether nobody knows what time it is: then nothing sounds, and nothing is promised."""
    try:
        return house.speaker.status().clock.trust is Trust.UNTRUSTED
    except SpeakerAway:
        return False


def _frames(house: HandedIn, clip: str) -> int | None:
    """Return how long a clip is, by the size of its file."""
    path = house.clips / f"{clip}.wav"
    return path.stat().st_size // SAMPLE_BYTES if path.is_file() else None


def _drawn(house: HandedIn) -> str:
    now, on_air = house.clock.now(), house.on_air()
    here = now.astimezone(_zone(house))
    due = min(next_due(on_air, now).values(), default=None)
    return render_template(
        "residents/last_day.html",
        zone=on_air.zone if on_air else "",
        made=f"{here:%H:%M}",
        today=day_name(here.date()),
        every=shown_now(house),
        next_due=_when(due, here) if due else "",
        timeless=_is_timeless(house),
        times=lambda aired: [_time(one, here) for one in aired],
        when=lambda instant: _when(instant, here),
        day_name=day_name,
        hearable=lambda clip: bool(clip) and house.open_page.sounds.of(clip) is not None,
        other=[(code, name, html_name) for code, (name, html_name) in LANGUAGES.items() if code != language_now()],
    )


def _time(aired: Aired, here: datetime) -> str:
    told = _when(aired.at, here)
    return told if aired.whole else _("%(when)s（没有播完）", when=told)


def _when(instant: datetime, here: datetime) -> str:
    """Return the day and the time as a person says them."""
    local = instant.astimezone(here.tzinfo)
    day = {0: _("今天"), 1: _("明天"), -1: _("昨天")}.get((local.date() - here.date()).days) or day_name(local.date())
    return _("%(day)s %(at)s", day=day, at=f"{local:%H:%M}")


def _zone(house: HandedIn) -> ZoneInfo:
    edition = house.desk.on_desk().edition
    plan = house.on_air() or (edition.programme if edition else None)
    return ZoneInfo(plan.timezone if plan else "Asia/Shanghai")


def _refused(sentence: str, more: str) -> str:
    return render_template("residents/refused.html", sentence=sentence, more=more)


def _ask_for_no_more_than_a_piece() -> None:
    """Shorten the part that was asked for (RFC 9110, 15.3.7, allows it): the phone asks for the next by itself."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return
    first, after = asked.ranges[0]
    if first >= 0:
        last = min(after or first + LARGEST_PIECE_BYTES, first + LARGEST_PIECE_BYTES) - 1
        request.environ["HTTP_RANGE"] = f"bytes={first}-{last}"
