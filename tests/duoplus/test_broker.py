import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from celery import current_app
from kombu import Connection, Message
from kombu.exceptions import ChannelError
from kombu.simple import SimpleQueue
from redis import exceptions

from duoplus import servers
from duoplus.broker import FileTransport, RedisTransport
from duoplus.processes import Children

MOST = 2000
WRITER = f"""
import sys
from pathlib import Path
from tests.duoplus.test_broker import own_queue
with own_queue(Path(sys.argv[1])) as queue:
    for number in range({MOST}):
        queue.put([number])
"""


@contextmanager
def own_queue(folder: Path) -> Iterator[SimpleQueue]:
    """A queue of the embedded broker in this folder, and by its name: a process knows bindings by name only."""
    for name in ("queue", "control"):
        (folder / name).mkdir(exist_ok=True)
    options = {"data_folder_in": f"{folder}/queue", "data_folder_out": f"{folder}/queue"}
    options |= {"control_folder": f"{folder}/control"}
    with (
        Connection("filesystem://localhost", transport_options=options) as broker,
        broker.SimpleQueue(folder.name) as queue,
    ):
        yield queue


@pytest.mark.parametrize(
    ("address", "transport"),
    [("filesystem://", FileTransport), ("redis://localhost", RedisTransport), ("rediss://localhost", RedisTransport)],
)
def test_brokers_are_those_of_the_house(address: str, transport: type) -> None:
    assert isinstance(current_app.connection(address).transport, transport)


def test_messages_come_back_as_they_were(tmp_path: Path) -> None:
    with own_queue(tmp_path) as queue:
        queue.put({"job": 12, "step": "Pagina’s opmaken"})
        assert queue.get(block=False).payload == {"job": 12, "step": "Pagina’s opmaken"}
        with pytest.raises(Empty):
            queue.get(block=False)


def test_reader_never_sees_half_a_message(tmp_path: Path) -> None:
    """With a reader that looks all the time beside a writer, kombu's own channel hands over halves within seconds."""
    found = []
    with own_queue(tmp_path) as queue:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)])
        while writer.poll() is None or queue.qsize():
            with suppress(Empty):
                message = queue.get(block=False)
                message.ack()
                found.append(message.payload[0])
    assert (writer.returncode, sorted(found)) == (0, list(range(MOST)))


def test_folder_that_is_gone_is_an_empty_queue_and_is_made_again(tmp_path: Path) -> None:
    with own_queue(tmp_path) as queue:
        (tmp_path / "queue").rmdir()
        with pytest.raises(ChannelError):
            queue.put([1])
        assert queue.qsize() == 0
        with pytest.raises(Empty):
            queue.get(block=False)
        queue.put([2])
        assert queue.get(block=False).payload == [2]


def test_message_for_which_there_is_no_room_leaves_nothing_behind(tmp_path: Path) -> None:
    with own_queue(tmp_path) as queue:
        (tmp_path / "queue").rmdir()
        (tmp_path / "queue").touch()
        with pytest.raises(ChannelError):
            queue.put([1])
        with pytest.raises(Empty):
            queue.get(block=False)


@pytest.mark.servers
@pytest.mark.parametrize("end", [lambda message: message.ack(), lambda message: message.reject(requeue=True)])
def test_worker_that_cannot_tell_redis_that_it_is_done_takes_the_next(
    tmp_path: Path, end: Callable[[Message], None]
) -> None:
    with Children(tmp_path) as children:
        port = servers.start_redis(children, tmp_path / "redis")
        options = {"socket_timeout": 0.5}
        with Connection(f"redis://127.0.0.1:{port}/0", transport_options=options) as broker:
            queue = broker.SimpleQueue("rings")
            queue.put([1])
            channel: Any = queue.channel
            qos = channel.qos
            qos.prefetch_count = 1
            message = queue.get(timeout=5)
            assert not qos.can_consume()
            redis = children.children["Redis"].process
            redis.send_signal(signal.SIGSTOP)
            with pytest.raises(exceptions.TimeoutError):
                end(message)
            assert qos.can_consume()
            redis.kill()
