"""The 19 clauses and 3 safeguards of the 2023 guideline (指导意见) that the portal serves: numbers and names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Clause:
    """One clause: `key` is "1".."19" or "S1".."S3", `title` its own heading, `short` a name that fits a table head."""

    key: str
    group: str
    title_zh: str
    title_en: str
    short_zh: str
    short_en: str

    @property
    def is_safeguard(self) -> bool:
        return self.key.startswith("S")

    def mark(self, language: str) -> str:
        """Return the number as the guideline writes it: 5, or 一 (in English S1) for the first safeguard."""
        if self.is_safeguard and not language.startswith("en"):
            return "一二三"[int(self.key[1:]) - 1]
        return self.key

    def title(self, language: str) -> str:
        return self.title_en if language.startswith("en") else self.title_zh

    def short(self, language: str) -> str:
        return self.short_en if language.startswith("en") else self.short_zh


GROUPS = {
    "system": ("制度建设", "Management systems"),
    "creation": ("创造质量", "Quality of creation"),
    "use": ("运用效益", "Benefit from use"),
    "protection": ("保护能力", "Protection"),
    "public": ("公共服务", "Public service"),
    "safeguard": ("保障措施", "Safeguards"),
}

_ROWS = (
    ("1", "system", "强化知识产权管理意识", "Strengthen IP management awareness", "管理意识", "Awareness"),
    ("2", "system", "完善知识产权管理体系", "Improve IP management systems", "管理体系", "Management system"),
    ("3", "system", "制定实施知识产权战略", "Draw up and carry out IP strategies", "战略", "Strategy"),
    ("4", "system", "建立知识产权经营模式", "Establish IP business models", "经营模式", "Business model"),
    ("5", "creation", "发挥知识产权示范引领", "Lead by pilot and demonstration units", "试点示范", "Pilot units"),
    ("6", "creation", "实施专利导航工程", "Carry out patent navigation", "专利导航", "Patent navigation"),
    ("7", "creation", "促进高价值专利培育", "Foster high-value patents", "高价值培育", "High-value patents"),
    ("8", "creation", "加强海外知识产权布局", "Strengthen overseas IP filing", "海外布局", "Overseas filing"),
    ("9", "use", "提升知识产权运用能力", "Raise the capacity to use IP", "运用能力", "Use of IP"),
    ("10", "use", "有效运用专利运营制度", "Make use of patent operation rules", "运营制度", "Operation rules"),
    ("11", "use", "实施知识产权金融服务", "Provide IP finance", "金融服务", "IP finance"),
    ("12", "use", "拓展知识产权运营服务", "Extend IP operation services", "运营服务", "Operation services"),
    (
        "13",
        "use",
        "促进商标品牌建设和地理标志运用",
        "Promote trade mark brands and geographical indications",
        "商标与地标",
        "Marks and GIs",
    ),
    ("14", "protection", "完善知识产权保护体系", "Improve the IP protection system", "保护体系", "Protection system"),
    ("15", "protection", "强化知识产权执法力度", "Strengthen IP enforcement", "执法力度", "Enforcement"),
    (
        "16",
        "protection",
        "加大知识产权维权援助力度",
        "More help in asserting rights",
        "维权援助",
        "Rights assistance",
    ),
    (
        "17",
        "public",
        "完善知识产权公共服务网络",
        "Improve the IP service network",
        "服务网络",
        "Service network",
    ),
    (
        "18",
        "public",
        "丰富知识产权公共服务供给",
        "Enrich public IP services",
        "服务供给",
        "Service supply",
    ),
    (
        "19",
        "public",
        "提升知识产权信息传播利用水平",
        "Raise the spread and use of IP information",
        "信息利用",
        "Use of information",
    ),
    ("S1", "safeguard", "加强组织领导", "Strengthen organisation and leadership", "组织领导", "Leadership"),
    ("S2", "safeguard", "加强人才培养", "Strengthen training of talent", "人才培养", "Talent"),
    ("S3", "safeguard", "加强宣传推广", "Strengthen publicity", "宣传推广", "Publicity"),
)

CLAUSES: dict[str, Clause] = {row[0]: Clause(*row) for row in _ROWS}
