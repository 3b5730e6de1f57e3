from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest
import redis

from duoplus import servers
from duoplus.bootstrap import ROOT
from duoplus.processes import Children


def test_given_servers_are_taken_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://ci:word@db/portal")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://cache/3")
    with Children(tmp_path) as children:
        assert servers.postgres_url(children, tmp_path) == "postgres://ci:word@db/portal"
        assert servers.redis_url(children, tmp_path) == "redis://cache/3"


def test_nothing_answers_on_a_free_port() -> None:
    port = servers.free_port()
    assert not servers.can_create_databases("postgres", port)
    assert servers.empty_redis_database(port) is None


@pytest.mark.servers
def test_database_with_keys_is_passed_over(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        port = servers.start_redis(children, tmp_path / "redis")
        assert servers.empty_redis_database(port) == 15
        with closing(redis.Redis("127.0.0.1", port, db=15)) as client:
            client.set("somebody", "uses this")
        assert servers.empty_redis_database(port) == 14
        servers.leave_empty(f"redis://127.0.0.1:{port}/15")
        assert servers.empty_redis_database(port) == 15


@pytest.mark.servers
def test_own_postgresql_makes_databases_and_is_gone_afterwards() -> None:
    # Not in pytest's own folder: the user that PostgreSQL runs as may not enter there.
    with TemporaryDirectory(prefix="duoplus-test-") as folder, Children(ROOT) as children:
        port = servers.start_postgres(children, Path(folder) / "postgres")
        with closing(psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE portal")
    assert not servers.can_create_databases("postgres", port)
