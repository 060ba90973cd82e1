"""The launcher, with an interpreter and package tools that only record what is asked of them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from box.folders import share

# Stands in for Python: answers the version, makes an environment out of itself, and installs by writing it down.
PYTHON = """#!/bin/sh
echo "$*" >>"$RECORD"
case "$*" in
    *"-m venv"*)
        for folder in "$@"; do :; done
        rm -rf "$folder"; mkdir -p "$folder/bin"; cp "$0" "$folder/bin/python" ;;
    *"-m pip install"*) [ -z "$NO_NETWORK" ] || exit 1 ;;
    *"print(sys.version"*) echo 3.11.2 ;;
    *"sys.exit(sys.version_info < (3, 13))"*) exit 1 ;;
esac
"""
RECORDS = '#!/bin/sh\necho "{name} $*" >>"$RECORD"\nexit {code}\n'


class Checkout:
    """A checkout with the real launcher, on a path where only a few programs are."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.record = folder / "record"
        self.programs = folder / "bin"
        (self.root / "requirements").mkdir(parents=True)
        shutil.copy(share() / "xiaolaba", self.root)
        for name in ("run.txt", "test.txt"):
            (self.root / "requirements" / name).write_text(name, encoding="utf-8")
        self.programs.mkdir()
        for name in (
            "sh",
            "env",
            "cat",
            "cut",
            "dirname",
            "grep",
            "id",
            "mkdir",
            "readlink",
            "rm",
            "sha256sum",
            "tr",
            "uname",
            "cp",
            "flock",
        ):
            (self.programs / name).symlink_to(str(shutil.which(name)))
        for name in ("espeak-ng", "ffmpeg", "gcc", "aplay", "mpg123", "chromium", "fc-list"):
            self.put(name, RECORDS.format(name=name, code=0))
        self.put("python3", PYTHON)

    def put(self, name: str, script: str) -> None:
        """Put a program on the path."""
        path = self.programs / name
        path.unlink(missing_ok=True)
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the launcher; what was asked of the programs is then in ``asked``."""
        self.record.write_text("", encoding="utf-8")
        return subprocess.run(
            [str(self.root / "xiaolaba"), *words],
            env={"PATH": str(self.programs), "RECORD": str(self.record), "NO_NETWORK": "", **environment},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )

    def asked(self, words: str) -> list[str]:
        """Return the recorded lines that hold ``words``."""
        return [line for line in self.record.read_text(encoding="utf-8").splitlines() if words in line]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Return a fresh checkout."""
    return Checkout(tmp_path)


def has(*libraries: str) -> bool:
    """Tell whether the files that the launcher looks for outside the path are here."""
    found = [any(Path("/usr/lib").glob(f"*/{library}")) for library in libraries]
    return all(found) and Path("/usr/share/alsa/alsa.conf").exists()


needs_libraries = pytest.mark.skipif(not has("libasound.so.2"), reason="libasound2 is not installed here")
needs_libraries_of_tests = pytest.mark.skipif(
    not has("libasound.so.2", "libopencore-amrnb.so.0", "libvo-amrwbenc.so.0"),
    reason="what ./xiaolaba test installs is not here",
)


@needs_libraries
def test_the_first_run_makes_an_environment_and_the_second_only_runs(checkout: Checkout) -> None:
    """After the first, nothing is installed and no package tool is asked: no network is needed."""
    assert checkout.run("status", "--json").returncode == 0
    assert len(checkout.asked("-m pip install")) == 1
    assert "--require-hashes" in checkout.asked("-m pip install")[0]
    assert checkout.asked("-P -m cli status --json")
    assert checkout.run("status").returncode == 0
    assert checkout.asked("-m pip") == []
    assert checkout.asked("-m cli status")


@needs_libraries
def test_a_changed_lock_is_installed(checkout: Checkout) -> None:
    """The environment is kept; pip is asked again."""
    checkout.run("status")
    (checkout.root / "requirements/run.txt").write_text("changed", encoding="utf-8")
    checkout.run("status")
    assert checkout.asked("-m venv") == []
    assert len(checkout.asked("-m pip install")) == 1


