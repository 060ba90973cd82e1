"""What residents see: what was really aired, by a page that needs no login and leads nowhere."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from werkzeug.test import TestResponse

from programme.file import ProgrammeFile
from speaker.airing import Outcome
from speaker.condition import ClockStatus
from speaker.record import Airing, Said
from speaker.trust.states import Trust
from tests.web.fakes import airing, wav_of_silence
from tests.web.house import NAME, NOON, House, Phone, hidden
from tests.web.messages.test_message_acts import finish
from tests.web.residents.test_turns import Watch
from web.residents.page import LARGEST_PIECE_BYTES, MADE_ANEW_SECONDS
from web.residents.turns import Pace, Turns

MORNING = NOON.replace(hour=23, minute=30) - timedelta(days=1)  # 07:30 in Shanghai
CLIP = "c" * 64


def said(**changes: object) -> Said:
    """Return the message "stay" as it was aired."""
    values: dict[str, object] = {"message": "stay", "title": "守好阵地", "text": "只要还有一粒米，不往人多地方挤。"}
    values |= {"clip": CLIP, "voice": "v", "engine": "e", "stand_in": False}
    return Said(**(values | changes))  # type: ignore[arg-type] - the fields above, by name


def row(number: int = 1, *words: Said, **changes: object) -> Airing:
    """Return an airing of this morning."""
    values: dict[str, object] = {"said": words or (said(),)}
    return airing(number, MORNING, **(values | changes))


def opened(house: House, *rows: Airing) -> Phone:
    """Open the page to residents, after ``rows`` were aired; return a stranger's phone."""
    house.publish()
    house.speaker.airings = rows
    house.handed_in.records.fetch(lambda after: house.speaker.records(changed_after=after))
    house.handed_in.open_page.switch.turn(True)
    return house.phone()


def make_ready(house: House, size: int = 300_000) -> bytes:
    """Put the sound of the clip where it is found."""
    folder, content = house.folder / "aired", bytes(number % 251 for number in range(size))
    folder.mkdir()
    (folder / f"{CLIP}.mp3").write_bytes(content)
    return content


def hear(phone: Phone, asked: str = "") -> TestResponse:
    """Ask for the sound, or a part of it, and read it."""
    with phone.get(f"/24/{CLIP}.mp3", headers={"Range": asked} if asked else {}) as answer:
        assert answer.data
        return answer


def withdraw(house: House, phone: Phone, why: str) -> None:
    """Withdraw "stay"."""
    answer = phone.send("/messages/stay/withdraw", {"reason": why}, page="/messages/stay/withdraw")
    finish(house, phone, answer.location)


def test_nothing_is_open_until_a_publisher_opens_it(house: House) -> None:
    """Off by default: neither words nor sound; on by one press, which is on record, and off by another."""
    phone, secretary = house.phone(), house.logged_in()
    make_ready(house)
    house.publish()
    house.speaker.airings = (row(),)
    secretary.get("/records")
    for address in ("/24/", f"/24/{CLIP}.mp3"):
        assert phone.get(address).status_code == 404
    secretary.send("/settings/residents/", {"on": "yes"}, page="/settings/residents/")
    assert "只要还有一粒米" in phone.get("/24/").text
    assert hear(phone).status_code == 200
    secretary.send("/settings/residents/", {"on": "no"}, page="/settings/residents/")
    assert phone.get("/24/").status_code == 404
    acts = [one for one in house.acts() if one.what == "residents_setting.turn"]
    assert [(one.who, one.old, one.new) for one in acts] == [(NAME, "开", "关"), (NAME, "关", "开")]


@pytest.mark.parametrize("role", ["editor", "installer"])
def test_only_a_publisher_opens_it(house: House, role: str) -> None:
    """The others see whether it is open."""
    phone = house.logged_in_as(role)  # type: ignore[arg-type] - two of the roles
    assert phone.get("/settings/residents/").status_code == 200
    assert phone.send("/settings/residents/", {"on": "yes"}, page="/settings/residents/").status_code == 403
    assert not house.handed_in.open_page.switch.is_on()


def test_nothing_is_promised_while_the_time_is_not_known(house: House) -> None:
    """Neither the time, nor when anything comes: nothing sounds until somebody knows it."""
    phone = opened(house, row())
    known = phone.get("/24/").text
    house.clock.advance(MADE_ANEW_SECONDS)
    house.speaker.clock = ClockStatus(trust=Trust.UNTRUSTED)
    page = phone.get("/24/").text
    for words in ("现在是", "下一次"):
        assert words in known
        assert words not in page
    assert "喇叭还不知道现在几点，时间对好以前不出声。" in page
    assert "只要还有一粒米" in page


