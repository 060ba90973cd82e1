"""The JSON API: tokens, roles, and each thing it does; and that nothing sent to it makes it fail."""

import json
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from speaker.airing import Reason
from speaker.protocol import Refused
from tests.thorough import examples
from tests.web.fakes import airing
from tests.web.house import NAME, NOON, House
from tests.web.voice.test_recordings import kept
from web.api.document import OPERATIONS, openapi
from web.api.shapes import Refusal
from web.jobs import MOST_WAITING
from web.people.roles import ROLES, Role
from web.people.tokens import MOST_TOKENS, Tokens
from web.permissions import MAY


@dataclass
class Program:
    """A program that shows a token and no cookie."""

    house: House
    key: str

    def ask(self, method: str, path: str, body: object = None, **options: Any) -> tuple[int, Any]:
        """Send a request; return status and answer."""
        given = {"data": json.dumps(body)} if body is not None else {}
        client = self.house.app.test_client(use_cookies=False)
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        answer = client.open(f"/api/v1{path}", method=method, headers=headers, **given | options)
        assert answer.content_type == "application/json", answer.text
        assert "Set-Cookie" not in answer.headers
        return answer.status_code, answer.json


def program(house: House, role: Role | None = "publisher") -> Program:
    """Return a program with a token of somebody of that role, None for none."""
    if role is None:
        return Program(house, "")
    house.logged_in_as(role)
    name = {"editor": "小编", "publisher": "书记", "installer": "师傅"}[role]
    return Program(house, house.handed_in.tokens.make("test", name, NOON))


def change(was: str, **fields: object) -> dict[str, object]:
    """Return the body that changes a message."""
    return {"title": "新标题", "text": "新写的话", "was": was} | fields


def was_of(asks: Program, message_id: str = "stay") -> str:
    """Return what the API says the message was."""
    return str(asks.ask("GET", f"/messages/{message_id}")[1]["was"])


