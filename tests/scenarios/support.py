"""What the scenario tests share: calls of the program, images and advisories made by hand."""
import contextlib
import dataclasses
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("SEAWALL_SHARED", ROOT / ".." / "shared")).resolve()


def program_path():
    """The program under test: SEAWALL_PROGRAM, else the release build."""
    path = pathlib.Path(os.environ.get("SEAWALL_PROGRAM", ROOT / "build" / "bin" / "seawall"))
    if not path.exists():
        pytest.skip(f"{path.name} is not built (SEAWALL_PROGRAM names one)")
    return path.resolve()


def shared(*parts):
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} is not here (SEAWALL_SHARED names its folder)")
    return path


def clean_environment(home):
    """Nothing of this machine's user: settings, caches and data lie under `home`."""
    keep = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS")}
    return keep | {"HOME": str(home), "XDG_CACHE_HOME": f"{home}/cache", "XDG_DATA_HOME": f"{home}/data",
                   "SEAWALL_CACHE_DIR": f"{home}/cache/seawall", "SEAWALL_DATA_DIR": f"{home}/data/seawall", "TERM": "dumb"}


@dataclasses.dataclass
class Done:
    """A call that ended."""
    code: int  # negative: the signal that ended it
    out: str
    err: str
    peak: int  # bytes of memory
    seconds: float

    def json(self):
        return json.loads(self.out)


# Runs what follows its first argument, a file for the peak in KiB, and ends as that does.
MEASURE = """
import os, sys
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as told:
    told.write(str(usage.ru_maxrss))
os.kill(os.getpid(), os.WTERMSIG(status)) if os.WIFSIGNALED(status) else os._exit(os.WEXITSTATUS(status))
"""


class Caller:
    """Calls the program with an environment of its own."""

    def __init__(self, home, database=None, program=None):
        self.program = program or program_path()
        self.home = pathlib.Path(home)
        self.work = self.home / "work"
        self.work.mkdir(parents=True, exist_ok=True)
        self.environment = clean_environment(self.home)
        if database:
            self.environment["SEAWALL_DB"] = str(database)

    @property
    def cache(self):
        return pathlib.Path(self.environment["SEAWALL_CACHE_DIR"])

    def start(self, *arguments, before=(), env=None, **options):
        command = [*map(str, before), str(self.program), *map(str, arguments)]
        options.setdefault("cwd", self.work)
        return subprocess.Popen(command, env=self.environment | (env or {}), **options)

    def __call__(self, *arguments, stdin=b"", timeout=30, **options):
        """Runs to the end; a call that takes longer than `timeout` fails the test."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(stdin)
            given.seek(0)
            began = time.monotonic()
            process = self.start(*arguments, stdin=given, stdout=out, stderr=err, start_new_session=True, **options)
            late = threading.Event()
            alarm = threading.Timer(timeout, lambda: (late.set(), os.killpg(process.pid, signal.SIGKILL)))
            alarm.start()
            _, status, usage = os.wait4(process.pid, 0)
            alarm.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            assert not late.is_set(), f"no end after {timeout} s: {arguments}"
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode())
            return Done(process.returncode, *texts, usage.ru_maxrss * 1024, time.monotonic() - began)

    def measured(self, *arguments, **options):
        """The same through a small process: the system counts what a parent holds as its child's peak."""
        with tempfile.NamedTemporaryFile("r") as told:
            done = self(*arguments, before=[sys.executable, "-S", "-E", "-c", MEASURE, told.name, *options.pop("before", ())], **options)
            return dataclasses.replace(done, peak=int(told.read()) * 1024)

    def scan(self, *arguments, **options):
        """A scan's JSON; the exit code must be 0."""
        done = self("scan", "-o", "json", *arguments, **options)
        assert done.code == 0, done.err
        return done.json()


# Images


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


@dataclasses.dataclass
class Link:
    target: str
    hard: bool = False


FOLDER = object()


