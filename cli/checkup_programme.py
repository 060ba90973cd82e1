"""What ``doctor`` looks at in the programme's file: whether it can be used, or what was last good goes on."""

from __future__ import annotations

from box.checkup import Finding
from box.folders import Folders
from box.sentences import Sentence, XiaolabaError


def check_up_programme(folders: Folders) -> list[Finding]:
    """Answer whether the file can be read and has no mistake; nothing where there is none yet."""
    from programme.faults import ProgrammeInvalid  # noqa: PLC0415 - the YAML parser costs time that other verbs save
    from programme.file import ProgrammeFile  # noqa: PLC0415

    path = folders.programme
    if not path.exists():
        return []
    try:
        programme = ProgrammeFile(path).read().programme
    except ProgrammeInvalid as error:
        first, count = error.faults[0], len(error.faults) + error.left_off
        zh = f"第 {first.line} 行：{first.zh}" if first.line else first.zh
        en = f"line {first.line}: {first.en}" if first.line else first.en
        what = Sentence(
            f"节目文件有 {count} 处错，播的还是上一次好的节目。{zh}",
            f"the programme has {count} fault(s), and what is on air is the last good one. {en}",
        )
        mend = Sentence(
            f"xiaolaba check 会列出每一处；改好 {path}，或者在面板的“今天”页放回上一次好的",
            f"xiaolaba check lists them all: mend {path}, or put the last good one back on the panel's page Today",
        )
        return [Finding("programme", "wrong", what, mend)]
    except XiaolabaError as error:
        look = Sentence(f"检查 {path} 的权限和存储卡", f"look at the permissions of {path} and at the storage")
        return [Finding("programme", "wrong", error.sentence, look)]
    broadcasts = len(programme.broadcasts)
    return [
        Finding(
            "programme",
            "good",
            Sentence(
                f"节目文件：{broadcasts} 个广播时段，没有错误", f"the programme: {broadcasts} broadcasts, no mistakes"
            ),
        )
    ]
