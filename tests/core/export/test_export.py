"""Export of a list: what stands in the file, who agrees to it, what it refuses."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from core.audit.models import AuditEvent
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.export import queries
from core.export.models import ExportRequest
from core.export.services import ask_export, decide_export
from core.export.writing import write_export
from core.jobs.models import Job
from core.jobs.services import open_result, run_job
from core.scoping import Actor, scope
from tests.core.lists.site import STATIONS

pytestmark = pytest.mark.usefixtures("list_site")
COLUMNS = ["name", "region", "founded", "example"]


def exported(actor: Actor, folder: Path, format: str, *, query: str = "", columns=COLUMNS) -> list[list]:
    path = folder / f"file.{format}"
    write_export(actor, {"list": "test.stations", "query": query, "columns": columns, "format": format}, path)
    if format == "csv":
        return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


@pytest.fixture
def official(make_member) -> Actor:
    return make_member("official", region="540502")[1]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_only_rows_within_reach_that_meet_the_criteria_are_in_the_file(official, make_stations, tmp_path, format):
    make_stations(3, prefix="甲")
    make_stations(2, prefix="乙")
    make_stations(4, code="330481004", prefix="甲外")

    mark, header, *rows = exported(official, tmp_path, format, query="name=甲")

    assert header == ["名称", "区划", "设立日期", "示范"]
    assert sorted(row[0] for row in rows) == ["甲0000", "甲0001", "甲0002"]
    assert official.name in mark[0] and "导出于" in mark[0]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "＝1+1", "@SUM(A1)", "+1", "-1", "\t=1"])
def test_what_looks_like_a_formula_is_written_as_text(official, make_stations, tmp_path, name):
    make_stations(1, prefix=name)

    *_, row = exported(official, tmp_path, "csv")
    assert row[0].startswith("'") and name.strip() in row[0]

    *_, row = exported(official, tmp_path, "xlsx")
    with zipfile.ZipFile(tmp_path / "file.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert name.strip() in row[0] and "<f>" not in sheet


def test_chunks_join_without_a_gap_in_the_order_asked(official, make_stations, tmp_path, monkeypatch):
    monkeypatch.setattr("core.export.writing.CHUNK", 7)
    make_stations(30)

    for sort in ("name", "-founded", ""):
        _, _, *rows = exported(official, tmp_path, "csv", query=f"sort={sort}" if sort else "")
        assert sorted(row[0] for row in rows) == [f"站{index:04d}" for index in range(30)]
    assert exported(official, tmp_path, "csv", query="sort=name")[2][0] == "站0000"


def test_whose_records_left_the_house_is_written_down(official, make_stations, tmp_path):
    make_stations(3)

    exported(official, tmp_path, "csv")

    whose = AuditEvent.objects.filter(act="station.export").latest("at")
    what = AuditEvent.objects.filter(act="list.exported").latest("at")
    assert len(whose.subject_keys) == 3
    assert what.details["rows"] == 3 and what.user_id == official.user_id


def test_an_export_without_personal_columns_starts_at_once_and_lands_in_the_downloads(make_member, make_stations):
    browser, actor = make_member("official", region="540502")
    make_stations(2)

    answer = browser.post("/stations/?do=export", {"format": "csv", "columns": "shown"})

    assert answer.status_code == 302
    job = run_job(Job.objects.get().pk)
    assert (job.state, job.message) == ("done", "共 2 行。")
    with scope(actor):
        content = b"".join(open_result(actor, job.pk)).decode("utf-8-sig")
    assert "站0001" in content and "地址" not in content


def ask_personal(actor: Actor, reason: str = "入户核对地址") -> ExportRequest:
    asked = ask_export(actor, STATIONS, query="", columns=["name", "address"], format="xlsx", reason=reason)
    assert asked.request is not None and asked.job is None
    return asked.request


def test_personal_columns_wait_for_another_person(make_member, make_stations):
    _, asks = make_member("official", region="540502", name="asks")
    _, agrees = make_member("official", region="5405", name="agrees")
    make_stations(2, address="示范路 1 号")

    request = ask_personal(asks)
    assert not Job.objects.exists()
    done = decide_export(agrees, request=request.pk, approve=True, seen_version=1)

    assert done.state == "approved" and done.job.user_id == asks.user_id
    assert run_job(done.job_id).state == "done"


def test_personal_columns_without_a_purpose_are_refused(official):
    with pytest.raises(Refused) as refusal:
        ask_personal(official, reason=" ")
    assert refusal.value.code == "reason_needed"


def test_nobody_approves_their_own_export(official):
    request = ask_personal(official)

    with pytest.raises(Forbidden) as refusal:
        decide_export(official, request=request.pk, approve=True, seen_version=1)

    assert refusal.value.code == "own_submission"
    assert request.pk not in queries.requests_to_decide(official).values_list("pk", flat=True)


def test_the_database_refuses_a_decision_by_the_submitter(official):
    request = ask_personal(official)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=request.pk).update(
            state="approved", decided_by_id=official.user_id, decided_at=request.submitted_at, seen_version=1
        )


def test_a_decision_needs_the_permission_the_reach_and_the_version_seen(official, make_member):
    _, neighbour = make_member("official", region="330481")
    _, township = make_member("township_official", region="540502001")
    _, above = make_member("official", region="54")
    request = ask_personal(official)

    with pytest.raises(NotFound):
        decide_export(neighbour, request=request.pk, approve=True, seen_version=1)
    with pytest.raises(Forbidden):
        decide_export(township, request=request.pk, approve=True, seen_version=1)
    with pytest.raises(Conflict):
        decide_export(above, request=request.pk, approve=True, seen_version=2)
    with pytest.raises(Refused):
        decide_export(above, request=request.pk, approve=False, seen_version=1, note="")
    decide_export(above, request=request.pk, approve=False, seen_version=1, note="用途不清")
    with pytest.raises(Conflict):
        decide_export(above, request=request.pk, approve=True, seen_version=1)
    assert not Job.objects.exists()


def test_an_export_of_a_station_is_approved_by_a_head_of_that_station_only(make_member, make_stations):
    here, there = make_stations(2)
    _, worker = make_member("worker", station=here)
    _, head = make_member("station_head", station=here)
    _, other = make_member("station_head", station=there)
    request = ask_personal(worker)

    assert list(queries.requests_to_decide(head)) == [request]
    assert not queries.requests_to_decide(other).exists()


def test_columns_and_formats_one_may_not_have_are_refused(official):
    for columns, format in ((["secret"], "csv"), ([], "csv"), (["nothing"], "csv"), (["name"], "pdf")):
        with pytest.raises(Invalid):
            ask_export(official, STATIONS, query="", columns=columns, format=format)


def test_without_the_lists_permission_nothing_is_exported(make_member, tmp_path):
    _, volunteer = make_member("volunteer", region="540502")

    with pytest.raises(Forbidden):
        ask_export(volunteer, STATIONS, query="", columns=["name"], format="csv")
    with pytest.raises(Forbidden):
        exported(volunteer, tmp_path, "csv")


def test_the_approval_page_shows_what_is_asked_and_decides(make_member):
    _, asks = make_member("official", region="540502", name="asks")
    browser, _ = make_member("official", region="54", name="agrees")
    request = ask_personal(asks)

    page = browser.get("/exports/").content.decode()
    assert "入户核对地址" in page and "名称、地址" in page
    browser.post(f"/exports/{request.pk}/decide/", {"decision": "reject", "version": "1", "reason": "用途不清"})

    request.refresh_from_db()
    assert (request.state, request.decision_note) == ("rejected", "用途不清")
