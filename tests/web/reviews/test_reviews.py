"""Two people: what one writes another approves, seen, heard, and with both names on record."""

import re

import pytest

from tests.web.house import NAME, House, Phone, filled
from tests.web.voice.test_recordings import kept, recording_of
from web.people.two_people import in_force, may_approve, must_wait
from web.people.users import User
from web.reviews.proposing import LONGEST_REASON


def _user(name: str, role: str, password: str = "kept") -> User:  # noqa: S107 - stands for a hash
    return User(name=name, role=role, password=password)  # type: ignore[arg-type] - one of the roles


@pytest.mark.parametrize(
    ("role", "wanted", "others", "waits"),
    [
        ("editor", False, [], True),
        ("editor", True, ["publisher"], True),
        ("installer", False, [], True),
        ("publisher", False, ["publisher"], False),
        ("publisher", True, [], False),
        ("publisher", True, ["editor"], False),
        ("publisher", True, ["publisher"], True),
    ],
)
def test_whose_words_wait(role: str, wanted: bool, others: list[str], waits: bool) -> None:
    """An editor's always; a publisher's when two are wanted and there is another to approve them."""
    everybody = [_user("a", "publisher"), *(_user(f"o{number}", other) for number, other in enumerate(others))]
    assert must_wait(role, wanted, everybody) is waits  # type: ignore[arg-type] - one of the roles


def test_a_publisher_who_has_no_password_yet_approves_nothing() -> None:
    """Until they can log in, the other's words would wait for ever."""
    assert not in_force(True, [_user("a", "publisher"), _user("b", "publisher", "")])


@pytest.mark.parametrize(
    ("name", "role", "author", "may"),
    [
        ("a", "publisher", "b", True),
        ("a", "publisher", "a", False),
        ("a", "editor", "b", False),
        ("a", "installer", "b", False),
    ],
)
def test_nobody_approves_their_own(name: str, role: str, author: str, may: bool) -> None:
    """Another person, and a publisher."""
    assert may_approve(name, role, author) is may  # type: ignore[arg-type] - one of the roles


def _shown(page: str) -> dict[str, str]:
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("proposal", "message")}


def _decide(phone: Phone, act: str, **fields: str) -> tuple[int, str]:
    page = phone.get("/reviews/stay").text
    shown = _shown(page) if 'name="proposal"' in page else {}
    answer = phone.client.post(f"/reviews/stay/{act}", data={"csrf_token": phone.token()} | shown | fields)
    return answer.status_code, answer.text


def test_what_an_editor_saves_waits_and_airs_nowhere(house: House) -> None:
    """The file is what it was; the editor is told, and the publisher sees it on the page of today."""
    editor, phone = house.logged_in_as("editor"), house.logged_in()
    house.publish()
    before = house.file.read_bytes()
    assert editor.change("stay", title="新标题", text="新写的话").status_code == 303
    house.jobs.run_waiting()
    assert house.file.read_bytes() == before
    assert "已经送审" in editor.get("/messages/").text
    assert "有 1 篇稿件等您审" in phone.get("/").text
    assert "等您审" not in editor.get("/").text
    page = phone.get("/reviews/stay").text
    assert "<ins>" in page
    assert "小编写的" in page


def test_it_is_heard_before_it_is_approved(house: House) -> None:
    """The words as they would be said, in the message's voice."""
    house.logged_in_as("editor").change("stay", text="新写的话")
    phone = house.logged_in()
    answer = phone.client.post("/reviews/stay/listen", data={"csrf_token": phone.token()})
    house.jobs.run_waiting()
    page = phone.get(answer.location, follow_redirects=True).text
    assert 'id="heard"' in page
    assert "<audio" in page
    assert house.studio.said[-1][0] == "新写的话"


