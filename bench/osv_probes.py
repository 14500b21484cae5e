#!/usr/bin/env python3
"""Writes a CycloneDX file of every package that the records of osv_records.py speak of, in versions on and around each event:
osv_probes.py OUT PROBES.cdx.json [EVERY]. Two scanners that read the same records must say the same about each of them.

EVERY: only each n-th package, for osv-scanner looks through all records for every package. Go names with capitals are left out: it
lowers them when it reads an SBOM and finds nothing.
"""
import json
import re
import sys
import zipfile
from urllib.parse import quote

TYPES = {"Go": "golang", "PyPI": "pypi", "npm": "npm", "crates.io": "cargo", "RubyGems": "gem"}
# What a release is preceded and followed by, in each ecosystem's own words.
BESIDE = {
    "golang": ("{}-rc.1", "{}-0"), "npm": ("{}-beta.2", "{}-0", "{}+build.5"), "cargo": ("{}-alpha.1", "{}+build.5"),
    "pypi": ("{}rc1", "{}.dev3", "{}.post1", "{}.0"), "gem": ("{}.pre", "{}.rc1", "{}.0"),
}


def around(kind, version):
    yield version
    number = re.fullmatch(r"(v?\d+(?:\.\d+)*\.)(\d+)", version)
    if not number:
        return
    head, last = number.groups()
    yield f"{head}{int(last) + 1}"
    if int(last):
        yield f"{head}{int(last) - 1}"
    for form in BESIDE[kind]:
        yield form.format(version)


def probes(out):
    found = {}
    for ecosystem, kind in TYPES.items():
        with zipfile.ZipFile(f"{out}/osv-scalibr/{ecosystem}/all.zip") as zipped:
            for name in zipped.namelist():
                for affected in json.loads(zipped.read(name)).get("affected", []):
                    package = affected["package"]
                    if package["ecosystem"] != ecosystem or (kind == "golang" and package["name"] != package["name"].lower()):
                        continue
                    versions = found.setdefault((kind, package["name"]), set())
                    for r in affected.get("ranges", []):
                        for version in (v for event in r["events"] for v in event.values() if v != "0" and r["type"] != "GIT"):
                            versions.update(around(kind, version))
                    versions.update(affected.get("versions", [])[::7])
    return found


def main():
    out, target = sys.argv[1:3]
    every = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    components = []
    for (kind, name), versions in sorted(probes(out).items())[::every]:
        for version in sorted(versions):
            written = "v" + version if kind == "golang" and name not in ("stdlib", "toolchain") and version[0].isdigit() else version
            purl = f"pkg:{kind}/{quote(name, safe='/')}@{quote(written, safe='')}"
            components.append({"type": "library", "bom-ref": purl, "name": name, "version": written, "purl": purl})
    with open(target, "w", encoding="utf-8") as f:
        json.dump({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}, f)
    print(f"{len(components)} packages")


if __name__ == "__main__":
    main()
