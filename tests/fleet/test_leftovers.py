"""What is left of a worker that was killed is told from what is in use."""

from __future__ import annotations

import subprocess
import sys

from pulumi_stripe_portal.fleet.leftovers import has_killed_run, is_alive, run_folder

KILLED = """
import os, signal
from pulumi_stripe_portal.fleet.leftovers import run_folder
with run_folder("shop-test-0001") as folder:
    print(folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_is_known_by_its_folder() -> None:
    """It is of one stack alone, and goes with the next run that ends."""
    with run_folder("shop-test-0001"), run_folder("shop-test-0001") as folder:
        assert not has_killed_run(folder)
        command = [sys.executable, "-c", KILLED]
        killed = subprocess.run(command, capture_output=True, text=True)
        assert killed.stdout.strip().startswith(str(folder.parent))
        assert has_killed_run(folder)
        with run_folder("shop-test-0002") as another:
            assert not has_killed_run(another)
        with run_folder("shop-test-0001"):
            pass
        assert not has_killed_run(folder)
        assert folder.exists()


def test_a_process_that_nobody_waited_for_has_ended() -> None:
    """A zombie's id is still taken, and holds no lock."""
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    while is_alive(process.pid):
        pass
    assert process.poll() == 0
