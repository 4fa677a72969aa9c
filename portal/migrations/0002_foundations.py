"""The log's guard (a trigger that refuses every change) and the 16 districts with their offices."""

from django.db import migrations

GUARD = """
CREATE FUNCTION portal_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER portal_auditevent_append_only BEFORE UPDATE OR DELETE ON portal_auditevent
    FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER portal_auditevent_no_truncate BEFORE TRUNCATE ON portal_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER portal_auditanchor_append_only BEFORE UPDATE OR DELETE ON portal_auditanchor
    FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER portal_auditanchor_no_truncate BEFORE TRUNCATE ON portal_auditanchor
    FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
"""
UNGUARD = """
DROP TRIGGER portal_auditevent_append_only ON portal_auditevent;
DROP TRIGGER portal_auditevent_no_truncate ON portal_auditevent;
DROP TRIGGER portal_auditanchor_append_only ON portal_auditanchor;
DROP TRIGGER portal_auditanchor_no_truncate ON portal_auditanchor;
DROP FUNCTION portal_audit_refuse();
"""

# GB/T 2260 codes, north to south as the tile map reads them.
DISTRICTS = [
    ("310151", "崇明区", "Chongming", "chongming"),
    ("310114", "嘉定区", "Jiading", "jiading"),
    ("310113", "宝山区", "Baoshan", "baoshan"),
    ("310107", "普陀区", "Putuo", "putuo"),
    ("310106", "静安区", "Jing'an", "jingan"),
    ("310109", "虹口区", "Hongkou", "hongkou"),
    ("310110", "杨浦区", "Yangpu", "yangpu"),
    ("310118", "青浦区", "Qingpu", "qingpu"),
    ("310105", "长宁区", "Changning", "changning"),
    ("310104", "徐汇区", "Xuhui", "xuhui"),
    ("310101", "黄浦区", "Huangpu", "huangpu"),
    ("310115", "浦东新区", "Pudong", "pudong"),
    ("310117", "松江区", "Songjiang", "songjiang"),
    ("310112", "闵行区", "Minhang", "minhang"),
    ("310116", "金山区", "Jinshan", "jinshan"),
    ("310120", "奉贤区", "Fengxian", "fengxian"),
]


def create_districts(apps, schema_editor):
    District = apps.get_model("portal", "District")
    Office = apps.get_model("portal", "Office")
    Office.objects.create(
        kind="city", slug="city", name_zh="上海市知识产权局", name_en="Shanghai Intellectual Property Administration"
    )
    for position, (code, name_zh, name_en, slug) in enumerate(DISTRICTS):
        district = District.objects.create(code=code, name_zh=name_zh, name_en=name_en, slug=slug, position=position)
        Office.objects.create(
            kind="district",
            district=district,
            slug=slug,
            name_zh=f"{name_zh}知识产权局",
            name_en=f"{name_en} District IP Office",
        )


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(create_districts, migrations.RunPython.noop),
    ]
