"""A PostgreSQL cluster of a test's own, to be restarted the hard way, and a site upon it."""

import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from tests.process.site import Site, free_port


class Cluster:
    """``initdb`` to ``pg_ctl stop``; PostgreSQL refuses to run as root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="laurel-cluster-"))
        self.folder.chmod(0o711)
        self.port = free_port()
        self.data = self.folder / "data"
        self.calm = threading.Lock()  # the test's own statements are not cut off
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(f"port = {self.port}\nlisten_addresses = '127.0.0.1'\n")
            conf.write(f"unix_socket_directories = '{self.folder}'\n")
            conf.write("fsync = off\n")  # processes die here, the machine does not
        self._control("start")

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def restart(self) -> None:
        """Every backend is ended at once, and what was committed is read back from the log."""
        with self.calm:
            self._control("restart", "-m", "immediate")

    def end(self) -> None:
        self._control("stop", "-m", "immediate")
        shutil.rmtree(self.folder)

    def _control(self, *what: str) -> None:
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), *what)

    def _run(self, program: str, *arguments: str) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        name = str(found[-1]) if found else str(shutil.which(program))
        as_other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        done = subprocess.run(
            [*as_other, name, "-D", str(self.data), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open with the server
            stderr=subprocess.DEVNULL,
            check=False,
        )
        log = self.folder / "log"
        assert done.returncode == 0, (program, arguments, log.exists() and log.read_text()[-2000:])


class ClusterSite(Site):
    """A site whose database is a cluster's."""

    def __init__(self, data: Path, cluster: Cluster) -> None:
        super().__init__(data)
        self.database = cluster

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "LMS_DATABASE_URL": self.database.url}

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.database.calm, self._connect() as connection:
            return connection.execute(statement.replace("?", "%s").encode(), values).fetchall()

    def write(self, statement: str, *values: Any) -> None:
        with self.database.calm, self._connect() as connection:
            connection.execute(statement.replace("?", "%s").encode(), values)

    def earlier(self, column: str, seconds: int) -> str:
        return f"{column} - interval '{seconds} seconds'"

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """JSON comes as text, as from SQLite; moments are written without a zone, as there."""
        connection = psycopg.connect(
            self.database.url, options="-c timezone=UTC", connect_timeout=10
        )
        connection.adapters.register_loader("jsonb", TextLoader)
        return connection
