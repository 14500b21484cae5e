"""The advisory database through the program: built, read, carried, updated, damaged, aged."""
import hashlib
import json
import os
import pathlib
import resource
import shutil
import signal
import struct
import subprocess
import sys
import threading

import pytest

from support import program_path

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/fakes"))
import file_server

SHARED = pathlib.Path(os.environ.get("SEAWALL_SHARED", ROOT.parent / "shared"))
FEEDS = SHARED / "feeds"
needs_feeds = pytest.mark.skipif(not FEEDS.is_dir(), reason=f"no shared feeds at {FEEDS}")

KEV = {"title": "x", "catalogVersion": "2024.01.02", "vulnerabilities": [
    {"cveID": "CVE-2024-0001", "dateAdded": "2024-01-02", "dueDate": "2024-01-23", "knownRansomwareCampaignUse": "Known", "cwes": []}]}
OSV = {"id": "PYSEC-2024-1", "modified": "2024-02-01T00:00:00Z", "published": "2024-01-31T00:00:00Z", "aliases": ["CVE-2024-0001"],
       "affected": [{"package": {"ecosystem": "PyPI", "name": "shop-cart"},
                     "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2.3"}]}]}]}


@pytest.fixture
def home(tmp_path):
    """Runs the program with data and cache folders of its own."""
    class Home:
        data = tmp_path / "data"
        environment = dict(os.environ, SEAWALL_DATA_DIR=str(tmp_path / "data"), SEAWALL_CACHE_DIR=str(tmp_path / "cache"),
                           HOME=str(tmp_path), NO_COLOR="1")

        def run(self, *arguments, code=0, **kw):
            done = subprocess.run([program_path(), *map(str, arguments)], cwd=tmp_path, env=self.environment, capture_output=True, text=True,
                                  timeout=600, **kw)
            assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
            return done

    return Home()


@pytest.fixture
def small(tmp_path, home):
    """A database of one package and one exploited CVE."""
    feeds = tmp_path / "small-feeds"
    feeds.mkdir()
    (feeds / "PYSEC-2024-1.json").write_text(json.dumps(OSV))
    (feeds / "kev.json").write_text(json.dumps(KEV))
    home.run("db", "build", "--from", feeds, "-o", tmp_path / "small.db")
    return tmp_path / "small.db"


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """All shared feeds, compiled."""
    if not FEEDS.is_dir():
        pytest.skip(f"no shared feeds at {FEEDS}")
    path = tmp_path_factory.mktemp("everything") / "all.db"
    subprocess.run([program_path(), "db", "build", "--quiet", "--from", FEEDS, "-o", path], check=True, capture_output=True, timeout=600)
    return path


def test_the_same_feeds_give_the_same_bytes(everything, tmp_path, home):
    home.run("db", "build", "--from", FEEDS, "-o", tmp_path / "again.db")
    assert (tmp_path / "again.db").read_bytes() == everything.read_bytes()


def test_status_names_sources_dates_and_ecosystems(everything, home):
    out = home.run("--db", everything, "db", "status", "--verify").stdout
    for word in ("go ", "pypa ", "debian ", "debian:11", "npm", "almalinux:9", "checksums   good"):
        assert word in out, word


def test_search_finds_names_and_lists_what_is_said(everything, home):
    out = home.run("--db", everything, "db", "search", "--advisories", "log4j-core").stdout
    assert "maven  org.apache.logging.log4j:log4j-core" in out
    assert "CVE-2021-44228" in out
    assert home.run("--db", everything, "db", "search", "no-such-package-anywhere").stdout == ""


def test_explain_tells_exploitation_and_packages(everything, home):
    out = home.run("--db", everything, "db", "explain", "CVE-2021-44228").stdout
    for word in ("known exploited since 2021-12-10", "by ransomware", "EPSS", "CWE-502", "log4j"):
        assert word in out, word
    assert "does not know" in home.run("--db", everything, "db", "explain", "CVE-1999-99999", code=3).stderr


def test_export_and_import_carry_the_database_to_another_machine(small, tmp_path, home):
    home.run("--db", small, "db", "export", tmp_path / "carried.db")
    assert (tmp_path / "carried.db").read_bytes() == small.read_bytes()
    home.run("db", "import", tmp_path / "carried.db")
    assert (home.data / "advisories.db").read_bytes() == small.read_bytes()
    assert "pypi  shop-cart" in home.run("db", "search", "cart").stdout


def change(path, offset, content):
    data = bytearray(path.read_bytes())
    data[offset:offset + len(content)] = content
    path.write_bytes(data)


@pytest.mark.parametrize("damage, words", [
    (lambda p: p.write_bytes(b""), "not a Seawall advisory database"),
    (lambda p: p.write_bytes(b"SQLite format 3\0" * 40), "not a Seawall advisory database"),
    (lambda p: p.write_bytes(p.read_bytes()[:-200]), "truncated"),
    (lambda p: change(p, 8, struct.pack("<I", 99)), "schema 99"),
    (lambda p: p.unlink(), "No such file"),
], ids=["empty", "another file", "truncated", "another schema", "absent"])
def test_a_database_that_cannot_be_used_is_a_clear_error(small, home, damage, words):
    damage(small)
    for command in (["db", "status"], ["db", "search", "x"], ["scan", "dir:."]):
        done = home.run("--db", small, *command, code=3)
        assert words in done.stderr and str(small) in done.stderr


