from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "服务"

    def ready(self) -> None:
        from cases import offers

        offers.register()
