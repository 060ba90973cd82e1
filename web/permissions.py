"""Who may do what: for every endpoint the roles that may use it. What is not named here is refused to all."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from web.people.roles import ROLES, Role

EVERYBODY = frozenset(ROLES)
WRITERS = frozenset[Role]({"editor", "publisher"})
PUBLISHERS = frozenset[Role]({"publisher"})
INSTALLERS = frozenset[Role]({"installer"})

# These ask nobody who they are.
OPEN_TO_ALL = frozenset(
    {
        "account.login",
        "account.log_in",
        "account.first_visit",
        "account.set_up",
        "language.choose",
        "help.show",  # who forgot the password reads there what to do
        "api.document",
        "residents.show",  # off until a publisher opens them, see web/residents/
        "residents.sound",
        "static",
        "healthz",
    }
)

MAY: dict[str, frozenset[Role]] = {
    "account.log_out": EVERYBODY,
    # 用户
    "users.me": EVERYBODY,
    "users.change_password": EVERYBODY,
    "users.every": INSTALLERS,
    "users.add": INSTALLERS,
    "users.invite": INSTALLERS,
    "users.change_role": INSTALLERS,
    "users.remove": INSTALLERS,
    "users.restore": INSTALLERS,
    "users.two_people": INSTALLERS,
    "audit.show": INSTALLERS,
    "backup.show": INSTALLERS,
    "backup.download": INSTALLERS,
    "backup.upload": INSTALLERS,
    "backup.decide": INSTALLERS,
    "backup.undo": INSTALLERS,
    "tokens.every": EVERYBODY,
    "tokens.make": EVERYBODY,
    "tokens.revoke": EVERYBODY,
    # The API: a token may what its user may.
    "api.status": EVERYBODY,
    "api.day": EVERYBODY,
    "api.messages": EVERYBODY,
    "api.message": EVERYBODY,
    "api.put_message": WRITERS,
    "api.work": EVERYBODY,
    "api.broadcasts": EVERYBODY,
    "api.withdraw": PUBLISHERS,
    "api.play": PUBLISHERS,
    "api.stop": EVERYBODY,
    "api.be_quiet": EVERYBODY,
    "api.end_quiet": PUBLISHERS,
    "api.records": EVERYBODY,
    # 今天. Whoever may come in may silence it; to make it sound is the publishers'.
    "today.show": EVERYBODY,
    "today.play": PUBLISHERS,
    "today.stop": EVERYBODY,
    "today.on_air": PUBLISHERS,
    "quiet.ask": EVERYBODY,
    "clock.propose": PUBLISHERS | INSTALLERS,
    "quiet.end": PUBLISHERS,
    "mending.put_back": PUBLISHERS | INSTALLERS,
    # 插播 and 应急广播
    "say.write": PUBLISHERS,
    "say.prepare": PUBLISHERS,
    "say.record": PUBLISHERS,
    "say.take": PUBLISHERS,
    "say.hear": PUBLISHERS,
    "say.play": PUBLISHERS,
    "say.ask_emergency": PUBLISHERS,
    "say.play_emergency": PUBLISHERS,
    # 全体插播, at a hub
    "urgent.choose": PUBLISHERS,
    "urgent.prepare": PUBLISHERS,
    "urgent.show": EVERYBODY,
    "urgent.say": PUBLISHERS,
    "urgent.stop": EVERYBODY,
    # 稿件. What an editor saves waits for a publisher, see web/reviews/proposing.py.
    "messages.every": EVERYBODY,
    "messages.edit": EVERYBODY,
    "messages.spoken": EVERYBODY,
    "messages.listen": EVERYBODY,
    "messages.change": WRITERS,
    "messages.discard": WRITERS,
    "new_message.write": WRITERS,
    "new_message.add": WRITERS,
    "new_message.copy": WRITERS,
    "message_history.show": EVERYBODY,
    "message_history.restore": WRITERS,
    "message_validity.change": PUBLISHERS,
    "message_source.change": PUBLISHERS,
    "message_archive.ask": PUBLISHERS,
    "message_archive.put": PUBLISHERS,
    "message_withdrawal.ask": PUBLISHERS,
    "message_withdrawal.withdraw": PUBLISHERS,
    # 社区统一
    "shared.show": EVERYBODY,
    "shared.propose": WRITERS,
    "shared_times.show": EVERYBODY,
    "shared_times.propose": PUBLISHERS,
    "joining.show": EVERYBODY,
    "joining.join": INSTALLERS,
    "joining.give_up": INSTALLERS,
    # 待审. Nobody approves what they wrote themselves, see web/people/two_people.py.
    "reviews.every": EVERYBODY,
    "reviews.show": EVERYBODY,
    "reviews.listen": EVERYBODY,
    "reviews.agree": PUBLISHERS,
    "reviews.return_it": PUBLISHERS,
    "reviews.take_back": WRITERS,
    # 时段
    "schedule.show": EVERYBODY,
    "schedule.day": EVERYBODY,
    "broadcasts.new": PUBLISHERS,
    "broadcasts.add": PUBLISHERS,
    "broadcasts.edit": PUBLISHERS,
    "broadcasts.change": PUBLISHERS,
    "broadcasts.remove": PUBLISHERS,
    "exceptions.new": PUBLISHERS,
    "exceptions.add": PUBLISHERS,
    "exceptions.edit": PUBLISHERS,
    "exceptions.change": PUBLISHERS,
    "exceptions.remove": PUBLISHERS,
    "holidays.show": EVERYBODY,
    "holidays.put": PUBLISHERS,
    "archive.back": PUBLISHERS,
    # 录音
    "recordings.every": EVERYBODY,
    "recordings.hear": WRITERS,
    "recordings.wav": EVERYBODY,
    "recordings.upload": WRITERS,
    "recordings.decide": WRITERS,
    "recordings.use": WRITERS,
    "recordings.agree": PUBLISHERS,
    "recordings.name": WRITERS,
    "recordings.delete": PUBLISHERS,
    "recordings.restore": PUBLISHERS,
    # The word list changes how everything sounds that is on air.
    "readings.every": EVERYBODY,
    "readings.hear": EVERYBODY,
    "readings.put": PUBLISHERS,
    "readings.delete": PUBLISHERS,
    "readings.undo": PUBLISHERS,
    "clips.wav": EVERYBODY,
    "records.show": EVERYBODY,
    "records.table": EVERYBODY,
    "records.ledger": EVERYBODY,
    "records.workbook": EVERYBODY,
    "more.show": EVERYBODY,
    "help.card": EVERYBODY,
    # 小区, on a hub
    "zones.every": EVERYBODY,
    "zones.show": EVERYBODY,
    "zones.arrange": PUBLISHERS,
    "zone_day.show": EVERYBODY,
    "zone_volumes.show": EVERYBODY,
    "zone_volumes.change": PUBLISHERS,
    "zone_adding.write": INSTALLERS,
    "zone_adding.invite": INSTALLERS,
    "zone_adding.confirm": INSTALLERS,
    "zone_adding.turn_away": INSTALLERS,
    "zone_records.show": EVERYBODY,
    "zone_records.table": EVERYBODY,
    "zone_ledger.show": EVERYBODY,
    "zone_ledger.workbook": EVERYBODY,
    "zone_proposals.every": EVERYBODY,
    "zone_proposals.adopt": PUBLISHERS,
    "zone_proposals.drop": PUBLISHERS,
    "zone_proposals.done": PUBLISHERS,
    "zone_choice.ask": PUBLISHERS,
    "zone_choice.choose": PUBLISHERS,
    "zone_loss.ask": INSTALLERS,
    "zone_loss.lose": INSTALLERS,
    # 设置
    "settings.show": EVERYBODY,
    "settings.locked": EVERYBODY,
    "settings.about": EVERYBODY,
    "settings.checkup": EVERYBODY,
    "zone.edit": PUBLISHERS,
    "zone.change": PUBLISHERS,
    "voice.edit": PUBLISHERS,
    "voice.change": PUBLISHERS,
    "voice.hear": PUBLISHERS,
    "volume.edit": PUBLISHERS,
    "volume.change": PUBLISHERS,
    "volume.test": PUBLISHERS,
    "loudness.edit": EVERYBODY,
    "loudness.play": PUBLISHERS | INSTALLERS,
    "loudness.read": PUBLISHERS | INSTALLERS,
    "loudness.limit": PUBLISHERS | INSTALLERS,
    "residents_setting.edit": EVERYBODY,
    "residents_setting.turn": PUBLISHERS,
    "residents_setting.sheet": EVERYBODY,
    "work.show": EVERYBODY,
    "work.state": EVERYBODY,
}


def is_open(endpoint: str | None) -> bool:
    """Tell whether that endpoint asks nobody who they are."""
    return endpoint in OPEN_TO_ALL


def may(roles: AbstractSet[Role], endpoint: str | None) -> bool:
    """Tell whether somebody who is logged in with ``roles`` may use ``endpoint``.

    None is an address that leads nowhere: who is logged in is told so.
    """
    return endpoint is None or is_open(endpoint) or bool(MAY.get(endpoint, frozenset()) & roles)
