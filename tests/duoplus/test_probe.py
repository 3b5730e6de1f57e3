import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from pytest_django.live_server_helper import LiveServer

from duoplus import probe
from tests.workers import unused_port


def test_alive_is_an_answer_of_the_portal(live_server: LiveServer) -> None:
    assert probe.is_alive(int(live_server.url.rsplit(":", 1)[1]))


def test_what_does_not_answer_or_answers_otherwise_is_not_alive() -> None:
    assert not probe.is_alive(unused_port())
    # This handler knows no method and says so: 501.
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        assert not probe.is_alive(server.server_port)
        thread.join()


def test_the_probe_needs_no_library() -> None:
    """It runs every half minute, so it may not load the portal."""
    question = f"import runpy; runpy.run_path({probe.__file__!r}, run_name='probe')"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", question], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
