"""Routes: one line an app."""


urlpatterns: list = []
