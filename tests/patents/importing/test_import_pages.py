"""Upload to summary through the pages, as the enterprise's people see them."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from patents.importing import working
from patents.models import ImportRun, Right

HEADER = "申请号,公开(公告)号,标题,申请人,申请日,内部编号\n"
OURS = "申澜微感（上海）传感科技有限公司"
GOOD = f"202311000005.X,CN110000005A,一种压力传感器,{OURS},2023.06.06,A1\n"
WRONG = f"202311000005.3,,一种错号的传感器,{OURS},2023.06.06,=1+1\n"
OTHERS = "202211188969.7,CN115732812A,别家的电池,超威电源集团有限公司,2022-09-27,A3\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(client, applicant):
    """Return an import that has been uploaded and read through the page."""
    client.force_login(applicant)
    file = SimpleUploadedFile("清单.csv", (HEADER + GOOD + WRONG + OTHERS).encode("gb18030"))
    answer = client.post(reverse("import-new"), {"file": file})
    run = ImportRun.objects.get()
    assert answer.url == reverse("import-detail", args=[run.number])
    working.sweep()
    return run


def check_file(client, run):
    """Send the mapping as suggested and let the worker check."""
    page = client.get(reverse("import-mapping", args=[run.number]))
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(reverse("import-mapping", args=[run.number]), data)
    assert answer.status_code == 302, answer.content.decode()
    working.sweep()
    run.refresh_from_db()


def test_story_from_upload_to_summary(client, run):
    page = client.get(reverse("import-detail", args=[run.number])).content.decode()
    assert "核对各列" in page
    check_file(client, run)
    assert run.counts == {"new": 1, "bad": 1, "foreign": 1, "warned": 0}
    page = client.get(reverse("import-detail", args=[run.number])).content.decode()
    assert "校验位不对，应为 X" in page
    assert "权利人和申请人中没有本企业" in page
    start = reverse("import-start", args=[run.number])
    refused = client.post(start, HTTP_REFERER=f"http://testserver{start}", follow=False)
    assert refused.status_code == 302
    assert not Right.objects.exists()
    client.post(start, {"takes_good_rows": "on"})
    working.sweep()
    run.refresh_from_db()
    assert run.status == "done"
    assert Right.objects.get().title == "一种压力传感器"
    page = client.get(reverse("import-detail", args=[run.number])).content.decode()
    assert "没有导入的行" in page
    assert "新增 1" in client.get(reverse("import-list")).content.decode()


def test_bad_rows_come_back_with_reason_and_without_formulas(client, run):
    check_file(client, run)
    text = b"".join(client.get(reverse("import-bad-rows", args=[run.number])).streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "原行号,原因,申请号,公开(公告)号,标题,申请人,申请日,内部编号"
    assert lines[1].startswith("3,") and "校验位不对" in lines[1] and lines[1].endswith("'=1+1")
    assert lines[2].startswith("4,") and "别家的电池" in lines[2]
    answer = client.get(reverse("import-bad-rows", args=[run.number]), {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cell = sheet["H2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s") or cell.quotePrefix or cell.data_type != "f"


def test_rows_of_others_go_in_only_when_included(client, run):
    check_file(client, run)
    page = client.get(reverse("import-detail", args=[run.number]), {"verdict": "foreign"}).content.decode()
    assert 'name="pick" value="4"' in page
    client.post(reverse("import-include", args=[run.number]), {"pick": "4", "is_included": "1"})
    run.refresh_from_db()
    assert run.counts == {"new": 2, "bad": 1, "warned": 1}
    client.post(reverse("import-include", args=[run.number]), {"pick": "4", "is_included": "0"})
    run.refresh_from_db()
    assert run.counts == {"new": 1, "bad": 1, "foreign": 1, "warned": 0}


def test_mapping_is_remembered_for_the_same_header(client, run, applicant):
    check_file(client, run)
    file = SimpleUploadedFile("again.csv", (HEADER + GOOD).encode())
    client.post(reverse("import-new"), {"file": file})
    working.sweep()
    again = ImportRun.objects.exclude(pk=run.pk).get()
    assert again.status == "ready"
    assert again.mapping == run.mapping


def test_sample_cells_are_escaped_on_the_mapping_page(client, applicant):
    client.force_login(applicant)
    content = "申请号,标题\n202311000005.X,<script>alert(1)</script>\n"
    client.post(reverse("import-new"), {"file": SimpleUploadedFile("x.csv", content.encode())})
    working.sweep()
    page = client.get(reverse("import-mapping", args=[ImportRun.objects.get().number])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_foreign_enterprise_gets_404(client, run, stranger):
    client.force_login(stranger)
    for name in ("import-detail", "import-mapping", "import-progress", "import-bad-rows"):
        assert client.get(reverse(name, args=[run.number])).status_code == 404
    for name in ("import-start", "import-include", "import-cancel", "import-resume", "import-mapping"):
        assert client.post(reverse(name, args=[run.number])).status_code == 404


def test_viewer_looks_but_does_not_import(client, run, viewer):
    client.force_login(viewer)
    assert client.get(reverse("import-list")).status_code == 200
    assert client.get(reverse("import-detail", args=[run.number])).status_code == 200
    assert client.get(reverse("import-new")).status_code == 403
    assert client.post(reverse("import-cancel", args=[run.number])).status_code == 403


def test_officials_have_no_imports(client, run, officer):
    client.force_login(officer)
    assert client.get(reverse("import-list")).status_code == 403
    assert client.get(reverse("import-detail", args=[run.number])).status_code == 404


def test_named_rights_stay_invisible_to_unnamed_colleagues(client, run, applicant, colleague, organisation):
    check_file(client, run)
    client.post(reverse("import-start", args=[run.number]), {"takes_good_rows": "on"})
    working.sweep()
    Right.objects.update(secrecy="named", readers=[applicant.pk], title="绝密代号")
    client.force_login(colleague)
    page = client.get(reverse("import-detail", args=[run.number])).content.decode()
    assert "一种压力传感器" not in page
    file = SimpleUploadedFile("again.csv", (HEADER + GOOD).encode())
    client.post(reverse("import-new"), {"file": file})
    working.sweep()
    again = ImportRun.objects.exclude(pk=run.pk).get()
    assert again.counts == {"unchanged": 1, "warned": 1}
    assert "绝密代号" not in client.get(reverse("import-detail", args=[again.number])).content.decode()


@pytest.mark.parametrize("name", ["import-template", "import-sample"])
def test_template_and_sample_are_read_back_by_the_import_itself(client, applicant, name):
    client.force_login(applicant)
    answer = client.get(reverse(name))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.active["A1"].value == "类型"
    assert client.get(reverse(name), {"format": "csv"}).status_code == 200
