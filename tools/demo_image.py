#!/usr/bin/env python3
"""Composes a small multi-layer image as an OCI layout: real Debian packages, then an application with known holes.

usage: demo_image.py LAYOUT_DIRECTORY

Nothing is run and no network is used but Debian's own packages (apt-get download; what this machine has installed
stands in where that fails). The application layer is package metadata alone: npm, PyPI, Go, RubyGems and crates.
"""
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile

DEBIAN_PACKAGES = ["base-files", "libc6", "zlib1g", "libssl3", "openssl", "tzdata"]

# Old releases, each of which the starter database knows as affected.
APPLICATION = {
    "srv/app/node_modules/lodash/package.json": json.dumps({"name": "lodash", "version": "4.17.4", "license": "MIT"}),
    "srv/app/node_modules/minimatch/package.json": json.dumps({"name": "minimatch", "version": "3.0.0", "license": "ISC"}),
    "srv/app/node_modules/ws/package.json": json.dumps({"name": "ws", "version": "1.1.0", "license": "MIT"}),
    "usr/local/lib/python3.11/site-packages/Django-3.2.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: Django\nVersion: 3.2.0\nLicense: BSD-3-Clause\n\n",
    "usr/local/lib/python3.11/site-packages/PyYAML-5.3.dist-info/METADATA": "Metadata-Version: 2.1\nName: PyYAML\nVersion: 5.3\nLicense: MIT\n\n",
    "srv/app/go.mod": "module example.com/shop/cart\n\ngo 1.20\n\nrequire (\n\tgolang.org/x/text v0.3.5\n\tgolang.org/x/net v0.7.0\n)\n",
    "var/lib/gems/3.1.0/specifications/rack-2.2.3.gemspec": 'Gem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.2.3"\n  s.licenses = ["MIT".freeze]\nend\n',
    "srv/app/Cargo.lock": 'version = 3\n\n[[package]]\nname = "smallvec"\nversion = "0.6.3"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n',
}


def run(*command, **kw):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **kw).stdout


def debian_layer():
    """The content of a few packages as dpkg would have installed them, without running their scripts."""
    files, status = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for name in DEBIAN_PACKAGES:
            try:
                run("apt-get", "download", "-q", name, cwd=folder)
            except (subprocess.CalledProcessError, FileNotFoundError):
                pass
        for deb in sorted(os.listdir(folder)):
            path = os.path.join(folder, deb)
            control = run("dpkg-deb", "--field", path).decode()
            status.append(control.replace("\n", "\nStatus: install ok installed\n", 1))
            name = run("dpkg-deb", "--field", path, "Package").decode().strip()
            listing = []
            with tarfile.open(fileobj=io.BytesIO(run("dpkg-deb", "--fsys-tarfile", path))) as tar:
                for member in tar:
                    at = member.name.removeprefix("./").rstrip("/")
                    listing.append("/" + at)
                    if member.isfile() and member.size < 4 << 20:
                        files[at] = (member, tar.extractfile(member).read())
                    elif member.issym():
                        files[at] = (member, None)
            files[f"var/lib/dpkg/info/{name}.list"] = (None, "\n".join(listing).encode())
    if not status:
        with open("/var/lib/dpkg/status", encoding="utf-8") as f:
            status = [f.read()]
        with open("/usr/lib/os-release", "rb") as f:
            files["usr/lib/os-release"] = (None, f.read())
    files["var/lib/dpkg/status"] = (None, "\n".join(s.rstrip("\n") + "\n" for s in status).encode())
    return files


def tar_of(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in sorted(files):
            member, content = files[name]
            info = tarfile.TarInfo(name)
            if member is not None:
                info.type, info.mode, info.linkname = member.type, member.mode, member.linkname
            if content is None:
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


class Layout:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(f"{folder}/blobs/sha256", exist_ok=True)

    def blob(self, data, media_type):
        digest = hashlib.sha256(data).hexdigest()
        with open(f"{self.folder}/blobs/sha256/{digest}", "wb") as f:
            f.write(data)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}


def main():
    layout = Layout(sys.argv[1])
    steps = [
        (debian_layer(), "ADD file:rootfs in / # debian packages"),
        ({k: (None, v.encode()) for k, v in APPLICATION.items()}, "COPY app /srv/app # npm, pip, go, gem, cargo"),
    ]
    layers, diff_ids, history = [], [], []
    for files, created_by in steps:
        tar = tar_of(files)
        diff_ids.append("sha256:" + hashlib.sha256(tar).hexdigest())
        layers.append(layout.blob(gzip.compress(tar, 6, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip"))
        history.append({"created": "2025-01-01T00:00:00Z", "created_by": created_by})
    history.insert(1, {"created": "2025-01-01T00:00:00Z", "created_by": 'CMD ["bash"]', "empty_layer": True})
    config = {"architecture": "amd64", "os": "linux", "created": "2025-01-01T00:00:00Z", "config": {},
              "rootfs": {"type": "layers", "diff_ids": diff_ids}, "history": history}
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": layout.blob(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"), "layers": layers}
    entry = layout.blob(json.dumps(manifest).encode(), manifest["mediaType"])
    entry["annotations"] = {"org.opencontainers.image.ref.name": "demo"}
    with open(f"{layout.folder}/index.json", "w", encoding="utf-8") as f:
        json.dump({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [entry]}, f)
    with open(f"{layout.folder}/oci-layout", "w", encoding="utf-8") as f:
        f.write('{"imageLayoutVersion": "1.0.0"}')


if __name__ == "__main__":
    main()