def test_approving_puts_it_on_air_with_both_names_in_the_history_and_the_audit_log(house: House) -> None:
    """The author wrote it, the publisher let it through."""
    house.publish()
    house.logged_in_as("editor").change("stay", title="新标题", text="新写的话")
    phone = house.logged_in()
    page = _shown(phone.get("/reviews/stay").text)
    house.clock.advance(60)
    work = phone.client.post("/reviews/stay/approve", data={"csrf_token": phone.token()} | page)
    house.jobs.run_waiting()
    assert phone.get(work.location).location == "/reviews/"
    assert house.title_of("stay") == "新标题"
    assert house.publisher.current is not None
    published = house.publisher.current.message("stay")
    assert published is not None
    assert (published.text, published.wrote, published.approved) == ("新写的话", "小编", NAME)
    newest = house.history.entries()[0]
    assert (newest.author, newest.approver) == ("小编", NAME)
    acts = {act.what: act for act in house.acts()}
    assert acts["message.proposed"].who == "小编"
    assert (acts["message.saved"].who, acts["message.saved"].target) == (NAME, "stay")
    assert "只要还有一粒米" in acts["message.saved"].old
    assert "新写的话" in acts["message.saved"].new
    assert house.handed_in.proposals.waiting() == ()


def test_what_was_saved_and_could_not_be_put_on_air_waits_no_more(house: House) -> None:
    """It is in the file, with both names; the page says that the old words are still on air."""
    house.publish()
    house.logged_in_as("editor").change("stay", text="新写的话")
    phone = house.logged_in()
    page = _shown(phone.get("/reviews/stay").text)
    house.studio.fail_after = 1
    house.clock.advance(60)
    work = phone.client.post("/reviews/stay/approve", data={"csrf_token": phone.token()} | page)
    house.jobs.run_waiting()
    assert "喇叭还在播旧的" in phone.get(work.location).text
    assert house.handed_in.proposals.waiting() == ()
    assert house.history.entries()[0].approver == NAME


def test_what_is_given_back_is_in_the_form_again_with_the_reason(house: House) -> None:
    """The editor finds the words and why, and hands them in once more."""
    editor, phone = house.logged_in_as("editor"), house.logged_in()
    editor.change("stay", text="新写的话")
    assert _decide(phone, "return", reason=" ")[0] == 400
    assert _decide(phone, "return", reason="很" * (LONGEST_REASON + 1))[0] == 400
    assert _decide(phone, "return", reason="电话号码不对")[0] == 303
    page = editor.get("/messages/stay").text
    assert "退回了：电话号码不对" in page
    assert "新写的话" in page
    assert house.handed_in.proposals.waiting() == ()
    editor.change("stay", text="又写的话")
    (again,) = house.handed_in.proposals.waiting()
    assert (again.text, again.reason) == ("又写的话", "")


def test_two_publishers_approve_each_other_but_nobody_themselves(house: House) -> None:
    """With two people on; their own is refused, also by a form that is sent by hand."""
    house.handed_in.two_people.switch(on=True)
    other, phone = house.logged_in_as("publisher", "小张"), house.logged_in()
    phone.change("stay", title="新标题")
    page = phone.get("/reviews/stay").text
    assert "同意，播这一份" not in page
    shown = _shown(other.get("/reviews/stay").text)
    answer = phone.client.post("/reviews/stay/approve", data={"csrf_token": phone.token()} | shown)
    assert answer.status_code == 403
    house.jobs.run_waiting()
    assert house.title_of("stay") == "守好阵地"
    assert _decide(other, "approve")[0] == 303
    house.jobs.run_waiting()
    assert house.title_of("stay") == "新标题"
    assert (house.history.entries()[0].author, house.history.entries()[0].approver) == (NAME, "小张")


def test_an_editor_approves_nothing(house: House) -> None:
    """The gate says so."""
    house.logged_in_as("editor").change("stay", text="新写的话")
    second = house.logged_in_as("editor", "小赵")
    assert _decide(second, "approve")[0] == 403
    assert _decide(second, "return", reason="不好")[0] == 403
    assert _decide(second, "withdraw")[0] == 403


