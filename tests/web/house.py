"""A panel to test: the real pages over a folder of its own, a fake speaker, studio and publisher, and a phone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from box.settings import Settings
from programme.credits import Credits
from programme.file import ProgrammeFile
from programme.history import History
from tests.fakes import SetClock
from tests.tts.fakes import FakeCleaner, FakeLister
from tests.web.fakes import FakePublisher, FakeSpeaker, FakeStudio
from tests.web.sooner import RememberedRule, RememberedTemplates, cheap_hash
from tests.web.zones.fake_hub import FakeHub
from tts.child import Cleaner
from tts.kept_words import KeptWords
from tts.library import ClipLibrary
from tts.recordings import Takes
from tts.voice_list import VoiceList
from tts.voice_store.installed import VoiceStore
from web.app import create_app
from web.audit.log import Act
from web.desk import Desk
from web.handed_in import HandedIn
from web.installed import Installed
from web.jobs import Jobs
from web.people.roles import Role
from web.people.setup_code import SetupCode
from web.people.users import Users
from web.records.copy import RecordsCopy

NOON = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Shanghai
NAME, PASSWORD = "王书记", "longhai-2020"
TEMPLATES = RememberedTemplates()
Flask.url_rule_class = RememberedRule

SCHEDULE = """\
version: 1
zone: 警苑小区
timezone: Asia/Shanghai
voice: zh-CN-XiaoxiaoNeural
volume: 80
messages:
  stay:
    title: 守好阵地   # the slogan
    text: 只要还有一粒米，不往人多地方挤。
  hotline:
    title: 监督举报电话
    text: 发现聚集、瞒报、谣言，请拨打 12345。
broadcasts:
  morning:
    at: "07:30"
    messages: [stay]
  evening:
    at: "18:30"
    messages: [stay, hotline]
"""


@dataclass
class House:
    """One panel and everything it was handed."""

    app: Flask
    clock: SetClock
    speaker: FakeSpeaker
    studio: FakeStudio
    publisher: FakePublisher
    jobs: Jobs
    users: Users
    setup_code: SetupCode
    takes: Takes
    cleaner: FakeCleaner
    desk: Desk
    folder: Path
    history: History
    pauses: list[float]
    ends: list[str]
    lister: FakeLister
    hubs: list[FakeHub]

    @property
    def handed_in(self) -> HandedIn:
        """What the pages work with."""
        return self.app.extensions["xiaolaba"]

    @property
    def installed_checkup(self) -> Path:
        """Where the last check of the machine lies."""
        return self.handed_in.installed.checkup

    @property
    def file(self) -> Path:
        """The programme file."""
        return self.folder / "schedule.yaml"

    def phone(self) -> Phone:
        """Return a phone that has never been here."""
        return Phone(self.app.test_client())

    def logged_in(self) -> Phone:
        """Return a phone on which the secretary is logged in."""
        if not self.users.exist():
            self.users.set_password(NAME, PASSWORD)
        phone = self.phone()
        assert phone.log_in().status_code == 303
        return phone

    def logged_in_as(self, role: Role, name: str = "") -> Phone:
        """Return a phone on which somebody of that role is logged in, beside the secretary."""
        name = name or {"editor": "小编", "publisher": "书记", "installer": "师傅"}[role]
        if not self.users.exist():
            self.users.set_password(NAME, PASSWORD)
        if self.users.find(name) is None:
            self.users.add(name, role, self.clock.now())
            self.users.set_password(name, PASSWORD)
        phone = self.phone()
        assert phone.log_in(name).status_code == 303
        return phone

    def make_hub(self) -> FakeHub:
        """Make this box the fleet's hub, and return that."""
        self.hubs.append(FakeHub(self.clock))
        return self.hubs[-1]

    def publish(self) -> None:
        """Put what is in the file on air."""
        edition = self.desk.on_desk().edition
        assert edition is not None
        self.publisher.publish(edition.programme, edition.revision, lambda _progress: None)

    def acts(self) -> tuple[Act, ...]:
        """Return today's acts in the audit log, the newest first."""
        return self.handed_in.audit.day(self.clock.now().date(), UTC).acts

    def title_of(self, message_id: str) -> str:
        """Return the title in the file."""
        message = ProgrammeFile(self.file).read().programme.message(message_id)
        assert message is not None
        return message.title


