"""The pages of allauth that this portal uses; what people manage elsewhere (addresses, sign-up) has no address."""

from allauth.account import views
from allauth.mfa.base import views as second_factor
from django.urls import path, re_path

from accounts import entrance_views

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # Sign-up is closed: the page says who lets people in.
    path("signup/", views.signup, name="account_signup"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("confirm/", entrance_views.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("confirm/code/", entrance_views.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/on/", entrance_views.TurnOn.as_view(), name="mfa_activate_totp"),
    path("second-factor/off/", entrance_views.TurnOff.as_view(), name="mfa_deactivate_totp"),
    path("second-factor/codes/", entrance_views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", entrance_views.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("sessions/", entrance_views.Sessions.as_view(), name="usersessions_list"),
]
