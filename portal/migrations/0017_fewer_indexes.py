"""Opening dates by the thousand touched six indexes that hold nothing, or what another one holds as well.

Persons are indexed where somebody is named; numbers are looked up whole, never by how they begin.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0016_held_decisions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="deadline",
            name="agency",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="portal.organisation",
                verbose_name="受托机构",
            ),
        ),
        migrations.AlterField(
            model_name="deadline",
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
            model_name="deadline",
            name="met_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="完成人",
            ),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="overridden_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="deadline",
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
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("responsible__isnull", False)), fields=["responsible"], name="deadline_person_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("backup__isnull", False)), fields=["backup"], name="deadline_backup_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("agency__isnull", False)), fields=["agency"], name="deadline_agency_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("met_by__isnull", False)), fields=["met_by"], name="deadline_met_by_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("overridden_by__isnull", False)),
                fields=["overridden_by"],
                name="deadline_overrider_idx",
            ),
        ),
        migrations.RunSQL(
            "DROP INDEX IF EXISTS portal_deadline_number_61a523c7_like",
            "CREATE INDEX portal_deadline_number_61a523c7_like ON portal_deadline (number varchar_pattern_ops)",
        ),
    ]
