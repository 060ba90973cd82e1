"""The application: Flask with everything it works with handed in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

from flask import Flask
from flask.typing import ResponseReturnValue, RouteCallable
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from box.clock import Clock
from tts.bulletins import BulletinBoard
from tts.clip import Studio
from tts.kept_words import KeptWords
from tts.recordings import Takes
from web.api.routes import api
from web.archive import Archive
from web.assets import name_by_content
from web.audit.auditing import keep_an_audit_log
from web.audit.log import Audit
from web.audit.page import audit as audit_page
from web.backup.arriving import Arriving
from web.backup.page import backup
from web.clips import clips
from web.clock import clock as clock_page
from web.compressed import travel_compressed
from web.desk import Desk
from web.drafts import Drafts
from web.failures import tell_failures
from web.gate import guard
from web.handed_in import HandedIn, Publishing, Speaker
from web.help.page import help_pages
from web.installed import Installed
from web.jobs import Jobs
from web.lan.cookies import CookieByScheme
from web.lan.standing import OnLan, tell_whether_encrypted
from web.language import language, speak
from web.loudness.kept import LoudnessFile
from web.loudness.page import loudness
from web.mending import mending
from web.messages.archiving import message_archive
from web.messages.history import message_history
from web.messages.new import new_message
from web.messages.page import messages
from web.messages.source_form import message_source
from web.messages.validity_form import message_validity
from web.messages.versions import MessageVersions
from web.messages.withdrawing import message_withdrawal
from web.more import more
from web.people.account import account
from web.people.back_off import BackOff
from web.people.setup_code import SetupCode
from web.people.tokens import Tokens
from web.people.tokens_page import tokens as tokens_page
from web.people.two_people import TwoPeople
from web.people.users import SESSION_LASTS, Users
from web.people.users_page import users as users_page
from web.quiet import quiet
from web.records.copy import RecordsCopy
from web.records.page import records
from web.residents.open_page import open_page_at
from web.residents.page import residents
from web.residents.setting import residents_setting
from web.reviews.page import reviews
from web.reviews.proposals import Proposals
from web.say.handing_over import HandingOver
from web.say.page import say
from web.schedule.archived import archive
from web.schedule.broadcasts import broadcasts
from web.schedule.exceptions import exceptions
from web.schedule.holidays import holidays
from web.schedule.week import schedule
from web.security import LARGEST_FORM_BYTES, secure
from web.settings.page import settings
from web.settings.samples import Samples
from web.settings.voice import voice
from web.settings.volume import volume
from web.settings.zone import zone
from web.shared.joining import joining
from web.shared.page import shared
from web.shared.times import shared_times
from web.shared.wishes import Wishes
from web.today import today
from web.uploads import PanelRequest
from web.voice.readings import readings
from web.voice.recordings import recordings
from web.work import work
from web.zones.adding import zone_adding
from web.zones.choosing import zone_choice
from web.zones.day_page import zone_day
from web.zones.field import zones_words
from web.zones.hub import Hub
from web.zones.ledger import zone_ledger
from web.zones.losing import zone_loss
from web.zones.page import zones
from web.zones.proposals import zone_proposals
from web.zones.records import zone_records
from web.zones.urgent import urgent
from web.zones.volumes import zone_volumes

SCHEDULE = (schedule, broadcasts, exceptions, holidays, archive)
MESSAGES = (
    messages,
    new_message,
    message_archive,
    message_withdrawal,
    message_source,
    message_validity,
    message_history,
)
SETTINGS = (settings, zone, voice, volume, loudness, residents_setting)
PEOPLE = (users_page, tokens_page, audit_page, backup, reviews, api)
ZONES = (
    zones,
    zone_day,
    zone_volumes,
    zone_adding,
    zone_loss,
    zone_choice,
    zone_proposals,
    zone_records,
    zone_ledger,
    urgent,
)
NOT_ENCRYPTED = OnLan()
# By address: a person mistypes a few times, a machine tries thousands. The back-off by name comes on top.
TRIES_PER_ADDRESS = "30 per minute; 300 per hour"


def create_app(
    *,
    clock: Clock,
    secret: bytes,
    names: Iterable[str],
    panel_folder: Path,
    clips_folder: Path,
    desk: Desk,
    studio: Studio,
    takes: Takes,
    publisher: Publishing,
    speaker: Speaker,
    jobs: Jobs,
    users: Users,
    setup_code: SetupCode,
    records_copy: RecordsCopy,
    words: KeptWords,
    installed: Installed,
    on_lan: OnLan = NOT_ENCRYPTED,
    pause: Callable[[float], None] = time.sleep,
    end: Callable[[], None] = lambda: None,
    hub_at: Callable[[], Hub | None] = lambda: None,
) -> Flask:
    """Return the panel. ``names`` are the host names it answers to besides addresses in digits.

    ``pause`` waits that many seconds, in a job. ``end`` ends the process, to be started anew on a restored room.
    ``hub_at`` gives the fleet's hub where this box is one.
    """
    app = Flask("web")
    app.request_class = PanelRequest
    app.session_interface = CookieByScheme()
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        SESSION_COOKIE_NAME="xiaolaba",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LASTS,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open overnight is still hers: the token ends with the session
        WTF_CSRF_SSL_STRICT=False,  # a browser may keep the Referer to itself: the token is what counts
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["xiaolaba"] = HandedIn(
        clock=clock,
        desk=desk,
        drafts=Drafts(panel_folder / "drafts"),
        archive=Archive(panel_folder / "archive"),
        versions=MessageVersions(panel_folder / "versions.sqlite", desk.history),
        studio=studio,
        takes=takes,
        publisher=publisher,
        handing_over=HandingOver(BulletinBoard(panel_folder / "bulletins.json"), speaker, pause),
        speaker=speaker,
        records=records_copy,
        jobs=jobs,
        users=users,
        tokens=Tokens(panel_folder / "tokens.json"),
        setup_code=setup_code,
        back_off=BackOff(clock),
        audit=Audit(panel_folder / "audit", clock),
        proposals=Proposals(panel_folder / "proposals"),
        wishes=Wishes(panel_folder),
        fleet=panel_folder.with_name("fleet"),
        two_people=TwoPeople(panel_folder / "two-people.json"),
        arriving=Arriving(panel_folder, end),
        folder=panel_folder,
        clips=clips_folder,
        words=words,
        on_lan=on_lan,
        installed=installed,
        samples=Samples(panel_folder / "voice-samples.json", clips_folder),
        loudness=LoudnessFile(panel_folder / "loudness.json"),
        open_page=open_page_at(panel_folder, clips_folder, clock),
        hub_at=hub_at,
    )
    app.jinja_env.globals.update(is_hub=lambda: hub_at() is not None, zones_words=zones_words)
    travel_compressed(app)
    name_by_content(app)
    speak(app)
    secure(app, names)
    guard(app)
    keep_an_audit_log(app)
    tell_whether_encrypted(app, on_lan)
    for blueprint in (
        account,
        today,
        clock_page,
        mending,
        quiet,
        more,
        help_pages,
        say,
        *MESSAGES,
        work,
        clips,
        records,
        residents,
        recordings,
        readings,
        language,
        shared,
        shared_times,
        joining,
        *SCHEDULE,
        *SETTINGS,
        *PEOPLE,
        *ZONES,
    ):
        app.register_blueprint(blueprint)
    _throttle(app)
    app.add_url_rule("/healthz", "healthz", _healthy)
    tell_failures(app)
    return app


def _throttle(app: Flask) -> None:
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    for page in ("account.log_in", "account.set_up"):
        view = limiter.limit(TRIES_PER_ADDRESS)(app.view_functions[page])
        app.view_functions[page] = cast(RouteCallable, view)


def _healthy() -> ResponseReturnValue:
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
