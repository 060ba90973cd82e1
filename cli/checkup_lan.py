"""What ``doctor`` looks at on the LAN: the panel's encrypted address, where it is wanted, and the box's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from box.checkup import Finding
from box.folders import INSTALLED_DATA, Folders
from box.sentences import Sentence
from box.settings import Panel, SettingsInvalid, read_settings
from cli.encrypted import kept_fingerprint, shown_fingerprint
from web.lan.announced_file import kept


@dataclass(frozen=True)
class LanProbes:
    """How the machine and its panel are asked: handed in, so that a test can be any machine."""

    which: Callable[[str], str | None] = which
    shown_fingerprint: Callable[[str, int], str] = shown_fingerprint


def check_up_lan(folders: Folders, settings_path: Path, probes: LanProbes) -> list[Finding]:
    """Answer the questions about the LAN; none where the settings can't be read, which is found elsewhere."""
    try:
        panel = read_settings(settings_path).panel
    except SettingsInvalid:
        return []
    return [_https(folders, panel, settings_path, probes), _announced(folders, panel)]


def _https(folders: Folders, panel: Panel, settings_path: Path, probes: LanProbes) -> Finding:
    if not panel.https_port:
        return Finding(
            "https",
            "note",
            Sentence(
                "面板没有加密：密码在本地网络里是明文", "no encrypted address: passwords cross this LAN in the clear"
            ),
            Sentence(
                f"要加密，在 {settings_path} 的 [panel] 里写 https_port = 8443",
                f"for one, write https_port = 8443 under [panel] in {settings_path}",
            ),
        )
    ours = kept_fingerprint(folders)
    if not ours and probes.which("openssl") is None:
        mend = "sudo apt-get install --no-install-recommends openssl"
        what = Sentence("没有 openssl，做不了加密地址的证书", "openssl is missing: the certificate can't be made")
        return Finding("https", "wrong", what, Sentence(mend, mend))
    shown = probes.shown_fingerprint(panel.host, panel.https_port)
    if shown and ours in {"", shown}:  # who may not read the panel's folder has the panel's word
        what = Sentence(
            f"加密的地址在 {panel.https_port} 端口，证书指纹 SHA-256：{shown}",
            f"the encrypted address is on port {panel.https_port}, its certificate's SHA-256: {shown}",
        )
        return Finding("https", "good", what)
    if shown:
        what = Sentence(
            f"{panel.https_port} 端口上的证书不是面板的", f"what answers on port {panel.https_port} is not this panel"
        )
    else:
        what = Sentence(
            f"加密的地址（{panel.https_port} 端口）没有应答",
            f"the encrypted address (port {panel.https_port}) is silent",
        )
    installed = folders.data == INSTALLED_DATA
    mend = "journalctl -u xiaolaba-panel" if installed else "./xiaolaba run"
    return Finding("https", "wrong" if installed or shown else "note", what, Sentence(mend, mend))


def _announced(folders: Folders, panel: Panel) -> Finding:
    """Nobody needs the name who has the digits: what is missing is told, and is no fault."""
    if not panel.announce:
        what = Sentence("设置里关掉了局域网里的名字", "the settings turn the name on the LAN off")
        return Finding("announced", "note", what)
    told = kept(folders.announced)
    if told.name:
        what = Sentence(f"在局域网里叫 {told.name}", f"on the LAN it is called {told.name}")
        return Finding("announced", "good", what)
    why = told.fault or Sentence(
        "面板没有运行，或者只在本机", "the panel does not run, or listens on this machine only"
    )
    what = Sentence(f"局域网里没有小喇叭的名字：{why.zh}", f"it has no name on the LAN: {why.en}")
    mend = Sentence(
        "用数字的地址打开面板；要名字，请检查网线、路由器，防火墙放行 UDP 5353",
        "open the panel by its address in digits; for the name look at cable and router, and let UDP 5353 through",
    )
    return Finding("announced", "note", what, mend)
