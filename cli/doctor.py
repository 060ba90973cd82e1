"""``doctor``: what is wrong with this machine, and how to mend it."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress

from box.checkup import Finding, keep_checkup
from box.clock import SystemClock
from box.folders import Folders
from box.sentences import Sentence
from cli import terminal, wire
from cli.board import board_at
from cli.checkup import check_up, this_machine
from cli.checkup_board import check_up_board
from cli.checkup_calendar import check_up_calendar
from cli.checkup_contacts import check_up_contacts
from cli.checkup_fleet import check_up_fitting, check_up_fleet
from cli.checkup_hub import check_up_hub
from cli.checkup_lan import LanProbes, check_up_lan
from cli.checkup_log import check_up_log
from cli.checkup_programme import check_up_programme
from cli.places import settings_file
from fleet.hub.client import HubClient

SUMMARY = Sentence("检查这台机器，说怎样修好", "check this machine, and say how to mend it")

_MARKS = {"good": "✓", "note": "·", "wrong": "✗"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take ``--json``."""
    parser.add_argument("--json", action="store_true", help=terminal.text("只输出 JSON", "nothing but JSON"))


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print every finding on standard output, and keep them for the panel; exit 1 when something needs a person."""
    settings = settings_file(folders)
    findings = check_up(folders, settings, this_machine(wire.client_of(folders).status))
    findings += check_up_board(board_at(), folders.data.resolve())
    findings += check_up_lan(folders, settings, LanProbes())
    findings += check_up_programme(folders)
    findings += check_up_calendar(folders, SystemClock().now())
    findings += check_up_log(folders)
    findings += check_up_fleet(folders, SystemClock().now())
    findings += check_up_fitting(folders)
    findings += check_up_hub(folders, HubClient(folders.hub_socket).zones)
    findings += check_up_contacts(folders, wire.client_of(folders).status)
    with suppress(OSError):  # who may not write there has looked for himself
        keep_checkup(folders.checkup, findings, SystemClock().now())
    if arguments.json:
        print(json.dumps([_plain(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{_MARKS[finding.state]} {finding.what.text(terminal.language())}")
            if finding.mend and finding.state != "good":
                print(f"    → {finding.mend.text(terminal.language())}")
    return int(any(finding.state == "wrong" for finding in findings))


def _plain(finding: Finding) -> dict[str, object]:
    mend = finding.mend._asdict() if finding.mend else None
    return {"code": finding.code, "state": finding.state, "what": finding.what._asdict(), "mend": mend}
