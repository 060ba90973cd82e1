"""What is wrong with a programme: every fault at once, each with its line and a sentence for a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from box.sentences import Sentence, XiaolabaError

Path = tuple[str | int, ...]

MOST_FAULTS = 100  # nobody reads more at once, and a 64 KiB file can hold thousands


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong and what to do about it.

    ``line`` counts from 1 and is None where there is no file. ``path`` says where in the programme, in the file's
    keys: ``("broadcasts", "morning", "at")``.
    """

    line: int | None
    zh: str
    en: str
    path: Path = ()

    @property
    def sentence(self) -> Sentence:
        """The fault as a sentence, without its line."""
        return Sentence(self.zh, self.en)


class ProgrammeInvalid(XiaolabaError):
    """A programme that can't be aired or saved; ``faults`` holds at least one and at most ``MOST_FAULTS``."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        every = tuple(faults)
        self.faults = every[:MOST_FAULTS]
        self.left_off = len(every) - len(self.faults)
        zh = "；".join(f"第 {fault.line} 行：{fault.zh}" if fault.line else fault.zh for fault in self.faults)
        en = "; ".join(f"line {fault.line}: {fault.en}" if fault.line else fault.en for fault in self.faults)
        super().__init__(f"节目单有 {len(every)} 处错误。{zh}", f"the programme has {len(every)} fault(s): {en}")
