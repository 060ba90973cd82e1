"""The installer's settings file as it is first put in place: every line a comment, so that the defaults hold."""

from __future__ import annotations

TEXT = """\
# 小喇叭的安装设置。只有 root 能改；面板改不到这里。改完运行：systemctl restart xiaolaba.target
# The installer's settings: root's alone, out of the panel's reach. After a change: systemctl restart xiaolaba.target

[audio]
# device = "plughw:0,0"        # 声卡（aplay -l 看名字）；写了却打不开会报警 · named and not there is an alarm
# lead_in_ms = 500             # 功放接通后先静音多久 · silence while the amplifier wakes
# tail_ms = 200
# loudspeaker = "box"          # 号角 "horn"，音箱音柱 "box"，不削频 "flat" · a horn, a box or column, the whole band
# sentence_pause_ms = 0        # 院子有回声，每句话后就多停一会儿；0 随声音自己 · for an echo; 0: as the voice does
# 这两项改了，面板会把声音都重新做一遍 · after a change of these two, the panel makes all clips anew

[gpio]                         # BCM 编号；不写就不用 · BCM numbers; a pin that is not named is not used
# amplifier_pin = 17
# amplifier_active_high = true
# lamp_pin = 27
# button_pin = 22

[limits]                       # 谁也越不过 · what holds whoever asks
# timezone = "Asia/Shanghai"
# quiet_hours = "21:30-06:30"
# loudest_percent = 100
# longest_minutes = 20
# longest_minutes_per_day = 120
# page_gap_seconds = 0         # 两次插播之间至少隔几秒（应急不用等）· seconds between two pages; no emergency waits
# emergency_at_night = false

# 外接开关：消防主机的干接点、门卫的按钮，一个一段；接线和每一项的意思见 docs/contacts.md
# Contacts: a fire panel's relay, a guard's button, a table each; docs/contacts.md tells how to wire and set them
# [[contacts]]
# name = "消防主机"
# pin = 5
# rest_pin = 6                 # 转换触点的常闭边，查断线 · the side that is closed at rest: it shows a cut wire
# message = "fire"             # 稿件的名字 · the message's id
# priority = "emergency"       # 或 "page" · or "page"
# occasion = "消防主机报火警"
# test_every_days = 30         # 多少天没有动作过就提醒试一次 · a reminder after so many days without a call

[heard]                        # 音箱旁边的话筒，听有没有响；声音一点也不存，见 docs/heard.md
                               # a microphone near the loudspeaker tells whether it sounded; nothing it takes is stored
# device = "plughw:CARD=Device" # arecord -l 看名字；不写就不听 · not named: nobody listens
# self_test = "mon 10:00"       # 每周一次轻轻的自检声，静音时段不响 · a quiet signal once a week, within every limit
# self_test_percent = 30

[panel]
# host = "0.0.0.0"
# port = 8080
# https_port = 8443            # 另开一个加密的地址；0 不开 · an encrypted address besides; 0: none
# announce = true              # 在局域网里叫 xiaolaba.local（mDNS）· be xiaolaba.local on the LAN
"""