def test_the_words_when_they_were_aired_and_come_next_and_whose_they_are(house: House) -> None:
    """Each wording once, with all its times; who typed and approved it is nobody's business."""
    words = said(source="街道办〔2026〕3号", author="赵科长", wrote="王书记账号", approved="李主任账号")
    yesterday = airing(1, MORNING - timedelta(hours=11), said=(words,), outcome="cut")
    page = opened(house, yesterday, row(2, words)).get("/24/").text
    assert page.count("只要还有一粒米") == 1
    assert "今天 07:30、昨天 20:30（没有播完）" in page
    assert "今天 18:30" in page
    assert "街道办〔2026〕3号" in page
    assert "赵科长" in page
    assert "账号" not in page


def test_until_when_it_is_true_is_told(house: House) -> None:
    """As the message on air has it."""
    house.publish()
    phone, secretary = opened(house, row()), house.logged_in()
    current = house.publisher.current
    assert current is not None
    messages = tuple(msgspec.structs.replace(one, valid_until=NOON.date()) for one in current.messages)
    house.publisher.current = msgspec.structs.replace(current, messages=messages)
    assert re.search(r"有效到</dt><dd>6月3日", phone.get("/24/").text)
    assert secretary.get("/24/").status_code == 200


@pytest.mark.parametrize(
    "one",
    [
        row(1, frames_played=0, outcome=Outcome.MISSED),
        airing(1, NOON - timedelta(hours=25), said=(said(),)),
        airing(1, NOON + timedelta(hours=1), said=(said(),)),
    ],
)
def test_what_did_not_sound_in_the_last_day_is_not_shown(house: House, one: Airing) -> None:
    """Missed, too long ago, or of a clock that was wrong."""
    page = opened(house, one).get("/24/").text
    assert "只要还有一粒米" not in page
    assert "过去 24 小时没有播过。" in page


def test_of_a_broadcast_that_was_cut_what_came_after_is_not_shown(house: House) -> None:
    """It was not heard: the first message alone is longer than what sounded."""
    cut = row(
        1, said(), said(message="hotline", title="电话", text="请拨打 12345。"), outcome="cut", frames_played=24_000
    )
    phone = opened(house, cut)
    (house.folder / "clips" / f"{CLIP}.wav").write_bytes(wav_of_silence(frames=48_000))
    page = phone.get("/24/").text
    assert "只要还有一粒米" in page
    assert "12345" not in page


def test_drafts_and_messages_that_were_not_aired_are_nowhere(house: House) -> None:
    """Neither their words nor their sounds."""
    phone, secretary = opened(house, row()), house.logged_in()
    secretary.change("stay", text="还没有想好的话。", act="listen")
    house.jobs.run_waiting()
    assert "还没有想好" not in phone.get("/24/").text
    assert "12345" not in phone.get("/24/").text  # "hotline" is on air, and has not been aired
    for clip in house.studio.folder.glob("*.wav"):
        assert phone.get(f"/24/{clip.stem}.mp3").status_code == 404


def test_a_message_that_was_withdrawn_says_so_and_why_and_its_sound_is_gone(house: House) -> None:
    """At once; the correction stands in its place. Brought back, it is there again."""
    phone, secretary = opened(house, row()), house.logged_in()
    make_ready(house)
    assert f"/24/{CLIP}.mp3" in phone.get("/24/").text
    withdraw(house, secretary, "停水改到后天")
    page = phone.get("/24/").text
    assert "已撤回" in page
    assert "停水改到后天" in page
    assert "只要还有一粒米" not in page
    assert "mp3" not in page
    assert phone.get(f"/24/{CLIP}.mp3").status_code == 404
    (entry,) = house.handed_in.archive.entries()
    form = secretary.get(f"/messages/~new?corrects={entry.id}").text
    fields = hidden(form) | {"title": "更正：守好阵地", "text": "请各家留人。", "act": "save"}
    finish(house, secretary, secretary.client.post("/messages/~new", data=fields).location)
    assert "请各家留人。" in phone.get("/24/").text


def test_a_correction_that_nobody_has_approved_is_not_shown(house: House) -> None:
    """What stands in the programme meanwhile is nobody's words; approved, it is shown."""
    phone, secretary = opened(house, row()), house.logged_in()
    withdraw(house, secretary, "念错了")
    (entry,) = house.handed_in.archive.entries()
    editor = house.logged_in_as("editor")
    form = editor.get(f"/messages/~new?corrects={entry.id}").text
    fields = hidden(form) | {"title": "更正", "text": "请各家留人。", "act": "save"}
    finish(house, editor, editor.client.post("/messages/~new", data=fields).location)
    page = phone.get("/24/").text
    assert "请各家留人" not in page
    assert "还没有审核" not in page
    name = ProgrammeFile(house.file).read().programme.messages[-1].id
    review = secretary.get(f"/reviews/{name}").text
    answer = secretary.client.post(f"/reviews/{name}/approve", data=hidden(review))
    finish(house, secretary, answer.location)
    assert "请各家留人。" in phone.get("/24/").text


