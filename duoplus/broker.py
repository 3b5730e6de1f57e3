"""The broker of the embedded mode: kombu's folder of messages, in which a message is whole as soon as it can be seen.

Kombu itself opens the file under its last name and fills it after that. A worker that looks in between reads half a
message, and ends.
"""

import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """Writes beside and renames."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        place = Path(self.data_folder_out, f"{round(time.monotonic() * 1000)}_{uuid4()}.{queue}.msg")
        beside = place.with_suffix(".part")
        try:
            beside.write_text(json.dumps(payload), "utf-8")
            beside.rename(place)
        except OSError as error:
            raise ChannelError(f"Cannot add file {place} to directory") from error


class Transport(filesystem.Transport):
    """`filesystem://` with that channel."""

    Channel = Channel
