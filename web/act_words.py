"""What the acts in the audit log are called; one without a word here is shown by its stable name."""

from __future__ import annotations

from flask_babel import gettext as _


def act_name(what: str) -> str:
    """Return what an act is called, in the reader's language."""
    return {
        "account.log_in": _("登录"),
        "account.set_up": _("用开通码或邀请码设密码"),
        "account.log_out": _("退出登录"),
        "users.add": _("添加用户"),
        "users.invite": _("给新的邀请码"),
        "users.change_role": _("改角色"),
        "users.remove": _("移走用户"),
        "users.restore": _("请回用户"),
        "users.two_people": _("开关双人审核"),
        "users.change_password": _("换密码"),
        "tokens.make": _("做接口令牌"),
        "tokens.revoke": _("收回接口令牌"),
        "today.play": _("现在播放"),
        "today.stop": _("停止"),
        "today.on_air": _("开始播出"),
        "say.prepare": _("写插播"),
        "say.record": _("录插播"),
        "say.take": _("用录音插播"),
        "say.play": _("插播"),
        "say.play_emergency": _("应急广播"),
        "messages.change": _("改稿件"),
        "messages.listen": _("试听稿件"),
        "messages.discard": _("丢掉没保存的修改"),
        "message.saved": _("稿件保存好了"),
        "reviews.approve": _("同意稿件"),
        "reviews.give_back": _("退回稿件"),
        "reviews.withdraw": _("收回送审的稿件"),
        "recordings.upload": _("传录音"),
        "recordings.decide": _("留下或不要录音"),
        "recordings.use": _("换录音"),
        "recordings.agree": _("确认还播录音"),
        "recordings.name": _("改录音的名字"),
        "recordings.delete": _("删录音"),
        "recordings.restore": _("拿回录音"),
        "broadcasts.add": _("加广播时段"),
        "broadcasts.change": _("改广播时段"),
        "broadcasts.remove": _("删广播时段"),
        "exceptions.add": _("加例外日子"),
        "exceptions.change": _("改例外日子"),
        "exceptions.remove": _("删例外日子"),
        "archive.back": _("拿回删掉的"),
        "readings.put": _("加读音"),
        "readings.delete": _("删读音"),
        "readings.undo": _("撤回读音的修改"),
        "readings.hear": _("试听读音"),
        "api.put_message": _("接口改稿件"),
        "api.play": _("接口播放"),
        "api.stop": _("接口停止"),
    }.get(what, what)