@dataclass
class Phone:
    """A browser that fills in forms as a person does: it opens the page and sends what is hidden in it too."""

    client: FlaskClient

    def get(self, address: str, **options: object) -> TestResponse:
        """Open a page."""
        return self.client.get(address, **options)  # type: ignore[arg-type] - passed on as they are

    def send(self, address: str, fields: dict[str, str], page: str = "/login") -> TestResponse:
        """Send a form with the token of ``page``."""
        token = hidden(self.get(page).text).get("csrf_token", "")
        return self.client.post(address, data={"csrf_token": token} | fields)

    def token(self) -> str:
        """Return the token that this phone's forms carry."""
        return hidden(self.get("/first-visit").text)["csrf_token"]

    def log_in(self, name: str = NAME, password: str = PASSWORD) -> TestResponse:
        """Log in."""
        return self.send("/login", {"name": name, "password": password})

    def change(self, message_id: str, **fields: str) -> TestResponse:
        """Open a message, change the fields and send the form (``act`` is save unless it is named)."""
        page = self.get(f"/messages/{message_id}")
        assert page.status_code == 200, page.text
        return self.client.post(f"/messages/{message_id}", data=filled(page.text) | {"act": "save"} | fields)


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def filled(page: str) -> dict[str, str]:
    """Return what the form of a message holds as it came."""
    title = re.search(r'<input id="title" name="title" value="([^"]*)"', page)
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert title and text
    return hidden(page) | {"title": unescape(title[1]), "text": unescape(text[1])}


def new_house(folder: Path, schedule: str = SCHEDULE, cleaner: Cleaner | None = None) -> House:
    """Return a panel in ``folder``, on a Wednesday at noon. It is no hub's: ``make_hub`` makes it one."""
    hubs: list[FakeHub] = []
    clock = SetClock(NOON)
    studio = FakeStudio(folder / "clips")
    publisher = FakePublisher(studio, clock)
    fake = FakeCleaner()
    takes = Takes(
        folder=folder / "recordings",
        library=ClipLibrary(folder / "clips"),
        cleaner=cleaner or fake,
        clock=clock,
    )
    publisher.takes = takes
    speaker = FakeSpeaker(NOON)
    words = KeptWords(folder / "words.tsv", guards=True)
    lister = FakeLister()
    jobs, users = Jobs(), Users(folder / "users.json", cheap_hash)
    setup_code = SetupCode(folder / "setup-code.json", clock, cheap_hash)
    (folder / "schedule.yaml").write_text(schedule, encoding="utf-8")
    history = History(folder / "history")
    pauses: list[float] = []
    ends: list[str] = []
    desk = Desk(ProgrammeFile(folder / "schedule.yaml"), history, clock, Credits(folder / "credits.json"))
    publisher.credits = Credits(folder / "credits.json")
    app = create_app(
        clock=clock,
        secret=b"a secret for tests only, 32 bytes",
        names=("localhost", "xiaolaba.local"),
        panel_folder=folder,
        clips_folder=folder / "clips",
        desk=desk,
        studio=studio,
        takes=takes,
        publisher=publisher,
        speaker=speaker,
        jobs=jobs,
        users=users,
        setup_code=setup_code,
        records_copy=RecordsCopy(folder / "records.sqlite"),
        words=words,
        installed=Installed(
            Settings(),
            folder / "settings.toml",
            "192.0.2.7",
            8080,
            VoiceStore(folder / "voices"),
            VoiceList(folder / "voice-list.json", lister=lister, clock=clock),
            folder / "checkup.json",
        ),
        pause=pauses.append,
        end=lambda: ends.append("end"),
        hub_at=lambda: hubs[-1] if hubs else None,
    )
    app.jinja_env.bytecode_cache = TEMPLATES
    desk.look()
    return House(
        app,
        clock,
        speaker,
        studio,
        publisher,
        jobs,
        users,
        setup_code,
        takes,
        fake,
        desk,
        folder,
        history,
        pauses,
        ends,
        lister,
        hubs,
    )
