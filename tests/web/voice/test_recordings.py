"""Her own voice on the panel: brought from the phone, heard, kept, used, asked about, put away."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from programme.file import ProgrammeFile
from programme.publication import PublishedMessage
from tests.web.house import House, Phone, filled, hidden, new_house
from tts.child import RenderChild
from tts.engines import RecordingRefused
from tts.recordings import LARGEST_BYTES

SOUND = b"\0\0\0\x1cftypM4A as it came"


def bring(phone: Phone, content: bytes = SOUND, name: str = "a.m4a", **fields: str) -> TestResponse:
    """Send a recording as the form does."""
    token = hidden(phone.get("/recordings/").text)["csrf_token"]
    return send(phone, "/recordings/", content, name, {"csrf_token": token} | fields)


def send(phone: Phone, address: str, content: bytes, name: str, fields: dict[str, str]) -> TestResponse:
    """Send a form with a file in it, put together here: the test client leaves large ones open."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{fields[key]}\r\n' for key in fields]
    head = f'--x\r\nContent-Disposition: form-data; name="sound"; filename="{name}"\r\n\r\n'
    body = "".join((*parts, head)).encode() + content + b"\r\n--x--\r\n"
    return phone.client.post(address, data=body, content_type="multipart/form-data; boundary=x")


def kept(house: House, phone: Phone, content: bytes = SOUND, act: str = "use", **fields: str) -> str:
    """Bring a recording, wait for it, decide on it, wait again; return its id."""
    work = bring(phone, content, **fields)
    house.jobs.run_waiting()
    page = phone.get(work.location).location
    assert page.startswith("/recordings/heard/"), phone.get(work.location).text
    phone.send(page, {"act": act, "name": "早上好"}, page=page)
    house.jobs.run_waiting()
    return page.rsplit("/", 1)[1]


def recording_of(house: House, message_id: str) -> str | None:
    """Return what the file says."""
    message = ProgrammeFile(house.file).read().programme.message(message_id)
    assert message is not None
    return message.recording


def on_air(house: House, message_id: str) -> PublishedMessage:
    """Return the message as it is on air."""
    publication = house.publisher.on_air()
    assert publication is not None
    message = publication.message(message_id)
    assert message is not None
    return message


def test_a_recording_is_heard_before_it_is_kept(house: House) -> None:
    """It is cleaned in a job, played on its own page, and neither kept nor used until she says so."""
    phone = house.logged_in()
    work = bring(phone, message="stay")
    assert work.location.startswith("/work/")
    house.jobs.run_waiting()
    page = phone.get(phone.get(work.location).location)
    assert "<audio controls autoplay" in page.text
    assert "只要还有一粒米" in page.text
    sound = phone.get(page.text.split('autoplay src="')[1].split('"')[0])
    wav = phone.get(sound.location)
    assert wav.data.startswith(b"RIFF")
    wav.close()
    assert house.takes.all() == ()
    assert recording_of(house, "stay") is None


def test_a_recording_is_used_and_aired(house: House) -> None:
    """One tap keeps it under its name, writes it into the programme and puts it on air; the text is untouched."""
    house.publish()
    phone = house.logged_in()
    take_id = kept(house, phone, message="stay")
    assert recording_of(house, "stay") == take_id
    said = on_air(house, "stay")
    assert (said.engine, said.voice, said.stand_in) == ("recording", "王书记", False)
    assert said.text.startswith("只要还有一粒米")
    assert "王书记的录音" in phone.get("/messages/").text
    assert "# the slogan" in house.file.read_text(encoding="utf-8")


def test_the_original_is_kept_with_its_note(house: House) -> None:
    """The very bytes that came are there, under their hash; what was coming is gone."""
    take_id = kept(house, house.logged_in(), message="stay")
    take = house.takes.find(take_id)
    assert take is not None
    assert (take.name, take.who, take.text[:2], take.seconds) == ("早上好", "王书记", "只要", 1.0)
    folder = house.folder / "recordings"
    assert (folder / f"{take.sha256}.m4a").read_bytes() == SOUND
    assert list((folder / "incoming").iterdir()) == list((folder / "waiting").iterdir()) == []


@pytest.mark.parametrize("name", ["../../users.json", "/etc/passwd", "a\0b.m4a", "录音" * 100, ""])
def test_the_phones_name_for_a_file_leads_nowhere(house: House, name: str) -> None:
    """Whatever the file is called, it is under its hash in the recordings' folder and nothing else is touched."""
    before = {path for path in house.folder.rglob("*") if path.is_file()}
    bring(house.logged_in(), name=name)
    house.jobs.run_waiting()
    new = {path for path in house.folder.rglob("*") if path.is_file()} - before
    of_the_login = {"users.json", "users.good.json"}
    strays = [p for p in new if not {"recordings", "clips", "audit"} & set(p.parts) and p.name not in of_the_login]
    assert strays == []


