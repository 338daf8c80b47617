from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "stations"
    verbose_name = "站点与队伍"

    def ready(self) -> None:
        from stations import offers

        offers.register()