def tar_of(files):
    """A tar of {path: text, bytes, Link or FOLDER}, or of (path, content) pairs where a path comes twice."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, content in files.items() if isinstance(files, dict) else files:
            entry = tarfile.TarInfo(path)
            if isinstance(content, Link):
                entry.type, entry.linkname = tarfile.LNKTYPE if content.hard else tarfile.SYMTYPE, content.target
                tar.addfile(entry)
            elif content is FOLDER:
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
            else:
                data = content.encode() if isinstance(content, str) else content
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"


@dataclasses.dataclass
class Layer:
    """A layer as it is, and what the image says about it: set a field to make it lie."""
    blob: bytes
    diff_id: str
    media_type: str
    created_by: str = "RUN something"
    digest: str = ""
    size: int = -1
    urls: tuple = ()
    missing: bool = False


def layer(files, created_by="RUN something", compress="gzip", **lies):
    plain = files if isinstance(files, bytes) else tar_of(files)
    blob = gzip.compress(plain, 1, mtime=0) if compress == "gzip" else plain
    return Layer(**{"blob": blob, "diff_id": digest_of(plain), "media_type": LAYER + ("+gzip" if compress == "gzip" else ""),
                    "created_by": created_by, **lies})


class Layout:
    """An OCI image layout in a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "blobs" / "sha256").mkdir(parents=True)
        (self.folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        self.manifests = []

    def blob(self, data, media_type, digest="", **more):
        digest = digest or digest_of(data)
        (self.folder / "blobs" / "sha256" / digest.split(":")[1]).write_bytes(data)
        return {"mediaType": media_type, "digest": digest, "size": len(data)} | more

    def document(self, value, media_type, **more):
        return self.blob(json.dumps(value).encode(), media_type, **more)

    def _layer(self, one):
        if one.missing:
            descriptor = {"mediaType": one.media_type, "digest": one.digest or digest_of(one.blob), "size": len(one.blob)}
        else:
            descriptor = self.blob(one.blob, one.media_type, one.digest)
        if one.size >= 0:
            descriptor["size"] = one.size
        if one.urls:
            descriptor["urls"] = list(one.urls)
        return descriptor

    def image(self, *layers, annotations=None, history=None, labels=None, architecture="amd64"):
        """Writes an image's parts; gives its descriptor."""
        steps = history or [{"created_by": one.created_by} for one in layers]
        config = {"architecture": architecture, "os": "linux", "config": {"Labels": labels or {}},
                  "rootfs": {"type": "layers", "diff_ids": [one.diff_id for one in layers]}, "history": steps}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": self.document(config, CONFIG),
                    "layers": [self._layer(one) for one in layers]} | ({"annotations": annotations} if annotations else {})
        return self.document(manifest, MANIFEST, platform={"os": "linux", "architecture": architecture})

    def tag(self, descriptor, name="latest"):
        self.manifests.append(descriptor | {"annotations": {"org.opencontainers.image.ref.name": name}})
        return self.write_index()

    def write_index(self):
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": self.manifests}
        (self.folder / "index.json").write_text(json.dumps(index))
        return self

    @property
    def target(self):
        return f"oci:{self.folder}"


def image_in(folder, *layers, **options):
    """A layout with one image; gives it as a target."""
    layout = Layout(folder)
    return layout.tag(layout.image(*layers, **options)).target


def serve_image(server, folder, *layers, **options):
    """Makes a file server (tests/fakes) a registry with one image, app:1; gives the image's layout."""
    layout = Layout(folder)
    manifest = layout.image(*layers, **options)
    blobs = {path.name: path.read_bytes() for path in (layout.folder / "blobs" / "sha256").iterdir()}
    server.files["/v2/"] = b"{}"
    for name, content in blobs.items():
        server.files[f"/v2/app/blobs/sha256:{name}"] = content
    for name in ("1", manifest["digest"]):
        server.files[f"/v2/app/manifests/{name}"] = blobs[manifest["digest"].split(":")[1]]
    return layout


def oci_archive(layout, path):
    with tarfile.open(path, "w") as tar:
        tar.add(layout.folder, arcname=".")
    return f"oci-archive:{path}"


def docker_archive(path, *layers, tags=("shop/cart:1",)):
    """As `docker save` writes it."""
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                         "rootfs": {"type": "layers", "diff_ids": [one.diff_id for one in layers]},
                         "history": [{"created_by": one.created_by} for one in layers]}).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    files = {f"{i}/layer.tar": one.blob for i, one in enumerate(layers)}
    manifest = [{"Config": name, "RepoTags": list(tags), "Layers": list(files)}]
    pathlib.Path(path).write_bytes(tar_of({name: config, **files, "manifest.json": json.dumps(manifest)}))
    return f"docker-archive:{path}"


# Contents of images that the advisories below speak of


def os_release(name="debian", version="12"):
    return f'ID={name}\nVERSION_ID="{version}"\nPRETTY_NAME="{name} {version}"\n'


def dpkg_status(*packages):
    """(name, version[, source]) as /var/lib/dpkg/status."""
    texts = []
    for name, version, *source in packages:
        texts.append(f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n" +
                     "".join(f"Source: {s}\n" for s in source) + "Maintainer: nobody\nDescription: text\n")
    return "\n".join(texts) + "\n"


def package_json(name, version):
    return json.dumps({"name": name, "version": version, "license": "MIT"})