def test_what_is_not_wanted_is_forgotten(house: House) -> None:
    """She hears it, does not like it, and nothing of it stays."""
    phone = house.logged_in()
    kept(house, phone, act="drop", message="stay")
    assert recording_of(house, "stay") is None
    assert list((house.folder / "recordings" / "waiting").iterdir()) == []


def test_a_recording_can_be_kept_for_later_and_used_in_several_messages(house: House) -> None:
    """Brought without a message, then chosen in two; each shows where else it is used."""
    phone = house.logged_in()
    take_id = kept(house, phone)
    for message in ("stay", "hotline"):
        assert f'<option value="{take_id}">' in phone.get(f"/messages/{message}").text
        phone.send(f"/recordings/use/{message}", {"take": take_id}, page="/recordings/")
        house.jobs.run_waiting()
    assert recording_of(house, "stay") == recording_of(house, "hotline") == take_id
    assert "这段录音还用在：监督举报电话" in phone.get("/messages/stay").text
    assert "播哪一个" not in phone.get("/messages/stay").text


def test_recording_again_replaces_it_wherever_it_is_used(house: House) -> None:
    """The new take goes into every message of the old, which stays to be used or deleted."""
    phone = house.logged_in()
    old = kept(house, phone)
    for message in ("stay", "hotline"):
        phone.send(f"/recordings/use/{message}", {"take": old}, page="/recordings/")
        house.jobs.run_waiting()
    new = kept(house, phone, SOUND + b"again", replaces=old)
    assert recording_of(house, "stay") == recording_of(house, "hotline") == new != old
    assert house.takes.find(old) is not None


def test_it_stops_being_used(house: House) -> None:
    """The voice says the text again; the recording stays."""
    house.publish()
    phone = house.logged_in()
    take_id = kept(house, phone, message="stay")
    phone.send("/recordings/use/stay", {"take": ""}, page="/recordings/")
    house.jobs.run_waiting()
    assert recording_of(house, "stay") is None
    assert on_air(house, "stay").engine == "fake"
    assert house.takes.find(take_id) is not None


@pytest.mark.parametrize(("answer", "engine"), [("recording", "recording"), ("voice", "fake")])
def test_a_changed_text_asks_which_is_to_be_aired(house: House, answer: str, engine: str) -> None:
    """Saving comes back with a question; her answer decides, and it is not asked again."""
    house.publish()
    phone = house.logged_in()
    kept(house, phone, message="stay")
    asked = phone.change("stay", text="今天下雨，请关好窗户。")
    assert asked.status_code == 409
    assert "请选播哪一个" in asked.text
    assert "今天下雨" in asked.text
    assert on_air(house, "stay").text.startswith("只要还有一粒米")
    phone.client.post("/messages/stay", data=filled(asked.text) | {"act": "save", "aired": answer})
    house.jobs.run_waiting()
    said = on_air(house, "stay")
    assert (said.text, said.engine) == ("今天下雨，请关好窗户。", engine)
    assert "播哪一个" not in phone.get("/messages/stay").text


def test_a_title_or_a_blank_is_no_change_of_what_is_said(house: House) -> None:
    """Only other words make the recording doubtful."""
    phone = house.logged_in()
    kept(house, phone, message="stay")
    assert phone.change("stay", title="新标题", text="只要还有一粒米，\n不往人多地方挤。").status_code == 303


@pytest.mark.parametrize(("where", "recorded"), [("/recordings/agree/stay", True), ("/recordings/use/stay", False)])
def test_a_text_changed_by_hand_is_asked_about_too(house: House, where: str, recorded: bool) -> None:
    """The list and the message's page say that they differ, with a button for either."""
    phone = house.logged_in()
    kept(house, phone, message="stay")
    house.file.write_text(house.file.read_text(encoding="utf-8").replace("一粒米", "一碗米"), encoding="utf-8")
    house.desk.look()
    assert "录音和字对不上" in phone.get("/messages/").text
    page = phone.get("/messages/stay").text
    assert "播哪一个" in page
    assert "只要还有一粒米" in page
    phone.send(where, {"take": ""}, page="/messages/stay")
    house.jobs.run_waiting()
    assert (recording_of(house, "stay") is not None) == recorded
    assert "播哪一个" not in phone.get("/messages/stay").text


def test_a_recording_that_is_used_is_not_deleted(house: House) -> None:
    """It names the message, also to a form that was open before."""
    phone = house.logged_in()
    take_id = kept(house, phone, message="stay")
    phone.send(f"/recordings/{take_id}/delete", {}, page="/recordings/")
    assert "《守好阵地》正在用这段录音" in phone.get("/recordings/").text
    assert house.takes.find(take_id) is not None


def test_what_was_deleted_can_be_brought_back(house: House) -> None:
    """It leaves the list, and one tap puts it there again, under its name."""
    phone = house.logged_in()
    take_id = kept(house, phone)
    phone.send(f"/recordings/{take_id}/delete", {}, page="/recordings/")
    assert house.takes.find(take_id) is None
    assert "删掉的" in phone.get("/recordings/").text
    phone.send(f"/recordings/{take_id}/restore", {}, page="/recordings/")
    take = house.takes.find(take_id)
    assert take is not None
    assert take.name == "早上好"


