"""Starting processes as groups that end together, and with us."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from lms.events.management import guard

Process = subprocess.Popen[str]

PR_SET_PDEATHSIG = 1


class Groups:
    """The groups we started. A guard of its own session kills them should we be killed."""

    def __init__(self) -> None:
        self._processes: dict[int, Process] = {}
        self._guard = self._start_guard()

    def spawn(self, command: list[str]) -> Process:
        """Start a command as the leader of a group of its own, out of the terminal's reach."""
        process: Process = subprocess.Popen(  # noqa: S603 - our own command line
            command,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # no threads run in this process
            text=True,
        )
        self._processes[process.pid] = process
        self._tell(f"+{process.pid}")
        return process

    def keep_guard(self) -> None:
        """Start the guard again if somebody killed it."""
        if self._guard.poll() is not None:
            self._guard = self._start_guard()
            for pid in self._processes:
                self._tell(f"+{pid}")

    def kill(self, process: Process) -> None:
        """Kill the whole group now."""
        guard.end_groups({process.pid}, grace=0)
        self._forget(process)

    def end(self) -> None:
        """Ask every group to end, wait for what is running, then insist."""
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + guard.GRACE
        while time.monotonic() < until and any(p.poll() is None for p in self._processes.values()):
            time.sleep(0.05)
        for process in list(self._processes.values()):
            self.kill(process)
        _pipe(self._guard).close()
        self._guard.wait()

    def _forget(self, process: Process) -> None:
        process.wait()
        del self._processes[process.pid]
        self._tell(f"-{process.pid}")

    def _tell(self, line: str) -> None:
        try:
            print(line, file=_pipe(self._guard), flush=True)
        except BrokenPipeError:
            return  # keep_guard() tells the next one everything

    def _start_guard(self) -> Process:
        return subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, "-I", "-S", str(Path(guard.__file__))],
            stdin=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )


def _pipe(process: Process) -> IO[str]:
    if process.stdin is None:
        raise RuntimeError("the guard was started without a pipe")
    return process.stdin


def _die_with_parent() -> None:
    """Linux: covers the moment before the guard knows the group."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
