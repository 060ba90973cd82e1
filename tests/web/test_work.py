"""The page of a piece of work, with and without scripts."""

from tests.web.house import House
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
