"""Taking rights in by the thousand touched eight indexes that hold nothing, or what another one holds as well.

Persons, families and papers are indexed where there is one; enterprises and rights lead other indexes; numbers are
looked up whole, never by how they begin.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patents", "0010_search_vector_streamed"),
        ("portal", "0017_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="right",
            name="agency",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="mandates",
                to="portal.organisation",
                verbose_name="受托机构",
            ),
        ),
        migrations.AlterField(
            model_name="right",
            name="backup",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="备用联系人",
            ),
        ),
        migrations.AlterField(
            model_name="right",
            name="family",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="rights",
                to="patents.family",
                verbose_name="专利族",
            ),
        ),
        migrations.AlterField(
            model_name="right",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rights",
                to="portal.organisation",
                verbose_name="单位",
            ),
        ),
        migrations.AlterField(
            model_name="right",
            name="responsible",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="负责人",
            ),
        ),
        migrations.AlterField(
            model_name="rightevent",
            name="document",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="portal.storedfile",
            ),
        ),
        migrations.AlterField(
            model_name="rightevent",
            name="right",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="events",
                to="patents.right",
                verbose_name="知识产权",
            ),
        ),
        migrations.AddIndex(
            model_name="right",
            index=models.Index(
                condition=models.Q(("responsible__isnull", False)), fields=["responsible"], name="right_responsible_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="right",
            index=models.Index(
                condition=models.Q(("backup__isnull", False)), fields=["backup"], name="right_backup_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="right",
            index=models.Index(
                condition=models.Q(("agency__isnull", False)), fields=["agency"], name="right_agency_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="right",
            index=models.Index(
                condition=models.Q(("family__isnull", False)), fields=["family"], name="right_family_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="rightevent",
            index=models.Index(
                condition=models.Q(("document__isnull", False)), fields=["document"], name="right_event_document_idx"
            ),
        ),
        migrations.AddField("importrun", "dated_count", models.PositiveIntegerField(default=0)),
        migrations.RunSQL(
            "DROP INDEX IF EXISTS patents_right_number_2d108e0a_like",
            "CREATE INDEX patents_right_number_2d108e0a_like ON patents_right (number varchar_pattern_ops)",
        ),
        migrations.RunSQL(
            "DROP INDEX IF EXISTS patents_rightevent_number_676a3f4e_like",
            "CREATE INDEX patents_rightevent_number_676a3f4e_like ON patents_rightevent (number varchar_pattern_ops)",
        ),
    ]
