"""Made lists of rights, all invented: 示例."""

import datetime as dt

from patents import numbers

OWNER = "申澜微感（上海）传感科技有限公司"


def number(n: int) -> str:
    digits = f"20221{9_000_000 + n:07d}"
    return f"{digits}.{numbers.check_digit(digits)}"


def title(n: int) -> str:
    return f"示例：第{n}种传感器"


def filed_on(n: int) -> dt.date:
    return dt.date(2022, 1, 1) + dt.timedelta(days=n)


def as_csv(count: int) -> bytes:
    rows = [f"{number(n)},{title(n)},{OWNER},{filed_on(n)},2024-03-05,有效" for n in range(count)]
    return "\n".join(["申请号,标题,专利权人,申请日,授权公告日,法律状态", *rows]).encode()
