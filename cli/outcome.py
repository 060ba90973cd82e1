"""What became of a verb: its exit code, and a sentence where it failed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from box.sentences import XiaolabaError
from cli import terminal

DONE = 0
FAILED = 1
WRONG = 2

# By name, so that nothing is imported for it: ``install`` runs on a bare Python.
INPUT_ERRORS = frozenset({"cli.wrong.InputWrong", "box.settings.SettingsInvalid", "programme.faults.ProgrammeInvalid"})


def outcome_of(work: Callable[[], int]) -> int:
    """Do ``work`` and return its exit code: 0 done, 1 failed, 2 the input is wrong. Failures are told."""
    try:
        code = work()
        sys.stdout.flush()
    except XiaolabaError as error:
        terminal.tell(*error.sentence)
        return _code_of(error)
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:
        # Whoever read the output has gone (``| head``). Nothing more may be written to it, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except PermissionError as error:
        terminal.tell(
            f"没有权限：{error.filename}。用 sudo 再试", f"you may not: {error.filename}. Try again with sudo"
        )
        return FAILED
    except OSError as error:
        terminal.tell(
            f"读写失败（{error.strerror}）：{error.filename}。请检查磁盘空间和文件夹",
            f"reading or writing failed ({error.strerror}): {error.filename}. Check the disk's space and the folder",
        )
        return FAILED
    return code


def _code_of(error: XiaolabaError) -> int:
    names = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    return WRONG if names & INPUT_ERRORS else FAILED