@needs_libraries
def test_an_install_that_was_interrupted_is_made_anew(checkout: Checkout) -> None:
    """Without a network it is one sentence and exit code 1; the next run starts from an empty environment."""
    failed = checkout.run("status", NO_NETWORK="yes")
    assert failed.returncode == 1
    assert "check the network" in failed.stderr
    assert checkout.asked("-m cli") == []
    assert checkout.run("status").returncode == 0
    assert len(checkout.asked("-m venv --clear")) == 1


@needs_libraries_of_tests
def test_what_the_tests_need_is_enough_for_running(checkout: Checkout) -> None:
    """After ``test`` a ``run`` installs nothing."""
    checkout.run("--data", "x", "test", "-k", "one")
    assert "test.txt" in checkout.asked("-m pip install")[0]
    checkout.run("run")
    assert checkout.asked("-m pip install") == []


@needs_libraries
def test_another_interpreter_has_an_environment_of_its_own(checkout: Checkout) -> None:
    """PYTHON names it; the usual environment is left alone."""
    checkout.put("other", PYTHON.replace("3.11.2", "3.13.0"))
    checkout.run("status", PYTHON="other")
    assert (checkout.root / ".venv-3.13/bin/python").exists()
    assert not (checkout.root / ".venv").exists()


@needs_libraries
def test_only_missing_packages_are_installed_and_they_are_named(checkout: Checkout) -> None:
    """Root needs no sudo; no recommended package comes along."""
    checkout.put("id", "#!/bin/sh\necho 0\n")
    checkout.put("apt-get", RECORDS.format(name="apt-get", code=0))
    checkout.put("apt-cache", "#!/bin/sh\nexit 1\n")
    (checkout.programs / "ffmpeg").unlink()
    done = checkout.run("status")
    assert "installing Debian packages: ffmpeg" in done.stderr
    [install] = checkout.asked("apt-get -q -y install")
    assert install.split()[-2:] == ["--no-install-recommends", "ffmpeg"]
    assert checkout.asked("update") == []


@needs_libraries
def test_a_browser_is_only_for_tests_and_only_where_it_can_be_driven(checkout: Checkout) -> None:
    """With a font that has Chinese; elsewhere, and for ``run``, neither is missed."""
    for name in ("chromium", "fc-list"):
        (checkout.programs / name).unlink()
    assert checkout.run("run").returncode == 0
    assert "this machine lacks: chromium fonts-wqy-microhei" in checkout.run("test").stderr
    checkout.put("uname", "#!/bin/sh\necho armv7l\n")
    assert "chromium" not in checkout.run("test").stderr


@needs_libraries
@pytest.mark.parametrize(("settings", "wanted"), [("https_port = 8443", True), ("# https_port = 8443", False)])
def test_openssl_is_wanted_only_for_the_encrypted_address(checkout: Checkout, settings: str, wanted: bool) -> None:
    """Its certificate is made by it; nothing else here needs it."""
    checkout.put("id", "#!/bin/sh\necho 0\n")
    checkout.put("apt-get", RECORDS.format(name="apt-get", code=0))
    checkout.put("apt-cache", "#!/bin/sh\nexit 1\n")
    (checkout.root / "var").mkdir()
    (checkout.root / "var/settings.toml").write_text(f"[panel]\n{settings}\n", encoding="utf-8")
    done = checkout.run("status")
    assert ("installing Debian packages: openssl" in done.stderr) is wanted


@needs_libraries
@pytest.mark.skipif(Path("/usr/lib/python3/dist-packages/lgpio.py").exists(), reason="lgpio is on this machine")
@pytest.mark.parametrize("knows", [False, True])
def test_a_pi_whose_system_has_no_library_for_the_pins_runs_all_the_same(checkout: Checkout, *, knows: bool) -> None:
    """Raspberry Pi OS has python3-lgpio, and ``install`` brings it too; Debian 13 has none, and none is missed."""
    checkout.put("id", "#!/bin/sh\necho 0\n")
    checkout.put("apt-get", RECORDS.format(name="apt-get", code=0))
    checkout.put("apt-cache", f"#!/bin/sh\nexit {int(not knows)}\n")
    on_a_pi = '#!/bin/sh\ncase "$*" in *"Raspberry Pi"*) exit 0 ;; esac\nexec {grep} "$@"\n'
    checkout.put("grep", on_a_pi.format(grep=shutil.which("grep")))
    made = '*"-m cli package"*) echo /made/it.deb ;;\n    *"-m venv"*)'
    new = PYTHON.replace('(3, 13))"*) exit 1', '(3, 13))"*) exit 0').replace("3.11.2", "3.13.5")
    checkout.put("python3", new.replace('*"-m venv"*)', made))
    assert checkout.run("status").returncode == 0
    assert ("python3-lgpio" in "".join(checkout.asked("apt-get"))) is knows
    assert "--system-site-packages" in checkout.asked("-m venv")[0]
    assert checkout.run("install", PYTHON="python3").returncode == 0
    [install] = checkout.asked("apt-get -q -y install")
    assert install.endswith("/made/it.deb python3-lgpio" if knows else "/made/it.deb")


