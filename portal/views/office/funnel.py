"""How far the applications have got, as a chart: on the city's home and on its dashboard."""

from django.utils.translation import gettext as _

from portal import figures
from portal.charts import Chart
from portal.formats import moment

FUNNEL = ("handed_in", "verified", "recommended", "scored", "passed")


def of(found: figures.Figures) -> Chart:
    """Return the chart of how far the applications have got."""
    labels = (_("已提交"), _("区级核验完成"), _("区级推荐"), _("专家评审完成"), _("公示或已认定"))
    counts = [found.funnel[name] for name in FUNNEL]
    share = round(100 * counts[2] / counts[0]) if counts[0] else 0
    return Chart(
        kind="funnel",
        title=_("已提交的办件，%(share)s%% 得到区级推荐") % {"share": share},
        head=[_("阶段"), _("件数")],
        rows=list(zip(labels, counts, strict=True)),
        note=_("全部批次，截至 %(when)s") % {"when": moment(found.as_of)},
        size="s",
    )
