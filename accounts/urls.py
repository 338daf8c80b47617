"""Routes of signing in and of one's own account."""

from django.urls import path

from accounts.views import own, second_factor, signing_in

app_name = "accounts"

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/", own.password, name="password"),
    path("second-factor/", second_factor.ask, name="second_factor"),
    path("second-factor/set-up/", second_factor.set_up, name="second_factor_set_up"),
    path("second-factor/recovery/", second_factor.recovery, name="second_factor_recovery"),
    path("me/", own.me, name="settings"),
    path("me/sessions/<uuid:pk>/end/", own.session_end, name="session_end"),
    path("roles/", own.roles, name="roles"),
]
