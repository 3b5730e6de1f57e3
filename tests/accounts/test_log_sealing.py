"""The chain of the log: what is sealed, that writers wait for nobody, and that every way to tamper is found."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from accounts import append_only, log, sealing, tasks
from accounts.models import LogEntry, LogSeal, Organisation
from tests import builders
from tests.races.racing import together

DEADLINE = 30.0


@pytest.fixture
def duoplus(db: None) -> Organisation:
    return builders.organisation()


def write(organisation: Organisation, count: int = 1) -> None:
    for number in range(count):
        log.record_operation(organisation, "accounts.add_organisation", f"Nummer {number}", number=number)


def chain(organisation: Organisation | None) -> list[tuple[int, int]]:
    """Position and entry, in the order of the chain."""
    rows = LogSeal.objects.filter(chain=organisation.pk if organisation else 0).order_by("position")
    return list(rows.values_list("position", "entry"))


def text(chain: int, position: int, previous: str, at: str) -> str:
    """What is sealed of `ENTRY`, letter for letter: a database that is restored elsewhere must come to the same."""
    return (
        f'{{"action":"reports.save_section","address":"20010db8000000000000000000000001","at":"{at}","chain":{chain},'
        '"data":{"amount":"12.50","parent":null,"roles":["auditor"],"version":2},'
        f'"id":7,"organisation":{chain},"position":{position},"previous":"{previous}","result":"done",'
        '"subject":"Caf\\u00e9 \\u201cDe Oude\\u201d","user":null}'
    )


class TestText:
    ENTRY: ClassVar = {
        "id": 7,
        "user_id": None,
        "action": "reports.save_section",
        "subject": "Café “De Oude”",
        "result": "done",
        "address": "2001:DB8:0::0001",
        "data": {"version": 2, "amount": "12.50", "roles": ["auditor"], "parent": None},
    }

    def test_it_is_the_same_for_ever(self) -> None:
        entry = self.ENTRY | {"organisation_id": 1, "at": datetime(2021, 3, 1, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo"))}
        sealed = sealing.sealed_text(entry, 1, 3, "ab")
        assert sealed == text(1, 3, "ab", "2021-03-01T00:30:00.000000+00:00")
        assert sealing.seal_hash(sealed) == "929dbd70ad39890ef00b2f043d0a96bebabf5a37fefcc58cd6b7f4e4abecbba6"

    def test_it_is_the_same_after_a_database_had_it(self, duoplus: Organisation) -> None:
        at = datetime(2021, 3, 1, 9, 30, 0, 120, tzinfo=UTC)
        LogEntry.objects.create(**self.ENTRY, organisation=duoplus, at=at)
        sealing.seal_waiting()
        seal, start = LogSeal.objects.select_related("entry").get(), sealing.Head().hash
        expected = text(duoplus.pk, 1, start, "2021-03-01T09:30:00.000120+00:00")
        assert (sealing.text_of(seal, start), seal.hash) == (expected, sealing.seal_hash(expected))


class TestSealing:
    def test_each_organisation_has_its_own_chain(self, duoplus: Organisation) -> None:
        waterrand = builders.organisation("Waterrand", "waterrand")
        for organisation in (duoplus, waterrand, duoplus):
            write(organisation)
        LogEntry.objects.create(action="accounts.log_in")
        first, second, third, fourth = LogEntry.objects.order_by("id").values_list("pk", flat=True)
        assert sealing.seal_waiting() == 4
        assert chain(duoplus) == [(1, first), (2, third)]
        assert chain(waterrand) == [(1, second)]
        assert chain(None) == [(1, fourth)]
        assert len({seal.hash for seal in LogSeal.objects.all()}) == 4

    def test_the_task_goes_on_where_the_chain_ends(self, duoplus: Organisation) -> None:
        write(duoplus, 2)
        tasks.seal_log()
        before = list(LogSeal.objects.values_list())
        write(duoplus)
        tasks.seal_log()
        tasks.seal_log()
        assert [position for position, _ in chain(duoplus)] == [1, 2, 3]
        assert list(LogSeal.objects.order_by("position").values_list())[:2] == before
        assert sealing.walk(duoplus.pk).broken == ""

    def test_an_entry_that_was_committed_late_comes_after_younger_ones(self, duoplus: Organisation) -> None:
        LogEntry.objects.create(pk=900, organisation=duoplus, action="accounts.add_team")
        sealing.seal_waiting()
        LogEntry.objects.create(pk=800, organisation=duoplus, action="accounts.add_team")
        sealing.seal_waiting()
        assert chain(duoplus) == [(1, 900), (2, 800)]
        assert sealing.walk(duoplus.pk).broken == ""

    def test_a_long_queue_goes_in_batches(
        self,
        duoplus: Organisation,
        monkeypatch: pytest.MonkeyPatch,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        monkeypatch.setattr(sealing, "BATCH", 10)
        write(duoplus, 35)
        # The chains, the head; per batch a read, a savepoint, an insert and its end; the read that finds nothing.
        with django_assert_num_queries(2 + 4 * 4 + 1):
            assert sealing.seal_waiting() == 35
        assert sealing.walk(duoplus.pk).head.position == 35

    def test_nothing_to_seal_is_one_question(
        self, duoplus: Organisation, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(1):
            assert sealing.seal_waiting() == 0

    def test_who_can_insert_nothing_does_not_try_for_ever(
        self, duoplus: Organisation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: object, **kwargs: object) -> None:
            raise IntegrityError

        monkeypatch.setattr(LogSeal.objects, "bulk_create", refuse)
        write(duoplus)
        with pytest.raises(IntegrityError):
            sealing.seal_waiting()


def test_the_scheduler_sees_to_it() -> None:
    scheduled = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled[tasks.seal_log.name] == settings.JOB_SWEEP_SECONDS


@pytest.mark.django_db(transaction=True)
class TestSideBySide:
    def test_sealers_do_not_get_in_each_others_way(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sealing, "BATCH", 20)
        organisations = [builders.organisation(), builders.organisation("Waterrand", "waterrand")]
        for organisation in organisations:
            write(organisation, 150)
        assert sum(together(*[sealing.seal_waiting] * 4)) == 300  # type: ignore[arg-type]  # each returns a number
        for organisation in organisations:
            found = sealing.walk(organisation.pk)
            assert (found.head.position, found.broken) == (150, "")

    def test_writers_wait_for_no_sealer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The sealer stands still while it computes, and meanwhile others write."""
        duoplus = builders.organisation()
        write(duoplus, 5)
        computing, go_on = Event(), Event()
        text = sealing.sealed_text

        def slow(*args: Any) -> str:
            computing.set()
            assert go_on.wait(DEADLINE)
            return text(*args)

        monkeypatch.setattr(sealing, "sealed_text", slow)
        with ThreadPoolExecutor(1) as pool:
            sealer = pool.submit(together, sealing.seal_waiting)
            assert computing.wait(DEADLINE)
            together(*[partial(write, duoplus, 5)] * 6)
            assert not sealer.done()
            go_on.set()
            assert sealer.result(DEADLINE) == [35]
        found = sealing.walk(duoplus.pk)
        assert (found.head.position, found.broken) == (35, "")

    def test_nor_while_it_inserts(self) -> None:
        """On PostgreSQL; SQLite has one writer at a time, and its turn is one batch of rows."""
        duoplus = builders.organisation()
        write(duoplus, 5)
        with transaction.atomic():
            sealing.seal_waiting()
            if not settings.EMBEDDED:
                together(*[partial(write, duoplus, 5)] * 4)
        assert LogEntry.objects.count() == (5 if settings.EMBEDDED else 25)
        assert sealing.walk(duoplus.pk).head.position == 5