def package_lock(**packages):
    entries = {f"node_modules/{name}": {"version": version, "resolved": f"https://registry.example/{name}.tgz"}
               for name, version in packages.items()}
    return json.dumps({"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "shop"}} | entries})


DEBIAN_BASE = {"etc/os-release": os_release(), "var/lib/dpkg/status": dpkg_status(("libssl3", "3.0.1-1", "openssl"), ("bash", "5.2-1"))}
APPLICATION = {"app/node_modules/lodash/package.json": package_json("lodash", "4.17.20"),
               "app/node_modules/leftish/package.json": package_json("leftish", "1.0.0")}


# Advisories


def osv(name, ecosystem, package, introduced="0", fixed=None, **more):
    events = [{"introduced": introduced}] + ([{"fixed": fixed}] if fixed else [])
    return {"schema_version": "1.6.0", "id": name, "published": "2024-01-10T00:00:00Z", "modified": "2024-02-01T00:00:00Z",
            "summary": f"{package} is wrong", "affected": [{"package": {"ecosystem": ecosystem, "name": package},
                                                             "ranges": [{"type": "ECOSYSTEM", "events": events}]}]} | more


def cvss(vector):
    return [{"type": "CVSS_V3", "score": vector}]


CRITICAL = cvss("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")  # 9.8
HIGH = cvss("CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H")  # 7.2
MEDIUM = cvss("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H")  # 5.5
LOW = cvss("CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N")  # 2.5

ADVISORIES = (
    osv("GHSA-aaaa-bbbb-cccc", "npm", "lodash", fixed="4.17.21", aliases=["CVE-2021-1001"], severity=HIGH),
    osv("GHSA-dddd-eeee-ffff", "npm", "leftish", aliases=["CVE-2022-1002"], severity=LOW),
    osv("PYSEC-2023-1", "PyPI", "jinja2", fixed="3.1.3", aliases=["CVE-2023-1003"], severity=MEDIUM),
    osv("DEBIAN-CVE-2024-1004", "Debian:12", "openssl", fixed="3.0.2-1", upstream=["CVE-2024-1004"], severity=CRITICAL),
    osv("DEBIAN-CVE-2024-1005", "Debian:12", "bash", upstream=["CVE-2024-1005"], severity=MEDIUM),
    osv("ALPINE-CVE-2024-1006", "Alpine:v3.19", "openssl", fixed="3.1.4-r5", upstream=["CVE-2024-1006"], severity=HIGH),
)
KEV = {"title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2024.03.01", "dateReleased": "2024-03-01T00:00:00Z",
       "count": 1, "vulnerabilities": [{"cveID": "CVE-2024-1004", "vendorProject": "OpenSSL", "product": "OpenSSL",
                                        "vulnerabilityName": "text", "dateAdded": "2024-02-20", "shortDescription": "text",
                                        "requiredAction": "text", "dueDate": "2024-03-12", "knownRansomwareCampaignUse": "Known"}]}
EPSS = "#model_version:v2023.03.01,score_date:2024-03-01T00:00:00+0000\ncve,epss,percentile\nCVE-2021-1001,0.25,0.95\nCVE-2024-1004,0.9,0.99\n"


def write_feeds(folder, advisories=ADVISORIES):
    folder = pathlib.Path(folder)
    (folder / "osv").mkdir(parents=True)
    for one in advisories:
        (folder / "osv" / f"{one['id']}.json").write_text(json.dumps(one))
    (folder / "kev").mkdir()
    (folder / "kev" / "known_exploited_vulnerabilities.json").write_text(json.dumps(KEV))
    (folder / "epss").mkdir()
    (folder / "epss" / "epss_scores-current.csv.gz").write_bytes(gzip.compress(EPSS.encode(), mtime=0))
    return folder


def build_database(folder):
    """The advisories above, compiled by the program itself."""
    folder = pathlib.Path(folder)
    path = folder / "advisories.db"
    done = Caller(folder / "home")("db", "build", "--from", write_feeds(folder / "feeds"), "-o", path)
    assert done.code == 0, done.err
    assert not done.err, done.err
    return path


# Looking at results


def packages_of(report):
    return {(p["type"], p["name"], p["version"]) for p in report["packages"]}


def names_of(report):
    return {p["name"] for p in report["packages"]}


def ids_of(report, key="findings"):
    return {f["id"] for f in report[key]}


def notices_of(report):
    return [n["what"] for n in report["notices"]]


def without_times(report):
    """What must be the same for the same input."""
    if isinstance(report, dict):
        return {k: without_times(v) for k, v in report.items() if k != "created"}
    return [without_times(v) for v in report] if isinstance(report, list) else report


def files_below(folder):
    """Every path below, with kind, size and time of change: what a scan must leave alone."""
    found = {}
    for path in pathlib.Path(folder).rglob("*"):
        status = path.lstat()
        found[str(path)] = (status.st_mode, status.st_size, status.st_mtime_ns)
    return found


@contextlib.contextmanager
def tiny_disk(folder, size):
    """A file system of `size` bytes; skips where this user may not mount one."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting a tmpfs is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
