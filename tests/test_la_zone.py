"""The workers of a run end with it, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.settings import PROJECT

# Two authorities, each in a worker that tells who it is and then works for very long.
RUN = """
import os, sys, time
from pathlib import Path
from pipeline.la_zone import each_la
from pipeline.region import Authority, Region
from pipeline.settings import Settings

HOME = Path(sys.argv[1])

def work(settings, code):
    (HOME / f"{code}.started").write_text(str(os.getpid()))
    time.sleep(600)

if __name__ == "__main__":
    authorities = (Authority("A", "Ashire", "a"), Authority("B", "Beeshire", "b"))
    settings = Settings(HOME, Region("Test", True, "A", authorities), HOME, HOME / "none.csv")
    each_la(settings, ["A", "B"], "Waiting for", work, processes=2)
"""


def is_alive(process: int) -> bool:
    """Whether a process runs; one that only waits to be counted does not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_for(what, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not (met := what()) and time.monotonic() < until:
        time.sleep(0.05)
    return met


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_workers_end_with_a_run_that_is_killed(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(RUN)
    run = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], env=os.environ | {"PYTHONPATH": str(PROJECT)}
    )
    started = [tmp_path / "A.started", tmp_path / "B.started"]
    try:
        assert wait_for(lambda: all(f.exists() and f.read_text() for f in started), 60)
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
    workers = [int(f.read_text()) for f in started]
    ended = wait_for(lambda: not any(map(is_alive, workers)), 20)
    for worker in filter(is_alive, workers):
        os.kill(worker, signal.SIGKILL)
    assert ended
