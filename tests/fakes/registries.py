"""Real registries on loopback: Debian's docker-registry (2.8), distribution v3 (both without the referrers API) and
go-containerregistry's (with it), as tests need them.

A registry listens on a port that the kernel chose, keeps its data in the folder it is given, and ends with its `with`.
"""
import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import threading
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import crypt  # gone with Python 3.13; Debian 12 has 3.11

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 60
KINDS = ("docker-registry", "distribution", "listing")


def program(kind):
    """The program of one of KINDS; all but the first are built once. None where it can't be had."""
    if kind == "docker-registry":
        return shutil.which("docker-registry")
    part = {"distribution": "registry", "listing": "listing-registry"}[kind]
    built = subprocess.run([ROOT / "tests/realparts/build.sh", part], stdout=subprocess.PIPE, check=False, text=True)
    return built.stdout.strip() if built.returncode == 0 else None


def htpasswd(path, users):
    lines = [f"{name}:{crypt.crypt(password, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16))}" for name, password in users.items()]
    path.write_text("\n".join(lines) + "\n")
    return path


class Authority:
    """A certificate authority of our own, and what it signs."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate, self.key = folder / "ca.crt", folder / "ca.key"
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test authority",
                      "-keyout", self.key, "-out", self.certificate)

    def issue(self, name, *hosts):
        """Certificate and key for loopback, and those hosts, by that common name."""
        certificate, key, request = (self.folder / f"{name}.{end}" for end in ("cert", "key", "csr"))
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(",".join(["subjectAltName=IP:127.0.0.1", *(f"DNS:{host}" for host in ("localhost", *hosts))]) + "\n")
        self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        self._openssl("x509", "-req", "-days", "2", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                      "-CAcreateserial", "-extfile", extensions, "-out", certificate)
        return certificate, key

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Registry:
    def __init__(self, process, port):
        self.process, self.port = process, port
        self.host = f"127.0.0.1:{port}"


@contextlib.contextmanager
def serving(kind, folder, auth=None, tls=None):
    """Yields a Registry. `auth` and `tls` are the sections of its configuration by that name."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "version": 0.1,
        "log": {"level": "info", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}, "delete": {"enabled": True}},
        "http": {"addr": "127.0.0.1:0", "secret": "test", **({"tls": tls} if tls else {})},
    }
    if kind == "docker-registry":
        config["compatibility"] = {"schema1": {"enabled": True}}
    if auth:
        config["auth"] = auth
    path = folder / "config.yml"
    path.write_text(json.dumps(config))  # JSON is YAML
    arguments = [] if kind == "listing" else ["serve", path]
    process = subprocess.Popen([program(kind), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield Registry(process, _port_of(process))
    finally:
        process.terminate()
        process.wait()


def _port_of(process):
    """The port it says to listen on; what it logs later is read and dropped, so that it never blocks."""
    found, lines = threading.Event(), []

    def read():
        for line in process.stderr:
            if not found.is_set():
                lines.append(line)
            if "listening on" in line:
                found.set()
        found.set()

    threading.Thread(target=read, daemon=True).start()
    found.wait(START_SECONDS)
    match = re.search(r"listening on (?:127\.0\.0\.1|\[::\]):(\d+)", "".join(lines))
    assert match, "the registry did not start:\n" + "".join(lines)
    return int(match.group(1))
