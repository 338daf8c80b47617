"""A job: asked for, run, seen, cancelled, ended; its page and its file are its owner's."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import OperationalError

from core.errors import Forbidden, NotFound, Refused
from core.jobs import lines, services
from core.jobs.models import Job, JobState, Notification, Outbox
from core.scoping import scope
from stations.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(make_member):
    return make_member("worker", region="540502")


def nothing(actor, job, progress):
    return services.JobResult(message="好了", outcome={"rows": 3})


def start(actor, kind: str, **more) -> Job:
    return services.start_job(actor, kind=kind, title="导出 服务对象", **more)


def test_a_job_and_its_outbox_row_stand_together(member, kind):
    job = start(member[1], kind(nothing), parameters={"list": "x"})
    row = Outbox.objects.get(task="core.job")
    assert (row.arguments, row.done_at, job.state) == ({"job": str(job.pk)}, None, JobState.QUEUED)


def test_a_refused_start_leaves_neither_job_nor_outbox_row(member, kind):
    name = kind(nothing, permission="security.manage")
    with pytest.raises(Forbidden):
        start(member[1], name)
    assert not Job.objects.exists() and not Outbox.objects.exists()


def test_a_person_cannot_pile_up_jobs(member, kind, monkeypatch):
    monkeypatch.setattr(services, "MOST_WAITING", 2)
    name = kind(nothing)
    start(member[1], name), start(member[1], name)
    with pytest.raises(Refused, match="too_many_jobs"):
        start(member[1], name)


def test_a_job_runs_as_its_owner_and_says_how_it_ended(member, kind):
    seen = []

    def run(actor, job, progress):
        seen.append((actor.user_id, actor.membership_id, actor.facts["channel"], job.attempts))
        return nothing(actor, job, progress)

    job = services.run_job(start(member[1], kind(run)).pk)
    assert seen == [(member[1].user_id, member[1].membership_id, "job", 1)]
    assert (job.state, job.message, job.outcome, bool(job.finished_at)) == (JobState.DONE, "好了", {"rows": 3}, True)
    notice = Notification.objects.get(user_id=member[1].user_id)
    assert (notice.text, notice.url) == ("导出 服务对象：已完成", f"/jobs/{job.pk}/")


def test_a_job_that_has_ended_is_not_run_again(member, kind):
    runs = []
    job = start(member[1], kind(lambda *_: runs.append(1) or services.JobResult()))
    services.run_job(job.pk)
    services.run_job(job.pk)
    assert runs == [1]


def test_a_refusal_is_told_in_its_own_words(member, kind):
    def run(actor, job, progress):
        raise Refused("no_rows", "没有可导出的行。")

    job = services.run_job(start(member[1], kind(run)).pk)
    assert (job.state, job.error_code, job.message) == (JobState.FAILED, "no_rows", "没有可导出的行。")
    assert "没有完成" in Notification.objects.get().text


def test_an_unforeseen_error_quotes_no_value_anywhere(member, kind, caplog):
    def run(actor, job, progress):
        raise ValueError("卓玛 " + "54050219900101" + str(1234))

    job = services.run_job(start(member[1], kind(run)).pk)
    assert (job.state, job.error_code) == (JobState.FAILED, "ValueError")
    assert "540502199001011234" not in caplog.text + job.message
    assert "in run" in caplog.text


def test_a_database_that_went_away_leaves_the_job_to_be_taken_again(member, kind):
    def run(actor, job, progress):
        if job.attempts == 1:
            raise OperationalError("server closed the connection")
        return services.JobResult(message="第二次")

    job = start(member[1], kind(run))
    with pytest.raises(OperationalError):
        services.run_job(job.pk)
    assert services.run_job(job.pk).message == "第二次"


def test_a_job_that_keeps_killing_its_worker_is_given_up(member, kind, monkeypatch):
    job = start(member[1], kind(nothing))
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=5)
    ended = services.run_job(job.pk)
    assert (ended.state, ended.error_code) == (JobState.FAILED, "interrupted")


def test_a_revoked_membership_stops_the_job(member, kind):
    job = start(member[1], kind(nothing))
    Membership.objects.update(revoked_at="2026-01-01T00:00Z", revoked_by_id=1)
    ended = services.run_job(job.pk)
    assert (ended.state, ended.error_code) == (JobState.FAILED, "membership_ended")


def test_progress_is_written_at_intervals_and_at_the_end(member, kind, monkeypatch):
    monkeypatch.setattr(lines, "EVERY_SECONDS", 1000)
    seen = []

    def run(actor, job, progress):
        progress(1, 9, "读取")
        progress(5)
        seen.append(Job.objects.get(pk=job.pk).done)
        progress(9)
        return services.JobResult()

    job = services.run_job(start(member[1], kind(run)).pk)
    assert seen == [1]
    assert (job.done, job.total) == (9, 9)


def test_a_waiting_job_is_cancelled_at_once(member, kind):
    job = services.cancel_job(member[1], job_id=start(member[1], kind(nothing)).pk)
    assert (job.state, Outbox.objects.get().done_at is None) == (JobState.CANCELLED, False)
    assert services.run_job(job.pk).state == JobState.CANCELLED


def test_a_running_job_stops_at_its_next_step(member, kind):
    def run(actor, job, progress):
        with scope(actor):
            services.cancel_job(member[1], job_id=job.pk)
        progress(1, 2)
        raise AssertionError("went on")

    job = services.run_job(start(member[1], kind(run)).pk)
    assert (job.state, job.message) == (JobState.CANCELLED, "已取消。")
    with pytest.raises(Refused):
        services.cancel_job(member[1], job_id=job.pk)


def test_nobody_else_cancels_a_job(member, kind, make_member):
    job = start(member[1], kind(nothing))
    with pytest.raises(NotFound):
        services.cancel_job(make_member("station_head", region="540502")[1], job_id=job.pk)


def test_a_worker_thought_dead_writes_no_end(member, kind):
    def run(actor, job, progress):
        Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
        return services.JobResult(message="旧的")

    job = services.run_job(start(member[1], kind(run)).pk)
    assert (job.state, job.message) == (JobState.RUNNING, "")


def making_a_file(actor, job, progress):
    with scope(actor):
        file = services.store_file(actor, name="名单 2026.csv", content_type="text/csv", chunks=["姓名".encode()])
    return services.JobResult(file=file)


@pytest.fixture
def made(member, kind, settings):
    settings.ROOT_URLCONF = "tests.core.lists.site"
    return services.run_job(start(member[1], kind(making_a_file)).pk)


def test_the_owner_downloads_the_file_safely(member, made):
    answer = member[0].get(f"/jobs/{made.pk}/file/")
    assert b"".join(answer.streaming_content) == "姓名".encode()
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "%E5%90%8D%E5%8D%95%202026.csv" in answer["Content-Disposition"]
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")


def test_a_download_is_in_the_trail(member, made):
    from core.audit.models import AuditEvent

    member[0].get(f"/jobs/{made.pk}/file/")
    assert AuditEvent.objects.filter(act="file.download", user_id=member[1].user_id).count() == 1


@pytest.mark.parametrize("role", ["worker", "station_head", "admin_system"])
def test_nobody_else_sees_the_job_or_its_file(made, make_member, role):
    browser, _ = make_member(role, region="54")
    urls = [f"/jobs/{made.pk}/", f"/jobs/{made.pk}/file/"]
    assert [browser.get(url).status_code for url in urls] == [404, 404]
    assert browser.post(f"/jobs/{made.pk}/cancel/").status_code == 404
    assert made.title not in browser.get("/jobs/").content.decode()


def test_a_revoked_membership_takes_its_files_along(member, made):
    Membership.objects.update(revoked_at="2026-01-01T00:00Z", revoked_by_id=1)
    with pytest.raises(NotFound):
        services.open_result(member[1], made.pk)


def test_the_page_lists_own_jobs_and_asks_again_only_while_one_is_open(member, made, kind):
    page = member[0].get("/jobs/").content.decode()
    assert "名单 2026.csv" in page and "every 2s" not in page
    start(member[1], "test.kind")
    assert "every 2s" in member[0].get("/jobs/", headers={"HX-Request": "true"}).content.decode()


def test_a_job_that_does_not_exist_looks_like_anothers(member, made):
    assert member[0].get(f"/jobs/{uuid4()}/").status_code == 404


def test_cancelling_from_the_page_answers_with_the_job(member, kind, settings):
    settings.ROOT_URLCONF = "tests.core.lists.site"
    job = start(member[1], kind(nothing))
    answer = member[0].post(f"/jobs/{job.pk}/cancel/", headers={"HX-Request": "true"})
    assert "已取消" in answer.content.decode()
    assert member[0].get(f"/jobs/{job.pk}/cancel/").status_code == 405
