"""REST: one's own long jobs, and the file a job made."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from core.api.resources import Resource
from core.jobs import queries, services
from core.jobs.models import Job, JobState
from core.jobs.views import HOME, download

SHOWN = 100


class JobSerializer(serializers.Serializer):
    """A job: how far it is, and what became of it."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=JobState.choices)
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    message = serializers.CharField()
    error_code = serializers.CharField()
    outcome = serializers.DictField()
    has_file = serializers.BooleanField(help_text="有结果文件可下载")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


def shown(job: Job) -> dict[str, Any]:
    names = [name for name in JobSerializer().fields if name != "has_file"]
    return {**{name: getattr(job, name) for name in names}, "has_file": job.result_id is not None}


class JobResource(Resource):
    """任务：导入、导出、报表等；只见自己的，最近 100 项。"""

    serializer_class = JobSerializer
    needs: ClassVar[dict[str, str]] = {"list": HOME, "retrieve": HOME, "cancel": HOME, "file": HOME}
    lookup_field = "id"

    @extend_schema(responses=JobSerializer(many=True))
    def list(self, request: Any) -> Response:
        self.only()
        return Response([shown(job) for job in queries.own_jobs(self.actor)[:SHOWN]])

    def show(self, job_id: UUID) -> dict[str, Any]:
        return shown(queries.own_job(self.actor, job_id))

    @extend_schema(responses=JobSerializer)
    def retrieve(self, request: Any, id: UUID) -> Response:
        return Response(self.show(id))

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Any, id: UUID) -> Response:
        return self.write(lambda: services.cancel_job(self.actor, job_id=id).pk, status=200, show=self.show)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Any, id: UUID) -> StreamingHttpResponse:
        return download(services.open_result(self.actor, id))
