"""What every page is held to."""

from pathlib import Path

import pytest

from tests.web.fakes import airing
from tests.web.house import NOON, House, hidden, new_house
from web.permissions import OPEN_TO_ALL
from web.security import HEADERS, is_ours, names_of

HOSTILE = '"><script>alert(1)</script>'


def _routes(tmp_path: Path) -> list[tuple[str, str, str]]:
    app = new_house(tmp_path).app
    return [
        (rule.endpoint, method, rule.rule.replace("<message_id>", "stay").replace("<job_id>", "x"))
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith("/api/")  # no cookie counts there: tests/web/test_api.py
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
    ]


def test_every_page_but_the_open_ones_needs_a_login(house: House, tmp_path: Path) -> None:
    """Walks the URL map: a page that is added is closed unless somebody opens it on purpose."""
    house.users.set_password("王书记", "longhai-2020")
    phone = house.phone()
    token = hidden(phone.get("/login").text)
    seen = set()
    for endpoint, method, rule in _routes(tmp_path):
        if endpoint in OPEN_TO_ALL:
            continue
        seen.add(endpoint)
        address = rule.replace("<sha256>", "0" * 64)
        answer = phone.get(address) if method == "GET" else phone.client.post(address, data=token)
        assert answer.status_code == (303 if method == "GET" else 401), (endpoint, method)
        if method == "GET":
            assert answer.location.partition("?")[0] == "/login"
    assert {"today.show", "today.play", "today.stop", "today.on_air", "messages.change", "clips.wav"} <= seen


def test_every_form_without_its_token_is_refused(house: House, tmp_path: Path) -> None:
    """Another site can make her phone send a form, but not know the token; the words are given back."""
    phone = house.logged_in()
    for _endpoint, method, rule in _routes(tmp_path):
        if method != "GET":
            answer = phone.client.post(rule, data={"text": "写了很久的话"})
            assert answer.status_code == 400, rule
            assert "写了很久的话" in answer.text
    assert house.speaker.asked == []


def test_who_was_logged_out_in_a_form_is_given_back_what_was_typed(house: House) -> None:
    """Title, words and reasons, and the way back to that very page; never a password."""
    phone = house.logged_in()
    page = "/zones/urgent/u1?own=b-1"
    typed = {"occasion": "三号楼燃气泄漏", "reason": "写错了", "password": "longhai-2020", "pin": "271828"}
    answer = phone.client.post("/zones/urgent/u1", data=typed, headers={"Referer": f"http://localhost{page}"})
    assert answer.status_code == 400
    for words in ("三号楼燃气泄漏", "写错了", f'href="{page}"'):
        assert words in answer.text
    assert "longhai-2020" not in answer.text
    assert "271828" not in answer.text
    elsewhere = phone.client.post("/play", headers={"Referer": "http://evil.example/page"})
    assert "evil.example" not in elsewhere.text


def test_every_answer_has_the_strict_headers(house: House) -> None:
    """Pages, refusals, redirects, files and the health check alike."""
    phone = house.logged_in()
    for address in ("/", "/messages/", "/nothing-here", "/static/panel.css", "/healthz", "/clips/" + "0" * 64 + ".wav"):
        answer = phone.get(address)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, address
        answer.close()
    assert phone.get("/").headers["Cache-Control"] == "no-store"
    assert house.phone().get("/").headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("192.168.1.20:8080", True),
        ("[fe80::1]:8080", True),
        ("xiaolaba.local:8080", True),
        ("XIAOLABA.local", True),
        ("localhost", True),
        ("evil.example", False),
        ("xiaolaba.local.evil.example", False),
        ("192.168.1.20.evil.example", False),
        ("", False),
    ],
)
def test_only_digits_and_our_names_are_answered(host: str, ours: bool) -> None:
    """A page elsewhere can lead its own name here, but can't send another name than its own."""
    assert is_ours(host, frozenset(names_of("xiaolaba"))) is ours


def test_a_foreign_host_is_refused(house: House) -> None:
    """DNS rebinding ends here, on every page."""
    for address in ("/login", "/healthz", "/static/panel.css"):
        answer = house.phone().get(address, headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert "请用喇叭盒子上写的地址" in answer.text


def test_markup_in_any_field_is_shown_as_text(house: House) -> None:
    """Title, text, user name and what was said come out escaped wherever they are shown."""
    house.users.set_password(HOSTILE[:20], "longhai-2020")
    phone = house.phone()
    phone.log_in(HOSTILE[:20], "longhai-2020")
    phone.change("stay", title=HOSTILE, text=HOSTILE + "你好")
    house.jobs.run_waiting()
    house.publish()
    house.speaker.airings = (airing(1, NOON, title=HOSTILE, text=HOSTILE, who=HOSTILE),)
    for address in ("/", "/?live=1", "/messages/", "/messages/stay", "/records"):
        page = phone.get(address).text
        assert "<script>alert" not in page, address
        assert "&lt;script&gt;" in page, address
    wrong = house.phone().send("/login", {"name": HOSTILE, "password": "x"})
    assert "<script>alert" not in wrong.text


def test_no_page_has_a_script_or_a_style_in_it(house: House) -> None:
    """The content policy allows files of our own only, so anything inline would be dead."""
    phone = house.logged_in()
    for address in ("/", "/messages/", "/messages/stay", "/records", "/first-visit"):
        page = phone.get(address).text
        assert "style=" not in page
        assert "<style" not in page
        assert " on" + "click" not in page
        assert "<script>" not in page
        assert "http://" not in page.replace("http://localhost", "")
        assert "https://" not in page


def test_a_large_form_is_refused_before_it_is_read(house: House) -> None:
    """Only a message may be long."""
    phone = house.phone()
    house.users.set_password("王书记", "longhai-2020")
    answer = phone.send("/login", {"name": "a", "password": "x" * 70_000})
    assert answer.status_code == 413


def test_what_was_not_foreseen_is_one_sentence(house: House) -> None:
    """A fault of ours shows no traceback and no detail."""

    def fail(_text: str) -> float:
        raise ValueError("a detail for the log")

    house.studio.seconds = fail  # type: ignore[method-assign] - a fake of ours
    answer = house.logged_in().get("/messages/")
    assert answer.status_code == 500
    assert "面板出了问题" in answer.text
    assert "detail" not in answer.text


def test_files_change_their_address_with_their_content(house: House) -> None:
    """The phone keeps them for a year, and asks anew after an upgrade."""
    page = house.phone().get("/first-visit").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    answer = house.phone().get(address)
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    answer.close()


def test_the_health_check_answers_anybody(house: House) -> None:
    """The launcher asks it before anybody has been set up."""
    assert house.phone().get("/healthz").text == "ok\n"
