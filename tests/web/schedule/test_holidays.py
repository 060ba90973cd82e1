"""The next year's holidays are put in from the phone: pasted or as a file, looked at, then saved and on air."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from programme.file import ProgrammeFile
from tests.programme.test_notice import NEXT
from tests.web.house import House, Phone, hidden

ADDRESS = "/schedule/holidays/"


def sent(phone: Phone, **fields: object) -> tuple[int, str]:
    """Send the form; return status and page or address."""
    data = {"csrf_token": hidden(phone.get(ADDRESS).text)["csrf_token"]} | fields
    answer = phone.client.post(ADDRESS, data=data)
    return answer.status_code, answer.location or answer.text


def test_a_notice_is_pasted_looked_at_and_saved(house: House) -> None:
    """What was understood is shown first; then the file has the year, its comments, and the publication has it too."""
    house.publish()
    phone = house.logged_in()
    status, page = sent(phone, notice=NEXT, act="save")
    assert status == 200
    for words in ("2027 年这样放假，请核对", "2月5日 – 2月11日", "1月30日 星期六、2月13日 星期六、5月8日 星期六"):
        assert words in page
    assert ProgrammeFile(house.file).read().programme.calendar == ()
    status, work = sent(phone, notice=NEXT, act="save", read=hidden(page)["read"])
    assert status == 303
    house.jobs.run_waiting()
    done = phone.get(phone.get(work).location).text
    assert "2027 年的放假安排放进去了" in done
    assert "到 2027 年底的放假安排都有了" in done
    (year,) = ProgrammeFile(house.file).read().programme.calendar
    assert "# the slogan" in house.file.read_text(encoding="utf-8")
    on_air = house.publisher.on_air()
    assert on_air is not None
    assert on_air.calendar == (year,)
    assert house.acts()[0].what == "holidays.put"


def test_a_file_is_taken_in_an_offices_encoding(house: House) -> None:
    """And its words stand in the form, to be mended where that is needed."""
    phone = house.logged_in()
    file = (io.BytesIO(NEXT.encode("gb18030")), "2027.txt")
    status, page = sent(phone, notice="", act="look", file=file)
    assert (status, "2027 年这样放假" in page, "春节：2月5日至11日" in page) == (200, True, True)
    status, page = sent(phone, notice="", act="look", file=(io.BytesIO(b"\x89PNG\0\xff"), "2027.png"))
    assert (status, "这不是文字文件" in page) == (400, True)


def test_a_slip_is_told_and_what_was_typed_stays(house: House) -> None:
    """Nothing is saved."""
    phone = house.logged_in()
    status, page = sent(phone, notice=NEXT.replace("共7天", "共8天"), act="save")
    assert (status, "春节：读出来是 7 天，通知里写共 8 天，请核对" in page) == (400, True)
    assert "共8天" in page
    assert sent(phone, notice=" ", act="look")[0] == 400
    assert sent(phone, notice="长" * 9000, act="look")[0] == 400


def test_today_says_when_the_next_year_is_due(house: House) -> None:
    """From November on, where a broadcast depends on it."""
    text = house.file.read_text(encoding="utf-8").replace(
        "messages: [stay]\n", "messages: [stay]\n    days: workdays\n"
    )
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    phone = house.logged_in()
    assert "年的放假安排还没有" not in phone.get("/").text
    house.clock.step((datetime(2026, 11, 25, 4, tzinfo=UTC) - house.clock.now()).total_seconds())
    phone = house.logged_in()
    assert "2027 年的放假安排还没有" in phone.get("/").text
