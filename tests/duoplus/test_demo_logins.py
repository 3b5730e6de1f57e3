from pathlib import Path

from django.conf import settings

from duoplus.demo_logins import DemoLogin, describe, read_logins

ORGANISATION = """
short_name = "Duo+"

[[teams]]
key = "financien"
name = "Financiën"

[[people]]
name = "Saskia Roelofsen"
email = "saskia@duoplus.example"
roles = ["controller", "team_lead"]
teams = ["financien"]

[[people]]
name = "Willem Tadema"
email = "willem@duoplus.example"
roles = ["auditor"]
"""


def test_logins_are_read_in_the_order_of_the_files(tmp_path: Path) -> None:
    for slug in ("waterrand", "duoplus"):
        (tmp_path / slug).mkdir()
    (tmp_path / "duoplus" / "organisation.toml").write_text(ORGANISATION)
    (tmp_path / "waterrand" / "organisation.toml").write_text(ORGANISATION.replace("Duo+", "Waterrand"))
    assert read_logins(tmp_path)[:2] == [
        DemoLogin("Duo+", "saskia@duoplus.example", ("controller", "team_lead"), ("Financiën",)),
        DemoLogin("Duo+", "willem@duoplus.example", ("auditor",), ()),
    ]
    assert [login.organisation for login in read_logins(tmp_path)] == ["Duo+", "Duo+", "Waterrand", "Waterrand"]


def test_logins_are_described_in_columns() -> None:
    logins = [
        DemoLogin("Duo+", "saskia@duoplus.example", ("controller", "team_lead"), ("Financiën", "Staf")),
        DemoLogin("Waterrand", "jo@waterrand.example", ("auditor",), ()),
    ]
    assert describe(logins) == [
        "Duo+       controller, team lead  saskia@duoplus.example  Financiën, Staf",
        "Waterrand  auditor                jo@waterrand.example",
    ]
    assert describe([]) == []


def test_the_demo_has_somebody_in_every_role() -> None:
    logins = read_logins(settings.BASE_DIR / "demo")
    roles = {role for login in logins if login.organisation == "Duo+" for role in login.roles}
    assert roles == {"controller", "team_lead", "director", "administrator", "auditor"}
