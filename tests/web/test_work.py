"""The page of a piece of work, with and without scripts."""

from __future__ import annotations

import re
from html import unescape

import pytest

from box.sentences import XiaolabaError
from tests.web.house import House, hidden
from tts.clip import Progress, ReportProgress
from web.jobs import Finish


def test_progress_is_told_to_the_page_and_to_its_script(house: House) -> None:
    """While it runs the page says what is being done; without scripts it comes again by itself."""
    phone = house.logged_in()
    seen = []

    def work(report: ReportProgress) -> Finish:
        report(Progress(1, 4, "正在生成：防护要点"))
        seen.append((phone.get(f"/work/{job.id}").text, phone.get(f"/work/{job.id}/state").json))
        return Finish(page="/messages/")

    job = house.jobs.submit("正在准备播出", work, back="/")
    assert phone.get(f"/work/{job.id}/state").json == {"over": False, "done": 0, "total": 0, "doing": "排队等一下"}
    house.jobs.run_waiting()
    page, state = seen[0]
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert 'max="4" value="1"' in page
    assert state == {"over": False, "done": 1, "total": 4, "doing": "正在生成：防护要点"}
    assert phone.get(f"/work/{job.id}").location == "/messages/"


def test_work_that_is_not_known_any_more_leads_to_today(house: House) -> None:
    """The panel was started anew meanwhile: no dead end."""
    phone = house.logged_in()
    assert phone.get("/work/gone").location == "/"
    assert phone.get("/work/gone/state").json == {"over": True}
    assert "请看一看结果" in phone.get("/").text


def test_what_is_saved_but_could_not_be_put_on_air_is_told_apart(house: House) -> None:
    """The words are safe in the file; only the voice is missing, and the page says so."""
    house.publish()
    phone = house.logged_in()
    work = phone.change("stay", text="新写的话。")
    house.studio.fail_after = 1
    house.jobs.run_waiting()
    failed = phone.get(work.location).text
    assert "稿件已经保存" in failed
    assert "新写的话。" in house.file.read_text(encoding="utf-8")
    assert "播出改动" in phone.get("/").text


def fail(_report: ReportProgress) -> Finish:
    """Fail as a job does, in a sentence."""
    raise XiaolabaError("声卡没有了", "the card is gone")


@pytest.mark.parametrize("kept", ["", "您写的都还在，没有丢。"])
def test_a_failure_promises_what_was_said_to_be_kept_and_no_more(house: House, kept: str) -> None:
    """Beside the reason; where nothing was typed there is nothing to promise."""
    phone = house.logged_in()
    job = house.jobs.submit("正在做", fail, back="/", kept=kept)
    house.jobs.run_waiting()
    [note] = re.findall(r'<div class="note bad" role="alert">.*?</div></div>', phone.get(f"/work/{job.id}").text)
    assert re.findall(r"<p>(.*?)</p>", note) == ["没有做成：声卡没有了。", *([kept] if kept else [])]


@pytest.mark.parametrize("act", ["save", "listen"])
@pytest.mark.parametrize("address", ["/messages/stay", "/messages/~new"])
def test_what_was_written_is_there_where_the_failure_leads_back_to(house: House, address: str, act: str) -> None:
    """As it says: the engine failed, the words did not."""
    phone = house.logged_in()
    fields = hidden(phone.get(address).text) | {"title": "停水", "text": "明天停水，请存水。", "act": act}
    house.studio.broken = True
    work = phone.client.post(address, data=fields).location
    house.jobs.run_waiting()
    assert "您写的都还在，没有丢。" in phone.get(work).text
    assert "明天停水，请存水。" in phone.get(_back(phone.get(work).text)).text


def test_what_was_filled_in_is_there_where_the_failure_leads_back_to(house: House) -> None:
    """Here the name of the courtyard, on which somebody else was quicker."""
    phone = house.logged_in()
    work = phone.send("/settings/zone/", {"chosen": "幸福小区", "was": "不是原来的"}, page="/settings/zone/").location
    house.jobs.run_waiting()
    assert "您填的都还在，没有丢。" in phone.get(work).text
    assert "幸福小区" in phone.get(_back(phone.get(work).text)).text


def test_where_nothing_was_written_nothing_is_said_of_it(house: House) -> None:
    """Putting on air, and taking away a broadcast that somebody else took away before."""
    phone = house.logged_in()
    house.studio.broken = True
    for address, page in (("/on-air", "/"), ("/schedule/at/gone/remove", "/schedule/")):
        work = phone.send(address, {}, page=page).location
        house.jobs.run_waiting()
        told = phone.get(work).text
        assert "没有做成" in told, address
        assert "都还在" not in told, address


def _back(page: str) -> str:
    found = re.search(r'<a class="main" href="([^"]+)"', page)
    assert found
    return unescape(found[1])