def test_exactly_what_was_shown_is_approved(house: House) -> None:
    """Words that were changed while she read are shown anew, not put on air."""
    editor, phone = house.logged_in_as("editor"), house.logged_in()
    editor.change("stay", text="第一份")
    shown = _shown(phone.get("/reviews/stay").text)
    editor.change("stay", text="第二份")
    answer = phone.client.post("/reviews/stay/approve", data={"csrf_token": phone.token()} | shown)
    assert answer.status_code == 409
    assert "第二份" in answer.text
    house.jobs.run_waiting()
    assert "份" not in house.file.read_text(encoding="utf-8")


def test_what_changes_between_the_tap_and_the_job_is_not_put_on_air(house: House) -> None:
    """The job looks again: the approval was for what was shown."""
    editor, phone = house.logged_in_as("editor"), house.logged_in()
    editor.change("stay", text="第一份")
    assert _decide(phone, "approve")[0] == 303
    editor.change("stay", text="第二份")
    house.jobs.run_waiting()
    assert "份" not in house.file.read_text(encoding="utf-8")
    assert [one.text for one in house.handed_in.proposals.waiting()] == ["第二份"]


def test_a_stale_one_shows_both(house: House) -> None:
    """A publisher changed the message after it was handed in: both are there, and approving replaces the newer."""
    editor, phone = house.logged_in_as("editor"), house.logged_in()
    editor.change("stay", text="编辑写的话")
    phone.change("stay", text="书记写的话")
    house.jobs.run_waiting()
    page = phone.get("/reviews/stay").text
    assert "送审以后，这篇稿件又被别人改过" in page
    assert "书记写的话" in page
    assert _decide(phone, "approve")[0] == 303
    house.jobs.run_waiting()
    assert "编辑写的话" in house.file.read_text(encoding="utf-8")


def test_one_editor_does_not_wipe_out_what_another_handed_in_unseen(house: House) -> None:
    """Who had the form open before sees the other's words first; saving again is meant to replace them."""
    first, second = house.logged_in_as("editor"), house.logged_in_as("editor", "小赵")
    page = second.get("/messages/stay").text
    first.change("stay", text="小编写的")
    late = second.client.post("/messages/stay", data=filled(page) | {"act": "save", "text": "小赵写的"})
    assert late.status_code == 409
    assert "小编写的" in late.text
    assert second.change("stay", text="小赵写的").status_code == 303
    assert [one.author for one in house.handed_in.proposals.waiting()] == ["小赵"]


def test_the_author_can_take_it_back(house: House) -> None:
    """To write on: the words are in the form."""
    editor, phone = house.logged_in_as("editor"), house.logged_in()
    editor.change("stay", text="新写的话")
    assert _decide(editor, "withdraw")[0] == 303
    assert "新写的话" in editor.get("/messages/stay").text
    assert phone.get("/reviews/stay").status_code == 404


def test_a_recording_waits_too(house: House) -> None:
    """Another voice for a message is another thing that is said."""
    editor, phone = house.logged_in_as("editor"), house.logged_in()
    take_id = kept(house, editor, message="stay")
    assert recording_of(house, "stay") is None
    assert "改用录音" in phone.get("/reviews/stay").text
    assert _decide(phone, "approve")[0] == 303
    house.jobs.run_waiting()
    assert recording_of(house, "stay") == take_id


def test_a_reason_with_markup_is_shown_as_text(house: House) -> None:
    """And so are the words and the name of who wrote them."""
    hostile = '"><script>alert(1)</script>'
    editor, phone = house.logged_in_as("editor", hostile[:20]), house.logged_in()
    editor.change("stay", title=hostile, text=hostile + "你好")
    for address in ("/reviews/", "/reviews/stay", "/users/", "/messages/stay", "/audit", "/"):
        page = phone.get(address).text
        assert "<script>alert" not in page, address
    _decide(phone, "return", reason=hostile)
    page = editor.get("/messages/stay").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in phone.get("/audit").text
