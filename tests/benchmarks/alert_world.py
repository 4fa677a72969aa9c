"""A city for the benchmarks of alerts: enterprises, rights of every kind, markets and people, by set-based SQL."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from portal.models import District
from services.protection import exposure
from tests.factories import people

SYMBOLS = [
    "G01L9/12", "G01L9/00", "G01L1/18", "G01B7/16", "G01N27/00", "G01R31/00", "G06F16/90", "G06N3/08", "G06Q10/06",
    "G06T7/00", "H01M10/0525", "H01M4/36", "H01L21/02", "H01L29/78", "H02J7/00", "H04L9/40", "H04W4/02", "H04N7/18",
    "B25J9/16", "B60L53/00", "B65G47/90", "B01D53/00", "B23K26/38", "B29C45/00", "A61B5/00", "A61K31/00", "A61M5/14",
    "A23L33/10", "A01G9/24", "C08L23/06", "C07D401/04", "C12N15/11", "C02F1/44", "C22C38/00", "D06M11/00", "E04B1/00",
    "E02D17/20", "F16L55/00", "F24F11/00", "F21V23/00",
]  # fmt: skip
INDUSTRIES = [
    "C3983",
    "C3971",
    "C2770",
    "C3612",
    "I6510",
    "I6450",
    "F5179",
    "M7320",
    "C2614",
    "C3442",
    "C1491",
    "G5430",
]
COUNTRIES = ["US", "US", "US", "EP", "JP", "KR", "DE", "GB", "IN", "VN"]
WORDS = [
    "压力传感器",
    "锂离子电池",
    "图像识别",
    "机械手",
    "半导体器件",
    "药物组合物",
    "数据处理",
    "通信",
    "空调",
    "混凝土",
]
THINGS = ["装置", "方法", "系统", "结构", "控制器", "检测仪", "连接件", "模组", "外壳", "组合物", "设备", "电路"]
USERS = """
INSERT INTO portal_user (number, password, is_superuser, email, name, phone, language, theme, text_size, mail_choice,
    is_active, is_staff, is_demo, date_joined, session_epoch)
SELECT 'B' || lpad(n::text, 9, '0'), '!', false, 'b' || n || '@bench.example', '某某' || n, '', '', 'auto', 'normal',
    CASE WHEN n %% 10 = 0 THEN 'none' ELSE 'at_once' END, true, false, false, now(), 0
FROM generate_series(1, %(people)s) n
"""
FIRMS = """
INSERT INTO portal_organisation (number, kind, uscc, name, address, is_legal_person, district_id, created_at, is_demo,
    verified_at, verified_by_id)
SELECT 'B' || lpad(n::text, 9, '0'), 'enterprise', '91310112MA' || lpad(n::text, 8, '0'), '某某' || n || '有限公司', '',
    true, (%(districts)s::text[])[1 + (n::bigint * 7919) %% 16], now(), false,
    CASE WHEN n %% 3 > 0 THEN now() END, CASE WHEN n %% 3 > 0 THEN %(verifier)s END
FROM generate_series(1, %(firms)s) n
"""
SEATS = """
INSERT INTO portal_membership (number, user_id, organisation_id, role, is_backup_contact, created_at)
SELECT 'B' || lpad(o.place::text, 9, '0'), u.id, o.id, 'owner', false, now()
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM portal_organisation WHERE number LIKE 'B0%%') o
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM portal_user WHERE number LIKE 'B0%%') u USING (place)
"""
PROFILES = """
INSERT INTO enterprises_profile (organisation_id, year, industry, main_products, updated_at)
SELECT id, 2025, (%(industries)s::text[])[1 + id %% %(many_industries)s],
    (%(words)s::text[])[1 + id %% 10] || (%(things)s::text[])[1 + id %% 12], now()
FROM portal_organisation WHERE number LIKE 'B0%%'
"""
MARKETS = """
INSERT INTO enterprises_market (number, organisation_id, role, country, products, updated_at)
SELECT CASE k WHEN 0 THEN 'E' WHEN 1 THEN 'F' ELSE 'S' END || lpad(id::text, 9, '0'), id,
    CASE WHEN k < 2 THEN 'export' ELSE 'supply' END, (%(countries)s::text[])[1 + (id + k * 3) %% 10], '', now()