def test_a_token_is_kept_as_a_hash_shown_once_and_revoked(house: House) -> None:
    """On the page of its user; after that it opens nothing."""
    phone = house.logged_in()
    page = phone.client.post("/tokens/", data={"csrf_token": phone.token(), "name": "门口的屏"}).text
    key = page.split('<p class="words">')[1].split("<")[0]
    assert key.encode() not in (house.folder / "tokens.json").read_bytes()
    assert (house.folder / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert key not in phone.get("/tokens/").text
    asks = Program(house, key)
    assert asks.ask("GET", "/status")[0] == 200
    (token,) = house.handed_in.tokens.of(NAME)
    phone.client.post(f"/tokens/{token.id}/revoke", data={"csrf_token": phone.token()})
    assert asks.ask("GET", "/status")[0] == 401
    assert {act.what for act in house.acts()} >= {"tokens.make", "tokens.revoke"}


def test_nobody_revokes_anothers_token_and_nobody_has_too_many(house: House) -> None:
    """The id alone is not enough; and the file stays small."""
    asks = program(house)
    (token,) = house.handed_in.tokens.of("书记")
    other = house.logged_in_as("editor")
    other.client.post(f"/tokens/{token.id}/revoke", data={"csrf_token": other.token()})
    assert asks.ask("GET", "/status")[0] == 200
    tokens: Tokens = house.handed_in.tokens
    for number in range(MOST_TOKENS):
        tokens.make(f"n{number}", NAME, NOON)
    phone = house.logged_in()
    answer = phone.client.post("/tokens/", data={"csrf_token": phone.token(), "name": "one more"})
    assert answer.status_code == 409


def test_a_token_ends_with_its_user(house: House) -> None:
    """Removed, its programs are out; brought back, they get new ones."""
    asks = program(house)
    phone = house.logged_in()
    phone.client.post("/users/书记/remove", data={"csrf_token": phone.token()})
    assert asks.ask("GET", "/status")[0] == 401
    phone.client.post("/users/书记/restore", data={"csrf_token": phone.token()})
    assert asks.ask("GET", "/status")[0] == 401


def test_a_cookie_opens_nothing_here_and_a_token_nothing_there(house: House) -> None:
    """So another site can't use her browser against the API, and no form needs a token of its own here."""
    phone = house.logged_in()
    assert phone.get("/api/v1/status").status_code == 401
    assert phone.client.post("/api/v1/stop").status_code == 401
    key = house.handed_in.tokens.make("test", NAME, NOON)
    stranger = house.phone()
    assert stranger.get("/", headers={"Authorization": f"Bearer {key}"}).status_code == 303
    assert house.speaker.asked == []


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic xlb_x", "Bearer " + "x" * 5000, "Bearer \x7f"])
def test_what_is_no_token_is_refused(house: House, header: str) -> None:
    """In JSON, with the scheme that is asked for."""
    house.logged_in()
    answer = house.phone().get("/api/v1/status", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json is not None
    assert answer.json["error"]


@pytest.mark.parametrize("role", [None, *ROLES])
def test_a_token_may_what_its_user_may(house: House, role: Role | None) -> None:
    """Every operation of the document against every role."""
    house.users.set_password(NAME, "longhai-2020")
    house.users.add("装机的", "installer", NOON)
    asks = program(house, role)
    for operation in OPERATIONS:
        path = operation.path.format(message_id="stay", job_id="none")
        status, _answer = asks.ask(operation.method.upper(), path)
        if role is None:
            assert status == 401, operation.name
        else:
            assert (status == 403) is (role not in MAY[f"api.{operation.name}"]), operation.name


def test_the_document_names_every_route_and_every_route_is_in_it(house: House) -> None:
    """Nothing is offered that is not described, nothing described that is not there."""
    routes = {
        (rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}"), method.lower(), rule.endpoint)
        for rule in house.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.document"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(one.path, one.method, f"api.{one.name}") for one in OPERATIONS}
    document = house.phone().get("/api/v1/openapi.json").json
    assert document == json.loads(json.dumps(openapi()))
    named = set(document["components"]["schemas"])
    referred = {part.split('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert referred <= named


def test_what_there_is_can_be_read(house: House) -> None:
    """Messages, broadcasts, the day and the records, as the pages have them."""
    house.publish()
    house.speaker.airings = (airing(1, NOON),)
    asks = program(house)
    messages = asks.ask("GET", "/messages")[1]["messages"]
    assert [(one["id"], one["title"]) for one in messages] == [("stay", "守好阵地"), ("hotline", "监督举报电话")]
    broadcasts = asks.ask("GET", "/broadcasts")[1]
    assert [(one["id"], one["at"]) for one in broadcasts["broadcasts"]] == [
        ("morning", "07:30:00"),
        ("evening", "18:30:00"),
    ]
    day = asks.ask("GET", "/day")[1]
    assert day["by_speaker"] is True
    assert [line["broadcast"] for line in day["lines"]] == ["morning", "evening"]
    records = asks.ask("GET", "/records?day=2026-06-03")[1]
    assert (records["fresh"], len(records["airings"])) == (True, 1)
    assert asks.ask("GET", "/records?day=nonsense")[0] == 400
    assert asks.ask("GET", "/messages/none")[0] == 404
    assert asks.ask("GET", "/nothing")[0] == 404


def test_a_publishers_change_is_saved_in_a_job_and_goes_on_air(house: House) -> None:
    """The same use-case as the page: history, audit log, publication."""
    house.publish()
    asks = program(house)
    status, answer = asks.ask("PUT", "/messages/stay", change(was_of(asks)))
    assert (status, answer["state"]) == (202, "saving")
    path = answer["work"].removeprefix("/api/v1")
    assert asks.ask("GET", path)[1]["state"] == "waiting"
    house.jobs.run_waiting()
    assert asks.ask("GET", path)[1]["state"] == "done"
    assert house.title_of("stay") == "新标题"
    assert "书记" in {entry.author for entry in house.history.entries()}
    assert {act.what: act.who for act in house.acts()}["api.put_message"] == "书记"


def test_an_editors_change_waits(house: House) -> None:
    """And another's that waits is not wiped out unseen."""
    asks = program(house, "editor")
    assert asks.ask("PUT", "/messages/stay", change(was_of(asks)))[1] == {"state": "waiting", "work": None}
    house.jobs.run_waiting()
    assert house.title_of("stay") == "守好阵地"
    assert asks.ask("PUT", "/messages/stay", change(was_of(asks), text="又写的"))[0] == 409
    mark = asks.ask("GET", "/messages/stay")[1]["waiting"]["mark"]
    assert asks.ask("PUT", "/messages/stay", change(was_of(asks), text="又写的", replaces=mark))[0] == 200


def test_a_stale_change_is_refused(house: House) -> None:
    """Who has not seen the words does not replace them."""
    asks = program(house)
    assert asks.ask("PUT", "/messages/stay", change("0" * 16))[0] == 409
    house.jobs.run_waiting()
    assert house.title_of("stay") == "守好阵地"


def test_the_same_questions_are_asked_as_on_the_page(house: House) -> None:
    """Whether the recording is still to be aired, and words that can't be said."""
    kept(house, house.logged_in(), message="stay")
    asks = program(house)
    assert asks.ask("PUT", "/messages/stay", change(was_of(asks)))[0] == 409
    assert asks.ask("PUT", "/messages/stay", change(was_of(asks), aired="voice"))[0] == 202
    assert asks.ask("PUT", "/messages/hotline", change(was_of(asks, "hotline"), text="。。。"))[0] == 422
    assert asks.ask("PUT", "/messages/hotline", change(was_of(asks, "hotline"), text="你\x07好"))[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"title": "t", "text": "x", "was": "", "extra": 1},
        {"title": 3, "text": "x", "was": ""},
        {"title": "t" * 81, "text": "x", "was": ""},
        {"title": "t", "text": "x" * 4001, "was": ""},
    ],
)
def test_a_body_that_is_not_as_described_is_refused_in_words(house: House, body: object) -> None:
    """Unknown fields, wrong types, too long: a clear sentence and nothing done."""
    status, answer = program(house).ask("PUT", "/messages/stay", body)
    assert status == 400
    assert answer["error"]


def test_a_body_is_bounded(house: House) -> None:
    """Before it is read."""
    asks = program(house)
    assert asks.ask("PUT", "/messages/stay", "x" * 100_000)[0] == 413
    assert asks.ask("POST", "/play", "x" * 100_000)[0] == 413


def test_play_and_stop(house: House) -> None:
    """Under the user's name; what the speaker refuses is told."""
    asks = program(house)
    assert asks.ask("POST", "/play", {"broadcast": "morning"}) == (200, {"airing": 1, "ahead": 0})
    assert asks.ask("POST", "/play", {"broadcast": "morning", "message": "stay"})[0] == 400
    assert asks.ask("POST", "/stop") == (200, {"stopped": True})
    assert house.speaker.asked == [("play", "morning", "page", "panel", "书记"), ("stop", "书记")]
    house.speaker.refuse = Refused(reason=Reason.QUIET_HOURS, zh="现在是安静时段。", en="Quiet hours.")
    assert asks.ask("POST", "/play", {"message": "stay"}) == (409, {"error": "现在是安静时段。"})
    english = asks.ask("POST", "/play", {"message": "stay"}, environ_overrides={"HTTP_ACCEPT_LANGUAGE": "en"})
    assert english[1] == {"error": "Quiet hours."}


def test_a_message_is_withdrawn(house: House) -> None:
    """With a reason; it is gone when the work is done, and kept with who and why."""
    asks = program(house)
    house.publish()
    assert asks.ask("POST", "/messages/stay/withdraw", {"reason": " "})[0] == 400
    assert asks.ask("POST", "/messages/nobody/withdraw", {"reason": "念错了"})[0] == 404
    status, answer = asks.ask("POST", "/messages/stay/withdraw", {"reason": "念错了"})
    assert (status, answer["state"]) == (202, "saving")
    house.jobs.run_waiting()
    assert asks.ask("GET", "/messages/stay")[0] == 404
    (entry,) = house.handed_in.archive.entries()
    assert entry.reason == "念错了"


def test_quiet_is_asked_for_and_ended(house: House) -> None:
    """Under the user's name, until an instant that says its offset."""
    asks = program(house)
    assert asks.ask("POST", "/quiet", {"until": "2026-06-03T14:00:00+08:00", "occasion": "丧事"}) == (
        200,
        {"quiet": True},
    )
    assert asks.ask("GET", "/status")[1]["quiet_request"]["occasion"] == "丧事"
    assert asks.ask("POST", "/quiet", {"until": "2026-06-03T14:00:00"})[0] == 400
    assert asks.ask("DELETE", "/quiet") == (200, {"quiet": False})
    assert house.speaker.asked == [("be-quiet", "2026-06-03T14:00:00+08:00", "书记", "丧事"), ("end-quiet", "书记")]
    house.speaker.refuse = Refused(reason=Reason.NONE, zh="只能到今天结束", en="Today only.")
    assert asks.ask("POST", "/quiet", {"until": "2026-06-05T14:00:00+08:00"}) == (409, {"error": "只能到今天结束"})


def test_while_the_speaker_is_away_it_says_so(house: House) -> None:
    """503 for what only the speaker knows; the plan and the copy for the rest."""
    asks = program(house)
    house.speaker.away = True
    assert asks.ask("GET", "/status")[0] == 503
    assert asks.ask("POST", "/stop")[0] == 503
    assert asks.ask("GET", "/day")[1]["by_speaker"] is False
    assert asks.ask("GET", "/records")[1]["fresh"] is False


def test_who_asks_for_too_much_is_told_to_wait(house: House) -> None:
    """429, not a failure of ours: the queue is full until what waits is done."""
    asks = program(house)
    was = was_of(asks)
    statuses = [asks.ask("PUT", "/messages/stay", change(was, text=f"第 {number} 遍。"))[0] for number in range(25)]
    assert statuses == [202] * MOST_WAITING + [429] * (25 - MOST_WAITING)


def test_a_wrong_method_is_told_the_right_ones(house: House) -> None:
    """As HTTP has it."""
    answer = house.logged_in().client.open("/play", method="PUT")
    assert answer.status_code == 405
    assert {one.strip() for one in answer.headers["Allow"].split(",")} == {"OPTIONS", "POST"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
_NEAR = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text(max_size=100),
        "text": st.text(max_size=200),
        "was": st.text(max_size=20),
        "aired": st.sampled_from(["recording", "voice", None, "x"]),
        "right": st.lists(st.text(max_size=12), max_size=3),
        "broadcast": st.sampled_from(["morning", "none", "", None]),
        "message": st.sampled_from(["stay", "none", "", None]),
    },
)


@settings(
    max_examples=examples(150, everyday=50),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    operation=st.sampled_from(OPERATIONS),
    part=st.sampled_from(["stay", "hotline"]) | st.text(min_size=1, max_size=20).filter(lambda text: "/" not in text),
    day=st.none() | st.dates().map(str) | st.text(max_size=12),
    body=st.one_of(_NEAR.map(lambda near: json.dumps(near).encode()), _JSON.map(lambda any_: json.dumps(any_).encode()),
                   st.binary(max_size=100)),
    know_was=st.booleans(),
)  # fmt: skip
def test_nothing_that_is_sent_makes_it_fail(  # noqa: PLR0917 - hypothesis hands them in
    house: House, operation: Any, part: str, day: str | None, body: bytes, know_was: bool
) -> None:
    """Over the whole document: never a 5xx, and always an answer that the document describes, of the shape it says."""
    if not house.users.exist():
        program(house)
    house.handed_in.tokens.revoke_all("书记")
    key = house.handed_in.tokens.make("fuzz", "书记", NOON)
    if know_was and operation.name == "put_message":
        asks = Program(house, key)
        near = {"title": "t", "text": body.decode("utf-8", "replace") or "x", "was": was_of(asks)}
        body, part = json.dumps(near).encode(), "stay"
    with house.app.test_request_context():
        address = house.app.url_map.bind("localhost").build(
            f"api.{operation.name}",
            {name["name"]: part for name in operation.parameters if name["in"] == "path"},
            method=operation.method.upper(),
        )
    answer = house.app.test_client(use_cookies=False).open(
        address,
        method=operation.method.upper(),
        query_string={"day": day} if day is not None else {},
        data=body,
        headers={"Authorization": f"Bearer {key}"},
    )
    house.jobs.run_waiting()
    assert answer.status_code < 500, (answer.status_code, answer.text)
    described = openapi()["paths"][operation.path][operation.method]["responses"]
    assert str(answer.status_code) in described, answer.status_code
    msgspec.json.decode(answer.data, type=operation.answers.get(answer.status_code, Refusal))
    assert answer.content_type == "application/json"
