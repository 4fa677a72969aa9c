"""Exposure at every level, the words of products, and triggers that note whose exposure a statement has changed.

Triggers, since rights are written by imports, bulk edits, recomputations and deletions alike: none can forget. They
only add rows (no unique key), so that no two transactions ever wait for each other.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

EMPTY_TEXT = [models.Value("")] * 5
EMPTY = models.Value([], output_field=django.contrib.postgres.fields.ArrayField(models.TextField()))
TRIGGERS = """
CREATE FUNCTION protection_stale_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO protection_staleexposure (organisation_id) SELECT DISTINCT organisation_id FROM changed;
    RETURN NULL;
END $$;
CREATE FUNCTION protection_stale_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO protection_staleexposure (organisation_id) VALUES (NEW.organisation_id);
    IF OLD.organisation_id <> NEW.organisation_id THEN
        INSERT INTO protection_staleexposure (organisation_id) VALUES (OLD.organisation_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION protection_stale_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO protection_staleexposure (organisation_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION protection_stale_organisations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO protection_staleexposure (organisation_id) SELECT id FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER protection_stale_changed AFTER UPDATE OF organisation_id, kind, status, secrecy, country, main_ipc,
    classes, title, title_en, abstract, goods ON patents_right FOR EACH ROW
    WHEN ((OLD.organisation_id, OLD.kind, OLD.status, OLD.secrecy, OLD.country, OLD.main_ipc, OLD.classes, OLD.title,
        OLD.title_en, OLD.abstract, OLD.goods) IS DISTINCT FROM (NEW.organisation_id, NEW.kind, NEW.status, NEW.secrecy,
        NEW.country, NEW.main_ipc, NEW.classes, NEW.title, NEW.title_en, NEW.abstract, NEW.goods))
    EXECUTE FUNCTION protection_stale_row();
CREATE TRIGGER protection_stale_changed AFTER UPDATE OF industry, main_products ON enterprises_profile FOR EACH ROW
    WHEN ((OLD.industry, OLD.main_products) IS DISTINCT FROM (NEW.industry, NEW.main_products))
    EXECUTE FUNCTION protection_stale_row();
CREATE TRIGGER protection_stale_changed AFTER UPDATE ON enterprises_market FOR EACH ROW
    EXECUTE FUNCTION protection_stale_row();
CREATE TRIGGER protection_stale_changed AFTER UPDATE OF district_id, verified_at, kind ON portal_organisation
    FOR EACH ROW WHEN ((OLD.district_id, OLD.verified_at IS NULL, OLD.kind)
        IS DISTINCT FROM (NEW.district_id, NEW.verified_at IS NULL, NEW.kind))
    EXECUTE FUNCTION protection_stale_organisation();
CREATE TRIGGER protection_stale_added AFTER INSERT ON portal_organisation REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION protection_stale_organisations();
"""
TABLES = ("patents_right", "enterprises_profile", "enterprises_market", "protection_watch")
ADDED = "\n".join(
    f"CREATE TRIGGER protection_stale_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed "
    "FOR EACH STATEMENT EXECUTE FUNCTION protection_stale_rows();\n"
    f"CREATE TRIGGER protection_stale_gone AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed "
    "FOR EACH STATEMENT EXECUTE FUNCTION protection_stale_rows();"
    for table in TABLES
)
DROPPED = "\n".join(
    (
        *(f"DROP TRIGGER protection_stale_added ON {table};" for table in (*TABLES, "portal_organisation")),
        *(f"DROP TRIGGER protection_stale_gone ON {table};" for table in TABLES),
        *(f"DROP TRIGGER protection_stale_changed ON {table};" for table in (*TABLES[:3], "portal_organisation")),
        "DROP FUNCTION protection_stale_rows(); DROP FUNCTION protection_stale_row();",
        "DROP FUNCTION protection_stale_organisation(); DROP FUNCTION protection_stale_organisations();",
    )
)
# What is on record before this migration is taken up by the first sweep.
FIRST = "INSERT INTO protection_staleexposure (organisation_id) SELECT id FROM portal_organisation"


class Migration(migrations.Migration):
    dependencies = [
        ("protection", "0001_alerts"),
        ("portal", "0012_stated_bands"),
        ("enterprises", "0003_markets"),
        ("patents", "0003_search_vector"),
    ]

    operations = [
        migrations.AlterField(
            model_name="exposure",
            name="dimension",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "专利分类"),
                    (2, "商标类别"),
                    (3, "权利所在国家或地区"),
                    (4, "境外专利分类"),
                    (5, "境外商标类别"),
                    (6, "出口市场"),
                    (7, "供应来源"),
                    (8, "行业"),
                    (9, "关注的国家或地区"),
                    (10, "关注的专利分类"),
                    (11, "关注的商标类别"),
                    (12, "权利类型"),
                    (13, "企业"),
                ],
                verbose_name="方面",
            ),
        ),
        migrations.CreateModel(
            name="ProductWords",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="portal.organisation",
                    ),
                ),
                ("words", models.TextField()),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            "words", *EMPTY_TEXT[:4], EMPTY, EMPTY, *EMPTY_TEXT, function="patents_search_vector"
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
            ],
            options={
                "verbose_name": "产品词",
                "verbose_name_plural": "产品词",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search"], name="product_words_idx"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaleExposure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="portal.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "待更新的风险敞口",
                "verbose_name_plural": "待更新的风险敞口",
            },
        ),
        migrations.RunSQL(TRIGGERS + ADDED, DROPPED),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