def test_a_recording_gets_another_name(house: House) -> None:
    """An empty one changes nothing, a long one is cut."""
    phone = house.logged_in()
    take_id = kept(house, phone)
    for typed, name in (("  晚上\n好 ", "晚上 好"), ("", "晚上 好"), ("长" * 90, "长" * 40)):
        phone.send(f"/recordings/{take_id}/name", {"name": typed}, page="/recordings/")
        take = house.takes.find(take_id)
        assert take is not None
        assert take.name == name


def test_what_is_no_recording_is_told_in_the_job(house: House) -> None:
    """The sentence of the cleaning is on the page, and nothing is left of the file."""
    house.cleaner.failure = RecordingRefused("录音里没有声音，请靠近话筒再录一次", "there is no sound")
    phone = house.logged_in()
    work = bring(phone, message="stay")
    house.jobs.run_waiting()
    assert "录音里没有声音" in phone.get(work.location).text
    assert [path for path in (house.folder / "recordings").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("content", [None, b""])
def test_nothing_chosen_is_told(house: House, content: bytes | None) -> None:
    """The form without a file, and a file without a byte."""
    phone = house.logged_in()
    token = hidden(phone.get("/recordings/").text)
    if content is None:
        phone.client.post("/recordings/", data=token | {"message": "stay"}, content_type="multipart/form-data")
    else:
        bring(phone, content, message="stay")
    assert "没有收到录音" in phone.get("/messages/stay").text


def test_a_large_file_gets_one_sentence(house: House) -> None:
    """More than is taken is refused before it is looked at; five megabytes are welcome here and nowhere else."""
    phone = house.logged_in()
    refused = bring(phone, bytes(LARGEST_BYTES + 200_000))
    assert refused.status_code == 413
    assert "20 MB" in refused.text
    assert bring(phone, SOUND + bytes(5_000_000)).status_code == 303
    token = hidden(phone.get("/recordings/").text)["csrf_token"]
    assert send(phone, "/recordings/use/stay", bytes(5_000_000), "a", {"csrf_token": token}).status_code == 413


def test_who_is_not_logged_in_brings_nothing(house: House) -> None:
    """A large body of a stranger is not even read; a small one is refused."""
    house.logged_in()
    stranger = house.phone()
    assert send(stranger, "/recordings/", bytes(5_000_000), "a.m4a", {}).status_code in {400, 401, 413}
    assert stranger.get("/recordings/").status_code == 303
    assert not (house.folder / "recordings").exists()


def test_without_the_forms_token_nothing_is_done(house: House) -> None:
    """Another site's form can't bring a recording, nor delete one."""
    phone = house.logged_in()
    take_id = kept(house, phone)
    for address in ("/recordings/", f"/recordings/{take_id}/delete", "/recordings/use/stay"):
        assert phone.client.post(address, data={"take": ""}).status_code == 400
    assert house.takes.find(take_id) is not None


@pytest.mark.parametrize("take_id", ["0" * 16, "*", "..%2f..%2fsecret", "%3F" * 16, "0" * 15 + "*"])
def test_a_recording_that_does_not_exist_is_told(house: House, take_id: str) -> None:
    """No id but that of a take leads anywhere."""
    phone = house.logged_in()
    kept(house, phone)
    assert phone.get(f"/recordings/{take_id}.wav").status_code == 404
    assert phone.send(f"/recordings/{take_id}/restore", {}, page="/recordings/").status_code in {404, 405, 503}


def test_a_recording_that_the_file_names_and_nobody_has_is_told(house: House) -> None:
    """Somebody wrote it by hand: the page says so and offers the voice."""
    text = house.file.read_text(encoding="utf-8")
    house.file.write_text(
        text.replace("    title: 守好", f"    recording: '{'0' * 16}'\n    title: 守好"), encoding="utf-8"
    )
    house.desk.look()
    phone = house.logged_in()
    assert "用的录音找不到了" in phone.get("/messages/stay").text
    phone.send("/recordings/use/stay", {"take": ""}, page="/recordings/")
    house.jobs.run_waiting()
    assert recording_of(house, "stay") is None


def test_end_to_end_with_the_real_child(tmp_path: Path) -> None:
    """A phone's m4a goes through the panel and ffmpeg, and comes out as the clip that is on air."""
    house = new_house(tmp_path, cleaner=RenderChild())
    house.publish()
    came = tmp_path / "came.m4a"
    speech = "sine=frequency=220:duration=2,tremolo=f=4:d=0.8,adelay=800"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", speech, str(came)], check=True, timeout=60)
    phone = house.logged_in()
    take_id = kept(house, phone, came.read_bytes(), message="stay")
    said = on_air(house, "stay")
    assert said.clip == house.takes.clip(take_id).sha256
    assert 1.5 < said.frames / 48_000 < 2.4
    work = bring(phone, b"#EXTM3U\nfile:///etc/passwd\n", message="stay")
    house.jobs.run_waiting()
    assert re.search("不是录音", phone.get(work.location).text)
