"""The broker of the embedded mode: kombu's folder of messages, in which a message is whole as soon as it can be seen.

Kombu itself opens the file under its last name and fills it after that. A worker that looks in between reads half a
message, and ends. It also ends when the folder is gone; this one makes the folder again.
"""

import json
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem


class Channel(filesystem.Channel):
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


class Transport(filesystem.Transport):
    """`filesystem://` with that channel."""

    Channel = Channel
