"""Routes of jobs and downloads; the core's routes include them."""

from django.urls import path

from core.jobs import views

urlpatterns = [
    path("jobs/", views.downloads, name="downloads"),
    path("jobs/<uuid:pk>/", views.job, name="job"),
    path("jobs/<uuid:pk>/cancel/", views.job_cancel, name="job_cancel"),
    path("jobs/<uuid:pk>/file/", views.job_file, name="job_file"),
    path("jobs/queue/", views.queue, name="queue"),
    path("jobs/queue/<int:pk>/retry/", views.queue_retry, name="queue_retry"),
]
