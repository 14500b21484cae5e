"""What the scenario tests share: the built programs."""
import os
import pathlib
import subprocess

import pytest

import kube_cluster
import support

ROOT = pathlib.Path(__file__).resolve().parents[2]


def built(name):
    """A test program, of SEAWALL_BUILD or the newest build."""
    folders = [pathlib.Path(os.environ["SEAWALL_BUILD"])] if "SEAWALL_BUILD" in os.environ else (ROOT / "build").glob("*")
    found = [folder / "tests" / name for folder in folders if (folder / "tests" / name).exists()]
    if not found:
        pytest.skip(f"{name} is not built")
    return max(found, key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="session")
def probe():
    program = built("report_probe")

    def run(*arguments, text="", raw=False):
        done = subprocess.run([program, *arguments], input=text.encode(), capture_output=True, check=True)
        return done.stdout if raw else done.stdout.decode()

    return run


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    """The advisories of support.py as a database."""
    return support.build_database(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory):
    """A Kubernetes API server with what it needs, for the whole session."""
    with kube_cluster.running(tmp_path_factory.mktemp("control_plane")) as plane:
        yield plane


@pytest.fixture
def seawall(tmp_path, database):
    """Calls of the program with a home of their own and that database."""
    return support.Caller(tmp_path / "home", database)
