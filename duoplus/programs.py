"""The programs that make up a running portal: their command lines, and how to know that the web server answers."""

import http.client
import sys

WEB_PROCESSES = "2"
WEB_THREADS = "4"
POOL_PROCESSES = "2"
# Inside a container root is the rule; the messages are JSON, so Celery's warning about root says nothing here.
NO_ROOT_WARNING = "ignore:You're running the worker with superuser"


def web(host: str, port: int) -> list[str]:
    """Gunicorn, with threads so that a slow reader keeps nobody waiting.

    The application is loaded before the fork: a process that died is replaced in a tenth of a second.
    """
    options = {
        "--bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "--worker-class": "gthread",
        "--workers": WEB_PROCESSES,
        "--threads": WEB_THREADS,
        "--log-level": "warning",
        "--graceful-timeout": "5",
    }
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "gunicorn", "duoplus.wsgi:application", "--no-control-socket", "--preload", *words]


def worker(*, scheduler: bool) -> list[str]:
    """Celery with a prefork pool (time limits need processes), and the scheduler inside it when there is no other."""
    command = [sys.executable, "-W", NO_ROOT_WARNING, "-m", "celery", "--quiet", "--app", "duoplus", "worker"]
    command += ["--pool", "prefork", "--concurrency", POOL_PROCESSES, "--loglevel", "WARNING"]
    # These three let workers talk to each other, which nothing here needs and a file broker does slowly.
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [*command, "--beat"] if scheduler else command


def manage(*words: str) -> list[str]:
    """A management command as a process of its own."""
    return [sys.executable, "manage.py", *words]


def answers(host: str, port: int, path: str) -> bool:
    """Whether a GET of this path ends in anything but an error of the server; any host name it allows will do."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