def test_a_damaged_database_is_never_imported(small, tmp_path, home):
    home.run("db", "import", small)
    before = (home.data / "advisories.db").read_bytes()
    damaged = tmp_path / "damaged.db"
    shutil.copy(small, damaged)
    change(damaged, damaged.stat().st_size // 2, b"\xff\xff\xff\xff")
    home.run("db", "import", damaged, code=3)
    assert (home.data / "advisories.db").read_bytes() == before


def test_data_older_than_allowed_ends_in_its_own_exit_code(small, tmp_path, home):
    target = tmp_path / "requirements.txt"
    target.write_text("shop-cart==1.0\n")
    home.run("--db", small, "scan", f"file:requirements.txt:{target}", "--max-db-age", "30d", code=5)
    home.run("--db", small, "scan", f"file:requirements.txt:{target}", "--max-db-age", "36500d")


def test_the_starter_database_opens_without_anything_else(home):
    out = home.run("db", "status").stdout
    assert "(starter database)" in out and ", CC-BY-4.0" in out


@needs_feeds
def test_the_starter_database_is_what_its_sources_give():
    done = subprocess.run(["tools/starter_db.sh", "--check"], cwd=ROOT, capture_output=True, text=True,
                          env=dict(os.environ, SEAWALL=str(program_path()), SEAWALL_SHARED=str(SHARED)))
    assert done.returncode == 0, done.stdout + done.stderr


# db update, from a mirror on loopback.

@pytest.fixture
def mirror():
    with file_server.serving() as server:
        server.files["/kev/known_exploited_vulnerabilities.json"] = json.dumps(KEV).encode()
        yield server


def test_update_takes_what_the_mirror_has_and_it_is_used_from_then_on(mirror, home):
    out = home.run("db", "update", "--from", mirror.url).stdout
    assert "1 sources new" in out
    assert "known exploited" in home.run("db", "explain", "CVE-2024-0001").stdout
    assert "up to date" in home.run("db", "update", "--from", mirror.url).stdout


def test_an_update_that_fails_leaves_the_old_database_in_use_and_says_its_age(mirror, small, home):
    home.run("db", "import", small)
    before = (home.data / "advisories.db").read_bytes()
    mirror.stop()
    done = home.run("db", "update", "--from", mirror.url, code=3)
    assert "stays in use" in done.stderr and "2024-02-01" in done.stderr and "days ago" in done.stderr
    assert (home.data / "advisories.db").read_bytes() == before


def test_offline_nothing_is_asked(mirror, home):
    assert "offline" in home.run("--offline", "db", "update", "--from", mirror.url, code=3).stderr
    assert mirror.seen == []


def test_an_unknown_source_is_a_usage_error(home):
    assert "kevv" in home.run("db", "update", "--only", "kevv", code=2).stderr


def test_a_finished_database_is_used_once_its_checksum_holds(mirror, small, home):
    content = small.read_bytes()
    mirror.files["/advisories.db"] = content
    mirror.files["/advisories.db.sha256"] = hashlib.sha256(content).hexdigest().encode() + b"  advisories.db\n"
    home.run("db", "update", "--from", mirror.url)
    assert (home.data / "advisories.db").read_bytes() == content
    mirror.files["/advisories.db"] = content[:-8] + b"tampered"
    mirror.files["/advisories.db.sha256"] = b"0" * 64 + b"  advisories.db\n"
    home.run("db", "update", "--from", mirror.url, code=3)
    assert (home.data / "advisories.db").read_bytes() == content


def stalling(begun, content):
    """Sends half, tells that it did, and then nothing."""
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.send_header("ETag", '"1"')
        handler.end_headers()
        handler.wfile.write(content[:len(content) // 2])
        handler.wfile.flush()
        begun.set()
        handler.connection.settimeout(60)
        try:
            handler.connection.recv(1)
        except OSError:
            pass
    return answer


def test_a_killed_update_breaks_nothing_and_another_cannot_run_beside_it(mirror, small, home):
    home.run("db", "import", small)
    before = (home.data / "advisories.db").read_bytes()
    path, begun = "/kev/known_exploited_vulnerabilities.json", threading.Event()
    whole = mirror.files[path]
    mirror.files[path] = stalling(begun, whole)
    first = subprocess.Popen([program_path(), "db", "update", "--from", mirror.url], env=home.environment, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    try:
        assert begun.wait(60)
        assert "another update" in home.run("db", "update", "--from", mirror.url, code=3).stderr
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert (home.data / "advisories.db").read_bytes() == before
    assert "shop-cart" in home.run("db", "search", "cart").stdout
    mirror.files[path] = whole
    home.run("db", "update", "--from", mirror.url)
    assert "known exploited" in home.run("db", "explain", "CVE-2024-0001").stdout


def test_a_full_disk_names_the_path_and_leaves_the_old_database(mirror, small, home):
    home.run("db", "import", small)
    before = (home.data / "advisories.db").read_bytes()
    mirror.files["/kev/known_exploited_vulnerabilities.json"] = json.dumps(dict(KEV, padding=" " * (1 << 20))).encode()

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = home.run("db", "update", "--from", mirror.url, code=3, preexec_fn=little_room)
    assert str(home.data / "feeds/kev") in done.stderr
    assert (home.data / "advisories.db").read_bytes() == before
