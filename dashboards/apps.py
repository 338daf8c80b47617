from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "工作台"

    def ready(self) -> None:
        from dashboards import offers

        offers.register()
