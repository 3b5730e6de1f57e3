"""Kombu's two brokers, without what would end a worker or make it deaf.

Files, of the embedded mode: kombu itself opens a message under its last name and fills it after that. A worker that
looks in between reads half a message, and ends. It also ends when the folder is gone; this one makes the folder again.

Redis: a worker that cannot tell Redis that it is done with a message, because Redis hangs, counts that message as
its work for ever, and takes no other.
"""

import json
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem, redis, virtual


class FileChannel(filesystem.Channel):
    """Writes beside and renames; reads nothing where there is no folder."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        place = Path(self.data_folder_out, f"{round(time.monotonic() * 1000)}_{uuid4()}.{queue}.msg")
        beside = place.with_suffix(".part")
        try:
            beside.write_text(json.dumps(payload), "utf-8")
            beside.rename(place)
        except OSError as error:
            with suppress(OSError):
                beside.unlink()
            raise ChannelError(f"Cannot add file {place} to directory") from error

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        try:
            message: dict[str, Any] = super()._get(queue)
        except OSError:
            with suppress(OSError):
                Path(self.data_folder_in).mkdir(parents=True, exist_ok=True)
            raise Empty from None
        return message

    def _size(self, queue: str) -> int:
        try:
            size: int = super()._size(queue)
        except OSError:
            return 0
        return size


class FileTransport(filesystem.Transport):
    """`filesystem://` with that channel."""

    Channel = FileChannel


class RedisQoS(redis.QoS):
    """Forgets a message also when Redis was not told; Redis hands it out again later, and its job is done by then."""

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


class RedisChannel(redis.Channel):
    """With that bookkeeping."""

    QoS = RedisQoS


class RedisTransport(redis.Transport):
    """`redis://` with that channel."""

    Channel = RedisChannel
