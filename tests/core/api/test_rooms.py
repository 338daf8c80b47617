"""The shared rooms by REST: who I am, my jobs, the rules, the measures."""

from __future__ import annotations

import orjson
import pytest

from accounts.roles import ROLES
from core.jobs.services import JobResult, register_job, run_job, start_job, store_file
from core.measures.services import compute_run
from core.rules.services import load_rules
from tests.core.api.conftest import caller
from tests.personas import ensure_membership, signed_in

pytestmark = pytest.mark.django_db


def permissions(role: str) -> frozenset[str]:
    return frozenset(map(str, ROLES[role].permissions))


def test_me_says_role_place_and_no_more_permissions_than_the_credential_has(db):
    narrow = caller(scopes=frozenset({"home", "station.read"}))
    said = narrow.send("GET", "/api/v1/me/").json()
    assert said["role"] == "external"
    assert said["permissions"] == ["home", "station.read"]


def make_file(actor, job, progress):
    file = store_file(actor, name="结果.csv", content_type="text/csv", chunks=[b"a,b\n"])
    return JobResult(file=file, outcome={"rows": 1}, message="好了")


@pytest.fixture
def done_job(actor_of):
    register_job("tests.rest", make_file, permission="home")
    job = start_job(actor_of("head.zedang"), kind="tests.rest", title="做一个文件", parameters={})
    run_job(job.pk)
    return job


def test_a_job_is_seen_and_its_file_fetched_by_its_owner_alone(done_job):
    owner, other = (signed_in(ensure_membership(name)) for name in ("head.zedang", "worker.zedang"))
    assert owner.get(f"/api/v1/jobs/{done_job.pk}/").json()["state"] == "done"
    answer = owner.get(f"/api/v1/jobs/{done_job.pk}/file/")
    assert b"".join(answer.streaming_content) == b"a,b\n"
    assert answer["X-Content-Type-Options"] == "nosniff"
    for path in ("", "file/"):
        foreign, missing = (
            other.get(f"/api/v1/jobs/{one}/{path}") for one in (done_job.pk, "01890000-0000-7000-8000-000000000000")
        )
        assert foreign.status_code == 404
        assert foreign.json() == missing.json()
    assert other.get("/api/v1/jobs/").json() == []


def test_a_rule_gets_a_new_value_and_keeps_its_history(db):
    load_rules()
    security = caller("admin.security", permissions("admin_security"))
    code = next(row["code"] for row in security.send("GET", "/api/v1/rules/").json() if row["value"] == 5)
    said = {"value": 6, "valid_from": "2027-01-01", "source": "示范依据", "status": "local", "region_code": "54"}
    made = security.send("POST", f"/api/v1/rules/{code}/values/", orjson.dumps(said))
    assert made.status_code == 201, made.content
    rows = security.send("GET", f"/api/v1/rules/{code}/").json()
    assert [row["value"] for row in rows] == [5, 6]
    again = security.send("POST", f"/api/v1/rules/{code}/values/", orjson.dumps(said))
    assert again.status_code == 422


def test_who_may_not_enter_rules_is_refused(external):
    said = {"value": 6, "valid_from": "2027-01-01", "source": "x", "status": "local"}
    assert external.send("POST", "/api/v1/rules/lockout.failures/values/", orjson.dumps(said)).status_code == 403


def test_values_and_sums_of_a_measure(external, monkeypatch):
    from datetime import date

    compute_run("station", date(2026, 11, 1), date(2026, 12, 1))
    path = "/api/v1/measures/stations.running_station/values/?from=2026-11-01&to=2026-12-01"
    values = external.send("GET", path).json()
    assert [(row["subject_id"], row["value"]) for row in values] == [(str(external.membership.station_id), "1.0000")]
    refused = external.send("GET", "/api/v1/measures/stations.workers/sums/?from=2026-11-01&to=2026-12-01")
    assert (refused.status_code, refused.json()["code"]) == (422, "measure.not_additive")


@pytest.mark.parametrize(
    ("query", "code"),
    [("from=2026-11-01", "bad_day"), ("from=x&to=y", "bad_day"), ("from=2026-12-01&to=2026-11-01", "bad_period"),
     ("nonsense=1", "unknown_parameter")],
)  # fmt: skip
def test_a_period_that_is_none_is_refused(external, query, code):
    answer = external.send("GET", f"/api/v1/measures/clients.registered/sums/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