FROM portal_organisation, generate_series(0, 2) k WHERE number LIKE 'B0%%' AND id %% 5 = k
"""
RIGHTS = """
INSERT INTO patents_right (number, organisation_id, kind, route, country, title, title_en, abstract,
    application_number, publication_number, registration_number, international_number, identity, priority_number,
    filed_on, owners, inventors, agent, main_ipc, classes, goods, measures, status, status_source, flags, reduction,
    secrecy, readers, grade, grade_reasons, is_grade_manual, is_core, is_high_value, industry_code,
    is_industry_confirmed, awards, note, version, created_at, updated_at)
SELECT 'B' || lpad(n::text, 9, '0'), %(low)s + floor(%(firms)s * power(random(), 1.5))::int, kind, 'national',
    CASE WHEN kind = 'foreign_patent' OR (kind = 'trademark' AND n %% 8 = 0)
         THEN (%(countries)s::text[])[1 + floor(random() * 10)::int] ELSE 'CN' END,
    (%(words)s::text[])[1 + floor(random() * 10)::int] || (%(things)s::text[])[1 + floor(random() * 12)::int], '', '',
    '', '', '', '', 'b' || n, '', current_date - 400, '{}', '{}', '',
    CASE WHEN kind IN ('trademark', 'software') THEN '' ELSE (%(symbols)s::text[])[1 + floor(random() * 40)::int] END,
    CASE WHEN kind = 'trademark' THEN ARRAY[(1 + floor(random() * 45)::int)::text]
         WHEN n %% 3 = 0 AND kind <> 'software' THEN ARRAY[(%(symbols)s::text[])[1 + floor(random() * 40)::int]]
         ELSE '{}' END,
    '', '', CASE WHEN n %% 8 = 0 THEN 'lapsed' ELSE 'granted' END, '', '{}', '0',
    CASE WHEN n %% 50 = 0 THEN 'internal' ELSE 'open' END, '{}', '', '[]', false, false, false, '', false, '{}', '', 0,
    now(), now()
FROM (SELECT n, (ARRAY['invention', 'invention', 'invention', 'utility_model', 'utility_model', 'utility_model',
    'trademark', 'trademark', 'software', 'foreign_patent'])[1 + n %% 10] AS kind
    FROM generate_series(1, %(rights)s) n) k
"""


def run(sql: str, params: dict[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found


def fill(firms: int, rights: int, members: int) -> float:
    """Fill an empty database; return how long the first refresh of all exposure took."""
    params: dict[str, Any] = {
        **{"firms": firms, "rights": rights, "people": members, "verifier": people.make_user().pk},
        **{"districts": list(District.objects.values_list("code", flat=True)), "industries": INDUSTRIES},
        **{"many_industries": len(INDUSTRIES), "words": WORDS, "things": THINGS, "countries": COUNTRIES},
        "symbols": SYMBOLS,
    }
    for table in ("patents_right", "portal_organisation", "enterprises_profile", "enterprises_market"):
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    index = "SELECT pg_get_indexdef(oid) FROM pg_class WHERE relname = 'right_search_idx'"
    with connection.cursor() as cursor:
        cursor.execute(index)
        made = cursor.fetchone()[0]
    run("DROP INDEX right_search_idx")
    for statement in (USERS, FIRMS):
        run(statement, params)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM portal_organisation WHERE number LIKE 'B0%%'")
        params["low"] = cursor.fetchone()[0]
    for statement in (SEATS, PROFILES, MARKETS, RIGHTS):
        took, count = timed(lambda statement=statement: run(statement, params))
        print(f"  {statement.split()[2]:24} {count:>9} rows {took:7.1f} s", flush=True)
    run(made)
    run("ANALYZE")
    for table in ("patents_right", "portal_organisation", "enterprises_profile", "enterprises_market"):
        run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    took, rows = timed(exposure.everything)
    print(f"  exposure                 {rows:>9} rows {took:7.1f} s", flush=True)
    run("VACUUM ANALYZE protection_exposure")
    run("VACUUM ANALYZE patents_right")
    return took
