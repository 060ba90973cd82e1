"""What ``doctor`` looks at in the programme's calendar: whether its tables reach far enough."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from box.checkup import Finding
from box.folders import Folders
from box.sentences import Sentence, XiaolabaError
from programme.calendar_end import ending_soon
from programme.civil import known_until


def check_up_calendar(folders: Folders, now: datetime) -> list[Finding]:
    """Answer how far the calendar is known; nothing where the programme can't be read, which ``check`` tells."""
    from programme.file import ProgrammeFile  # noqa: PLC0415 - the YAML parser costs time that other verbs save

    try:
        programme = ProgrammeFile(folders.programme).read().programme
    except XiaolabaError:
        return []
    end = ending_soon(programme, now.astimezone(ZoneInfo(programme.timezone)).date())
    if end is not None:
        mend = Sentence("xiaolaba holidays 通知.txt", "xiaolaba holidays NOTICE.txt")
        return [Finding("calendar", "wrong", end, mend)]
    year = known_until(programme.calendar).year
    what = Sentence(f"放假安排：到 {year} 年底都有", f"the holidays are known until the end of {year}")
    return [Finding("calendar", "good", what)]
