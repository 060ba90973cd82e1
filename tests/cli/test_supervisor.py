"""The parent of the two processes under ``run``."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import textwrap
from pathlib import Path

from box.clock import SystemClock
from cli.places import child_environment
from cli.supervisor import Command, Supervisor
from tests.slowness import is_within


def python(code: str) -> tuple[str, ...]:
    """Return the command line of a tiny child."""
    return (sys.executable, "-S", "-c", textwrap.dedent(code))


class Deaths:
    """Records what the supervisor tells about deaths."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int, float]] = []

    def __call__(self, command: Command, status: int, pause_seconds: float) -> None:
        """Keep what was told."""
        self.seen.append((command.name, status, pause_seconds))


def supervise(*commands: Command, deaths: Deaths | None = None) -> Supervisor:
    """Return a supervisor of those, on the machine's clock."""
    return Supervisor(commands, clock=SystemClock(), environment=child_environment(), died=deaths or Deaths())


STAYS = "import signal; signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({!r}, 'w').close(); signal.pause()"


def test_a_child_that_dies_is_started_again_after_a_growing_pause(tmp_path: Path) -> None:
    """Each death is told with its exit status and the pause, which doubles while the child keeps dying."""
    marks = tmp_path / "marks"
    deaths = Deaths()
    dies = Command("dies", python(f"open({str(marks)!r}, 'a').write('x'); raise SystemExit(3)"))
    with supervise(dies, deaths=deaths) as children:
        while len(deaths.seen) < 2:
            assert children.attend(0.05)
    assert deaths.seen[:2] == [("dies", 3, 0.5), ("dies", 3, 1.0)]
    assert len(marks.read_text(encoding="utf-8")) == 2


def test_a_child_with_nothing_to_do_stays_ended_until_it_is_added_again() -> None:
    """Nobody is told of a death; another exit status, and who may not end, are as ever."""
    deaths = Deaths()
    done, fails = (Command(f"ends {code}", python(f"raise SystemExit({code})"), may_end=True) for code in (0, 3))
    other = Command("other", python("pass"))
    with supervise(done, fails, other, deaths=deaths) as children:
        while children.has(done) or len({name for name, *_ in deaths.seen}) < 2:
            assert children.attend(0.05)
        assert children.has(fails)
        assert children.has(other)
        children.add(done)
        assert children.has(done)
    assert {(name, status) for name, status, _ in deaths.seen} == {("ends 3", 3), ("other", 0)}


def test_a_signal_to_end_is_heard_and_the_mask_is_put_back() -> None:
    """SIGTERM to the parent makes ``attend`` answer no; afterwards the process hears signals as before."""
    parent = f"""
        import os, signal
        from box.clock import SystemClock
        from cli.places import child_environment
        from cli.supervisor import Command, Supervisor
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        commands = [Command("stays", ({sys.executable!r}, "-S", "-c", {STAYS!r}))]
        with Supervisor(commands, clock=SystemClock(), environment=child_environment(), died=print) as children:
            os.kill(os.getpid(), signal.SIGTERM)
            assert not children.attend(60)
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
    """
    # A process of its own: a test run may have threads, and one that does not block the signal would die of it.
    subprocess.run(
        [sys.executable, "-P", "-c", textwrap.dedent(parent)], env=child_environment(), check=True, timeout=60
    )


def test_a_child_that_does_not_listen_is_ended_within_two_seconds(tmp_path: Path) -> None:
    """What ignores SIGTERM is killed before the two seconds are over."""
    up = tmp_path / "up"
    clock = SystemClock()
    with supervise(Command("deaf", python(DEAF.format(str(up))))) as children:
        while not up.exists():
            assert children.attend(0.02)
        asked = clock.monotonic()
    assert is_within(clock.monotonic() - asked, 2.0)


def test_the_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    """SIGKILL leaves the parent no time to end them: the kernel tells them."""
    parent = f"""
        from box.clock import SystemClock
        from cli.places import child_environment
        from cli.supervisor import Command, Supervisor
        code = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
        commands = [Command("child", ({sys.executable!r}, "-S", "-c", code))]
        with Supervisor(commands, clock=SystemClock(), environment=child_environment(), died=print) as children:
            children.attend(60)
    """
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", textwrap.dedent(parent)], env=child_environment(), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    waits = os.pidfd_open(child)
    process.kill()
    process.wait()
    process.stdout.close()
    ended, _, _ = select.select([waits], [], [], 60)
    os.close(waits)
    assert ended


def test_a_child_hears_signals_though_the_parent_blocks_them() -> None:
    """The mask is not inherited: a child ends at once on SIGTERM, long before it would be killed."""
    clock = SystemClock()
    with supervise(Command("stays", python(STAYS))) as children:
        assert children.attend(0.3)
        asked = clock.monotonic()
    assert is_within(clock.monotonic() - asked, 1.0)
