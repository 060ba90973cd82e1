"""What is counted in notices: after these words 2 is 两, and a number is an amount, never a telephone number."""

from __future__ import annotations

_MEASURES = (
    r"个|位|名|人|户|次|天|年(?!级|代)|周|岁|小时|分钟|秒|元|块|角|毛|分(?!之|册|局|店|会|部|院|校)|米|公里|里(?!面)"
    r"|斤|公斤|千克|克|吨|升|毫升|厘米|毫米|平方|立方|平米|度|种|类|件|条|张|只|支(?!部)|枝|辆|台|部|间|所|家|本|份|批|轮|场|遍|倍"
    r"|杯|瓶|盒|包|袋|箱|桶|碗|片|粒|颗|棵|头|口|把|套|双|对|步|面|项|道|亩|针|剂|处|车|顿|餐|趟|样|句|篇|首|点(?!位)"
    r"|匹|公顷|丈(?!夫)|尺|担|刻|筐|罐|证(?=合)"
    r"|千|万|亿|例|根|侧|边|旁|端|艘|架|堂|页|幅|朵|束|捆|笔|股|圈|票|起|节(?![日假目气约前后])|门(?=课|学科|功课)"
    r"|座(?=桥|塔|水库|公厕|凉亭|大棚)"
)
COUNTED = rf"(?=\s*(?:{_MEASURES}))"
"""Looks ahead for a word that counts."""

_UNITS = r"号|栋|幢|楼|单元|层|室|路|级|期|月|日|时|[%‰℃°]|[a-zA-Zμ㎡㎏㎞㎝㎜㏄²³]"

NOT_AN_AMOUNT = rf"(?!\s*(?:{_MEASURES}|余|多|来[个人户名]|{_UNITS}))"
"""Looks ahead for the lack of any: what is before is not an amount."""