@needs_libraries
def test_who_may_not_install_is_told_what_to_ask_for(checkout: Checkout) -> None:
    """No sudo: the administrator's command is in the sentence, and nothing is tried."""
    checkout.put("id", "#!/bin/sh\necho 1000\n")
    checkout.put("apt-get", RECORDS.format(name="apt-get", code=0))
    (checkout.programs / "espeak-ng").unlink()
    done = checkout.run("status")
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends espeak-ng" in done.stderr
    assert checkout.asked("apt-get") == []


@needs_libraries
def test_a_machine_that_is_no_debian_is_told_what_it_lacks(checkout: Checkout) -> None:
    """Without apt-get the names of what is missing are all that can be said."""
    (checkout.programs / "ffmpeg").unlink()
    done = checkout.run("status")
    assert done.returncode == 1
    assert "this machine lacks: ffmpeg" in done.stderr


def test_the_codecs_of_old_phones_are_asked_for_by_the_tests_alone(checkout: Checkout) -> None:
    """What ``test`` and ``bench`` encode with is no part of what a box needs."""
    launcher = checkout.root / "xiaolaba"
    launcher.write_text(launcher.read_text(encoding="utf-8").replace("/usr/lib", "/nowhere"), encoding="utf-8")
    codecs = ["libopencore-amrnb0", "libvo-amrwbenc0"]
    for verb, needed in (("test", True), ("bench", True), ("run", False)):
        lacked = checkout.run(verb).stderr
        assert "libasound2" in lacked
        assert [codec in lacked for codec in codecs] == [needed, needed]


def test_packaging_leaves_no_environment_in_the_checkout(checkout: Checkout) -> None:
    """``package`` makes its own elsewhere, and needs nothing here that only a run needs."""
    (checkout.programs / "ffmpeg").unlink()
    assert checkout.run("package", PYTHON="python3").returncode == 0
    assert not list(checkout.root.glob(".venv*"))
    assert checkout.asked("-P -m cli package")
    assert checkout.asked("apt-get") == []


def test_one_command_makes_the_package_and_gives_it_to_apt(checkout: Checkout) -> None:
    """``install`` hands apt what ``package`` printed; where apt refuses, it fails and says so."""
    checkout.put("id", "#!/bin/sh\necho 0\n")
    checkout.put("apt-get", RECORDS.format(name="apt-get", code=0))
    checkout.put(
        "python3", PYTHON.replace('*"-m venv"*)', '*"-m cli package"*) echo /made/it.deb ;;\n    *"-m venv"*)')
    )
    assert checkout.run("install", PYTHON="python3").returncode == 0
    assert checkout.asked("apt-get -q -y install --no-install-recommends --reinstall /made/it.deb")
    checkout.put("apt-get", RECORDS.format(name="apt-get", code=1))
    refused = checkout.run("install", PYTHON="python3")
    assert refused.returncode == 1
    assert "could not be installed" in refused.stderr


def test_uninstalling_leaves_what_people_have_written(checkout: Checkout) -> None:
    """It removes and does not purge; nothing is installed for it first."""
    checkout.put("id", "#!/bin/sh\necho 0\n")
    checkout.put("apt-get", RECORDS.format(name="apt-get", code=0))
    (checkout.programs / "ffmpeg").unlink()
    assert checkout.run("uninstall").returncode == 0
    assert checkout.asked("apt-get") == ["apt-get -q -y remove xiaolaba"]


def test_the_launcher_is_executable() -> None:
    """A fresh checkout runs it as it is."""
    assert os.access(share() / "xiaolaba", os.X_OK)
