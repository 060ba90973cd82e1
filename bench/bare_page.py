"""What one would write in an afternoon: a bare Flask page with the day's times, under the same server as our panel."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress import serve

from bench.clients import LOOK_SECONDS, PATIENCE_SECONDS, Client
from bench.failed import BenchFailed
from bench.processes import clock, free_port
from cli.places import child_environment

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>小喇叭</title></head><body><h1>今天的广播</h1>
<ul><li>07:30 守好阵地<li>11:30 今日情况<li>15:00 防护要点<li>18:30 监督举报电话</ul>
<form method="post" action="/"><textarea name="text"></textarea><button>保存</button></form></body></html>
"""


@contextmanager
def bare_page() -> Iterator[int]:
    """Serve it in a process of its own, and yield the port. Raises BenchFailed where it does not come up."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-P", "-m", "bench.bare_page", str(port)], env=child_environment())
    try:
        _await_answer(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _await_answer(process: subprocess.Popen[bytes], port: int) -> None:
    until = clock.monotonic() + PATIENCE_SECONDS
    while clock.monotonic() < until and process.poll() is None:
        client = Client(port)
        try:
            client.get("/healthz")
        except OSError:
            time.sleep(LOOK_SECONDS)
        else:
            return
        finally:
            client.close()
    raise BenchFailed("用来对比的页面没有起来", "the page to compare with did not come up")


def app() -> Flask:
    """Return the page; what is sent to it is answered with itself."""
    bare = Flask("bare")

    @bare.route("/", methods=["GET", "POST"])
    def page() -> str:
        return PAGE

    @bare.get("/healthz")
    def healthy() -> str:
        return "ok"

    return bare


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # as our panel does
    serve(app(), host="127.0.0.1", port=int(sys.argv[1]), threads=4, ident=None)