def test_the_page_leads_nowhere_sets_nothing_and_runs_nothing(house: House) -> None:
    """Its own page in the other language, its style and mark, its sounds; no cookie, no script, no form."""
    phone = opened(house, row())
    make_ready(house)
    answer = phone.get("/24/")
    led = set(re.findall(r'(?:href|src|action)="([^"]*)"', answer.text))
    static = {address for address in led if address.startswith("/static/")}
    assert led - static == {"?language=en", f"/24/{CLIP}.mp3"}
    assert not re.search(r"<script|<form|<input|<button|<iframe", answer.text)
    for one in (answer, hear(phone), phone.get("/24/x.mp3"), phone.get("/24/?language=en")):
        assert "Set-Cookie" not in one.headers
        assert one.headers["X-Robots-Tag"].startswith("noindex")
        assert "private" in one.headers["Cache-Control"] or one.status_code == 404
    assert phone.client.post("/24/").status_code in {400, 401}


def test_chinese_first_and_english_by_a_link(house: House) -> None:
    """No choice is kept on the phone; a browser that wants English gets it."""
    phone = opened(house, row())
    assert 'lang="zh-CN"' in phone.get("/24/").text
    assert "in the last 24 hours" in phone.get("/24/?language=en").text
    assert "in the last 24 hours" in phone.get("/24/", headers={"Accept-Language": "en-GB"}).text
    assert "播过的话" in phone.get("/24/?language=zh", headers={"Accept-Language": "en-GB"}).text


def test_a_phone_that_looks_again_gets_nothing_that_it_has(house: House) -> None:
    """By the mark of what it has."""
    phone = opened(house, row())
    mark = phone.get("/24/").headers["ETag"]
    assert phone.get("/24/", headers={"If-None-Match": mark}).status_code == 304


def test_it_is_compressed_once_for_all_who_look(house: House) -> None:
    """And is known again by the same mark."""
    phone, takes = opened(house, row()), {"Accept-Encoding": "gzip"}
    plain, first, second = phone.get("/24/"), *(phone.get("/24/", headers=takes) for _ in range(2))
    assert gzip.decompress(first.data) == plain.data
    assert second.data == first.data
    assert second.headers["ETag"] == first.headers["ETag"] == plain.headers["ETag"]
    assert phone.get("/24/", headers=takes | {"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert set(first.vary) == {"Accept-Language", "Cookie", "Accept-Encoding"}


def test_the_page_is_made_once_for_all_who_look(house: House) -> None:
    """Within ten seconds the records are not even read again."""
    phone = opened(house, row())
    phone.get("/24/")
    (house.folder / "records.sqlite").unlink()
    assert "只要还有一粒米" in phone.get("/24/").text


def test_a_sound_is_given_a_piece_at_a_time(house: House) -> None:
    """So that no phone that asks and never reads holds more; asking on, it gets all of it."""
    phone = opened(house, row())
    content = make_ready(house)
    got = b""
    while len(got) < len(content):
        answer = hear(phone, f"bytes={len(got)}-")
        assert answer.status_code == 206
        assert len(answer.data) <= LARGEST_PIECE_BYTES
        got += answer.data
    assert got == content
    assert hear(phone, "bytes=0-1").data == content[:2]
    assert hear(phone).data == content


def test_who_asks_without_end_is_told_to_wait(house: House) -> None:
    """On a page as plain, without a cookie; the panel's own pages are served."""
    phone, secretary = opened(house, row()), house.logged_in()
    page, watch = house.handed_in.open_page, Watch()
    turns = Turns(watch, by_address=Pace(at_once=2, a_second=1))
    house.app.extensions["xiaolaba"] = replace(house.handed_in, open_page=replace(page, turns=turns))
    assert [phone.get("/24/").status_code for _ in range(3)] == [200, 200, 429]
    told = phone.get("/24/")
    assert "请等半分钟" in told.text
    assert "Retry-After" in told.headers
    assert "Set-Cookie" not in told.headers
    assert secretary.get("/").status_code == 200
    watch.seconds += 1
    assert phone.get("/24/").status_code == 200


def test_the_sheet_for_the_wall_leads_to_this_page_alone(house: House) -> None:
    """Once it is open; the login's address is on the operators' card, not here."""
    secretary = house.logged_in()
    assert secretary.get("/settings/residents/sheet").status_code == 303
    house.handed_in.open_page.switch.turn(True)
    page = secretary.get("/settings/residents/sheet").text
    assert '<p class="address">http://192.0.2.7:8080/24/</p>' in page
    assert "http://192.0.2.7:8080/<" not in page
    assert "警苑小区" in page


def test_markup_in_what_was_said_is_shown_as_text(house: House) -> None:
    """Every field."""
    bad = '"><script>alert(1)</script>'
    words = said(title=bad, text=bad, source=bad, author=bad)
    page = opened(house, row(1, words)).get("/24/").text
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") >= 4
