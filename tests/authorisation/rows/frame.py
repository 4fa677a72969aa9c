"""Health, sign-in, second factor and the emergency admin: nothing of any enterprise is behind these."""

from ..rules import ANYONE, SIGNED_IN, Row, Rule, read, write

# What allauth answers: the page, a redirect to the next step, 403/404 for a step out of turn, 400/409 for a wrong one.
STEPS = frozenset({200, 301, 302, 404})
DOES = STEPS | {400, 403, 405, 409, 422}
OPEN = Row(read=Rule(ANYONE, ok=STEPS), write=Rule(ANYONE, ok=DOES), elsewhere=STEPS, is_vacuous="allauth's own tests")
OWN = Row(
    read=Rule(SIGNED_IN, ok=STEPS), write=Rule(SIGNED_IN, ok=DOES), elsewhere=STEPS, is_vacuous="allauth's own tests"
)

ROWS: dict[str, Row] = {
    "healthz": read(ANYONE),
    "readyz": read(ANYONE, ok={200, 503}),
    "preferences": write(ANYONE, body={"theme": "dark"}),
    "<accounts/signup/>": OPEN,
    "account_login": OPEN,
    "account_logout": OPEN,
    "account_inactive": OPEN,
    "account_signup": OPEN,
    "account_reauthenticate": OWN,
    "account_email": OWN,
    "account_email_verification_sent": OPEN,
    "account_change_password": OWN,
    "account_set_password": OWN,
    "account_reset_password": OPEN,
    "account_confirm_login_code": OPEN,
    "account_confirm_email": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_done": OPEN,
    "mfa_index": OWN,
    "mfa_authenticate": OPEN,
    "mfa_reauthenticate": OWN,
    "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": OWN,
    "mfa_view_recovery_codes": OWN,
    "mfa_generate_recovery_codes": OWN,
    "mfa_download_recovery_codes": OWN,
    "mfa_list_webauthn": OWN,
    "mfa_add_webauthn": OWN,
    "mfa_reauthenticate_webauthn": OWN,
    "mfa_remove_webauthn": OWN,
    "mfa_edit_webauthn": OWN,
    "mfa_login_webauthn": OPEN,
    "socialaccount_login_cancelled": OPEN,
    "socialaccount_login_error": Row(read=Rule(ANYONE, ok=STEPS | {"login"}), elsewhere=STEPS),
    "socialaccount_signup": OPEN,
    "socialaccount_connections": OWN,
    "<accounts/social/login/cancelled/>": OPEN,
    "<accounts/social/login/error/>": OPEN,
    "<accounts/social/signup/>": OPEN,
    "<accounts/social/connections/>": OPEN,
    "openid_connect_login": OPEN,
    "openid_connect_callback": OPEN,
    "api:schema": read(ANYONE),
    "api:docs": read(ANYONE),
    "api:absent": Row(
        read=Rule(ANYONE, ok=frozenset({404})), write=Rule(ANYONE, ok=frozenset({404})), is_vacuous="no such address"
    ),
}
