"""The routes of the cases pages and of the frame around them."""

from django.http import HttpResponse
from django.urls import include, path

accounts = ([path("sign-in/", lambda request: HttpResponse("sign in"), name="sign_in")], "accounts")
urlpatterns = [path("", include("core.urls")), path("", include("cases.urls")), path("", include(accounts))]
