"""The account, hats, inbox, tokens, stored files."""

from ..rules import ANYONE, CASE_VIEWERS, DONE, EXPERT, GATE, INSIDERS, SELF, SIGNED_IN, Row, Rule, form, read, write

ROWS: dict[str, Row] = {
    "account": form(
        SIGNED_IN,
        body={"name": "新名", "language": "zh-hans", "theme": "auto", "text_size": "normal", "mail_choice": "digest"},
    ),
    "hats": read(SIGNED_IN),
    "hat-wear": write(SIGNED_IN, body={"hat": "none"}, is_vacuous="a hat is somebody's own", ok=DONE | {404, 409}),
    "token-list": form(SIGNED_IN, body={"label": "x", "scopes": "read", "days": "30"}),
    "token-revoke": write(SELF, of="token"),
    "inbox": read(SIGNED_IN),
    "inbox-read-all": write(SIGNED_IN),
    "notification": read(SELF, of="notification", ok={302}),
    "notification-read": write(SELF, of="notification"),
    "demo-sign-in": Row(read=Rule(ANYONE, ok=frozenset({404})), extra={"token": "abc"}),
    "file-download": read(INSIDERS | CASE_VIEWERS | EXPERT, needs=GATE, of="file:submitted"),
}