@pytest.fixture
def sealed(duoplus: Organisation) -> Organisation:
    """Six entries of Duo+ and two of another, all sealed."""
    write(duoplus, 6)
    write(builders.organisation("Waterrand", "waterrand"), 2)
    sealing.seal_waiting()
    return duoplus


@contextmanager
def tampered(*statements: str) -> Iterator[dict[int, int]]:
    """Somebody with all rights takes the triggers away and changes rows of Duo+; {3} is the entry at place 3."""
    entries = dict(chain(Organisation.objects.get(slug="duoplus")))
    with transaction.atomic():
        append_only.lift(connection, ("UPDATE", "DELETE"))
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.format(None, *entries.values()))
        yield entries
        transaction.set_rollback(True)


def without_key() -> list[str]:
    """Statements after which an entry can go while its seal stays; SQLite sees that only at the end."""
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "accounts_logseal")
    keys = [name for name, about in found.items() if about["foreign_key"]]
    return ["SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE accounts_logseal DROP CONSTRAINT {name}" for name in keys)]


class TestTampering:
    @pytest.mark.parametrize(
        ("statement", "broken"),
        [
            ("UPDATE accounts_logentry SET subject = 'Iets anders' WHERE id = {3}", "regel {3} op plaats 3 {changed}"),
            (
                "UPDATE accounts_logentry SET user_id = NULL, action = 'a.b' WHERE id = {6}",
                "regel {6} op plaats 6 {changed}",
            ),
            ("UPDATE accounts_logentry SET result = 'refused' WHERE id = {1}", "regel {1} op plaats 1 {changed}"),
            ("UPDATE accounts_logentry SET address = '::1' WHERE id = {2}", "regel {2} op plaats 2 {changed}"),
            (
                "UPDATE accounts_logentry SET at = '2020-01-01 00:00:00' WHERE id = {2}",
                "regel {2} op plaats 2 {changed}",
            ),
            ("UPDATE accounts_logentry SET data = '{{}}' WHERE id = {4}", "regel {4} op plaats 4 {changed}"),
            ("UPDATE accounts_logentry SET organisation_id = NULL WHERE id = {5}", "regel {5} op plaats 5 {changed}"),
            ("DELETE FROM accounts_logseal WHERE position = 2", "het zegel op plaats 2 is verwijderd"),
            ("DELETE FROM accounts_logseal WHERE position < 3", "het zegel op plaats 1 is verwijderd"),
            ("UPDATE accounts_logseal SET hash = 'a' WHERE position = 3", "regel {3} op plaats 3 {changed}"),
            ("UPDATE accounts_logseal SET position = 9 WHERE position = 6", "het zegel op plaats 6 is verwijderd"),
        ],
    )
    def test_the_first_place_that_does_not_hold_is_named(
        self, sealed: Organisation, statement: str, broken: str
    ) -> None:
        with tampered(statement) as entries:
            said = broken.format(None, *entries.values(), changed="is niet wat is verzegeld")
            assert sealing.walk(sealed.pk).broken == said
        assert sealing.walk(sealed.pk).broken == ""

    def test_an_entry_that_was_removed_is_named(self, sealed: Organisation) -> None:
        with tampered(*without_key(), "DELETE FROM accounts_logentry WHERE id = {4}") as entries:
            assert sealing.walk(sealed.pk).broken == f"regel {entries[4]} op plaats 4 is verwijderd"
        with tampered(*without_key(), "DELETE FROM accounts_logentry WHERE id = {6}") as entries:
            assert sealing.walk(sealed.pk).broken == f"regel {entries[6]} op plaats 6 is verwijderd"

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE accounts_logentry SET at = 'gisteren' WHERE id = {3}",
            "UPDATE accounts_logentry SET address = 'thuis' WHERE id = {3}",
        ],
    )
    def test_what_cannot_be_read_is_named(self, sealed: Organisation, statement: str) -> None:
        """SQLite takes anything in a column; PostgreSQL refuses it."""
        if settings.EMBEDDED:
            with tampered(statement):
                assert sealing.walk(sealed.pk).broken == "de regel op plaats 3 is onleesbaar"
        else:
            with pytest.raises(DatabaseError), tampered(statement):
                pass

    def test_the_other_chains_hold(self, sealed: Organisation) -> None:
        with tampered("UPDATE accounts_logentry SET subject = 'Iets anders' WHERE id = {3}"):
            waterrand = Organisation.objects.get(slug="waterrand")
            assert (sealing.walk(waterrand.pk).broken, sealing.walk(waterrand.pk).head.position) == ("", 2)

    def test_what_holds_until_the_break_is_told(self, sealed: Organisation) -> None:
        third = LogSeal.objects.get(chain=sealed.pk, position=3)
        with tampered("DELETE FROM accounts_logseal WHERE position = 4"):
            assert sealing.walk(sealed.pk).head == sealing.Head(3, third.hash)


