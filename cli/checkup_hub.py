"""What ``doctor`` tells of the hub, where this box is one."""

from __future__ import annotations

from collections.abc import Callable

from box.checkup import Finding
from box.folders import INSTALLED_DATA, Folders
from box.sentences import Sentence
from fleet.hub.broker import BrokerMissing, find_program
from fleet.hub.client import HubAway, HubRefuses
from fleet.hub.protocol import Zones


def check_up_hub(
    folders: Folders, ask: Callable[[], Zones], program: Callable[[], str] = find_program
) -> list[Finding]:
    """Return how the hub is; nothing where this box is none. ``program`` finds the broker's program."""
    if not folders.hub.is_dir():
        return []
    installed = folders.data == INSTALLED_DATA
    log = "journalctl -u xiaolaba-hub" if installed else "./xiaolaba run"
    try:
        program()
        zones = ask()
    except BrokerMissing as error:
        return [Finding("hub", "wrong", error.sentence)]
    except (HubAway, HubRefuses) as error:
        return [Finding("hub", "wrong" if installed else "note", error.sentence, Sentence(log, log))]
    hub, members = zones.hub, [zone for zone in zones.zones if zone.standing == "member"]
    online = sum(zone.online for zone in members)
    found = [
        Finding(
            "hub",
            "good",
            Sentence(
                f"这台是社区总站：{len(members)} 个小区入网，{online} 个在线",
                f"this box is the hub: {len(members)} zones belong to it, {online} are online",
            ),
        )
        if hub.broker
        else Finding(
            "hub",
            "wrong",
            Sentence("总站的消息服务没有运行，正在重新启动", "the hub's broker does not run; it is started again"),
            Sentence(log, log),
        )
    ]
    found += [Finding(alarm.code, "wrong", Sentence(alarm.zh, alarm.en)) for alarm in hub.alarms]
    if hub.root_is_here:
        mend = "sudo xiaolaba hub root FILE"
        what = Sentence(
            "根钥匙还在总站上，请移到优盘保管：谁拿到总站，谁就能换掉所有钥匙",
            "the root key is still on the hub: who takes the hub has it. Take it to a stick",
        )
        found.append(Finding("root-key", "note", what, Sentence(mend, mend)))
    return found
