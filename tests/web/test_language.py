"""The language of a page: the browser's or the one chosen, and whole in it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask_babel import gettext

import web
from box.sentences import Sentence, XiaolabaError
from tests.web.house import House
from tts.clip import Progress, ReportProgress
from web.jobs import Finish
from web.language import in_the_askers_language, tell

CATALOGUE = Path(web.__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"


@pytest.mark.parametrize(
    ("accepted", "html_language", "heading"),
    [
        ("", "zh-CN", "小喇叭"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "小喇叭"),
        ("en-GB,en;q=0.9", "en", "Xiaolaba"),
        ("fr-FR,en;q=0.5,zh;q=0.1", "en", "Xiaolaba"),
        ("fr-FR", "zh-CN", "小喇叭"),
    ],
)
def test_a_page_is_in_the_language_of_the_browser(
    house: House, accepted: str, html_language: str, heading: str
) -> None:
    """Before anybody has chosen, what the browser asks for counts; Chinese where it asks for neither."""
    house.users.set_password("王书记", "longhai-2020")
    page = house.phone().get("/login", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{html_language}">' in page
    assert f"<h1>{heading}</h1>" in page


def test_the_language_that_was_chosen_stays_through_login_and_logout(house: House) -> None:
    """A choice is the device's: it works before the login, and counts for more than what the browser asks for."""
    house.users.set_password("王书记", "longhai-2020")
    phone = house.phone()
    answer = phone.send("/language", {"language": "en", "return_to": "/login"})
    assert (answer.status_code, answer.location) == (303, "/login")
    phone.log_in()
    assert '<html lang="en">' in phone.get("/", headers={"Accept-Language": "zh-CN"}).text
    phone.send("/logout", {}, page="/")
    assert '<html lang="en">' in phone.get("/login", headers={"Accept-Language": "zh-CN"}).text


def test_a_language_that_there_is_not_changes_nothing(house: House) -> None:
    """What is not one of ours is not kept."""
    house.users.set_password("王书记", "longhai-2020")
    phone = house.phone()
    assert "Set-Cookie" not in phone.send("/language", {"language": "xx", "return_to": "/login"}).headers


@pytest.mark.parametrize(
    ("return_to", "leads_to"),
    [
        ("/messages/?x=1", "/messages/?x=1"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("///elsewhere.example/", "/"),
        ("/\\/elsewhere.example/", "/"),
        ("\\\\elsewhere.example/", "/"),
        ("/\t/elsewhere.example/", "/"),
        ("", "/"),
    ],
)
def test_choosing_a_language_leads_nowhere_else(house: House, return_to: str, leads_to: str) -> None:
    """The form shows the page it came from again, and can't be made to lead to another machine."""
    house.users.set_password("王书记", "longhai-2020")
    answer = house.phone().send("/language", {"language": "en", "return_to": return_to})
    assert answer.location == leads_to


def test_what_is_in_both_languages_is_told_in_the_readers(house: House) -> None:
    """A Sentence needs no catalogue; outside a request it is Chinese, as everything is."""
    both = Sentence("没有声卡", "There is no sound card")
    assert tell(both) == "没有声卡"
    with house.app.test_request_context(headers={"Accept-Language": "en"}):
        assert tell(both) == "There is no sound card"


def test_work_on_a_thread_speaks_the_language_of_who_asked(house: House) -> None:
    """A job's words are made long after the request is over, and are still in its language."""
    with house.app.test_request_context(headers={"Accept-Language": "en"}):
        asked = in_the_askers_language(lambda: gettext("今天"))
    assert asked() == "Today"
    assert in_the_askers_language(lambda: gettext("今天"))() == "今天"


def test_a_job_says_what_it_does_and_what_went_wrong_in_the_askers_language(house: House) -> None:
    """The page of the work is English for who submitted it in English."""
    phone = house.logged_in()
    phone.send("/language", {"language": "en"}, page="/")
    seen = []

    def work(report: ReportProgress) -> Finish:
        report(Progress(1, 4, gettext("请稍等")))
        job = house.jobs.find(asked.id)
        seen.append(job.progress.doing if job and job.progress else "")
        raise XiaolabaError("现在念不出来", "no engine can be reached")

    with house.app.test_request_context(headers={"Accept-Language": "en"}):
        asked = house.jobs.submit(gettext("请稍等"), work, back="/")
    house.jobs.run_waiting()
    assert seen == ["Please wait"]
    assert "It was not done: No engine can be reached." in phone.get(f"/work/{asked.id}").text


def test_the_catalogue_that_is_used_is_the_one_that_is_written() -> None:
    """``messages.mo`` is ``messages.po`` compiled; CONTRIBUTING.md has the command for when it is not."""
    with CATALOGUE.open("rb") as written:
        catalogue = read_po(written, locale="en")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.getvalue() == CATALOGUE.with_suffix(".mo").read_bytes()