class TestKeptOutside:
    """What somebody can do who has all rights and seals everything anew shows by a seal that was kept."""

    def test_seals_that_were_kept_are_found_again(self, sealed: Organisation) -> None:
        kept = dict(LogSeal.objects.filter(chain=sealed.pk).values_list("position", "hash"))
        write(sealed)
        sealing.seal_waiting()
        assert sealing.walk(sealed.pk, kept).broken == ""

    def test_the_end_cannot_be_cut_off(self, sealed: Organisation) -> None:
        head = sealing.head(sealed.pk)
        cut = "DELETE FROM accounts_logseal WHERE position > 4", "DELETE FROM accounts_logentry WHERE id IN ({5}, {6})"
        with tampered(*cut):
            assert sealing.walk(sealed.pk).broken == ""
            kept = {head.position: head.hash}
            assert sealing.walk(sealed.pk, kept).broken == "plaats 6, waarvan u het zegel hebt, is er niet meer"

    def test_the_chain_cannot_be_made_anew(self, sealed: Organisation) -> None:
        head = sealing.head(sealed.pk)
        anew = (
            "DELETE FROM accounts_logseal WHERE position > 2",
            "UPDATE accounts_logentry SET subject = 'Iets anders' WHERE id = {3}",
        )
        with tampered(*anew):
            sealing.seal_waiting()
            assert (sealing.walk(sealed.pk).broken, sealing.walk(sealed.pk).head.position) == ("", 6)
            broken = sealing.walk(sealed.pk, {head.position: head.hash}).broken
            assert broken == "plaats 6 heeft een ander zegel dan u hebt"

    def test_seals_alone_come_back_as_they_were(self, sealed: Organisation) -> None:
        head = sealing.head(sealed.pk)
        with tampered("DELETE FROM accounts_logseal WHERE position > 2"):
            sealing.seal_waiting()
            assert sealing.head(sealed.pk) == head
