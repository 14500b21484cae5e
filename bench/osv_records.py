#!/usr/bin/env python3
"""Makes the local database that osv-scanner reads, of the shared feeds: osv_records.py FEEDS OUT.

One OUT/osv-scalibr/ECOSYSTEM/all.zip each for Go and PyPI (OSV as published) and for crates.io, npm and RubyGems (native
advisories put into OSV's words by the small readers here, none of which is Seawall's). `seawall db build --from OUT` reads the same
files, so that whatever the two report differently is their judgement, not their data. What OSV's events cannot say (an
exclusive start, a version with letters in a native range) is left out and counted. Ranges of commits are left out, too: no package's
version lies in one, but osv-scanner stops at the first and reads none of those behind it.
"""
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile

import yaml

# What the schema knows: osv-scanner drops a record that holds anything else.
FIELDS = ("schema_version", "id", "modified", "published", "withdrawn", "aliases", "related", "summary", "details", "severity",
          "affected", "references", "credits", "database_specific")


def files(feeds, archive, suffix):
    with subprocess.Popen(["zstd", "-dcq", "--long=27", f"{feeds}/{archive}.tar.zst"], stdout=subprocess.PIPE) as unpacked:
        with tarfile.open(fileobj=unpacked.stdout, mode="r|") as tar:
            for entry in tar:
                if entry.isfile() and entry.name.endswith(suffix):
                    yield entry.name, tar.extractfile(entry).read().decode()


class NotOsv(Exception):
    """A range that events cannot say."""


def key(version):
    """Order of plain dotted numbers; anything else is none of ours."""
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        raise NotOsv(version)
    numbers = [int(n) for n in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers


def bump(version, places):
    """The first version beyond all that share `places` leading numbers."""
    numbers = [int(n) for n in version.split(".")][:places]
    numbers[-1] += 1
    return ".".join(map(str, numbers + [0] * (3 - places)))


def stretch(comparisons, caret, tilde):
    """(low, low inclusive, high, high inclusive) of comparisons that all hold; None is without end."""
    low, low_in, high, high_in = None, True, None, False
    for operator, version in comparisons:
        key(version)
        if operator in ("^", "~", "~>"):
            upper = bump(version, (caret if operator == "^" else tilde)(version))
            low, low_in, high, high_in = version, True, upper, False
        elif operator in (">", ">="):
            low, low_in = version, operator == ">="
        elif operator in ("<", "<="):
            high, high_in = version, operator == "<="
        else:
            low, low_in, high, high_in = version, True, version, True
    return low, low_in, high, high_in


def parse(text, caret=None, tilde=None):
    text = text.strip()
    if text in ("", "*"):
        return None, True, None, False
    comparisons = re.findall(r"(>=|<=|~>|>|<|=|\^|~)?\s*v?([0-9A-Za-z.+-]+)", text)
    return stretch(comparisons, caret or caret_places, tilde or (lambda v: min(2, v.count(".") + 1)))


def caret_places(version):
    numbers = version.split(".")
    return next((i + 1 for i, n in enumerate(numbers) if int(n) != 0), len(numbers))


def complement(stretches):
    """What none of the stretches holds, from low to high."""
    out, low, low_in = [], None, True
    for start, start_in, end, end_in in sorted(stretches, key=lambda s: (s[0] is not None, key(s[0]) if s[0] else [])):
        if start is not None and (low is None or key(low) < key(start)):
            out.append((low, low_in, start, not start_in))
        if end is None:
            return out
        if low is None or key(low) < key(end):
            low, low_in = end, not end_in
    return out + [(low, low_in, None, False)]


def events(stretches):
    out = []
    for low, low_in, high, high_in in stretches:
        if not low_in:
            raise NotOsv("exclusive start")
        out.append({"introduced": low or "0"})
        if high is not None:
            out.append({"last_affected" if high_in else "fixed": high})
    return out


def record(identifier, aliases, date, ecosystem, name, stretches):
    kind = "ECOSYSTEM" if ecosystem == "RubyGems" else "SEMVER"
    return {"schema_version": "1.6.0", "id": identifier, "modified": f"{date}T00:00:00Z", "aliases": aliases,
            "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": kind, "events": events(stretches)}]}]}


def go(feeds):
    for path, text in files(feeds, "go/go-vulndb", ".json"):
        if "/osv/" in path:
            yield lambda text=text: json.loads(text)


def pypi(feeds):
    for path, text in files(feeds, "pypi/pypa-advisory-database", ".yaml"):
        if "/PYSEC-" in path:
            yield lambda text=text: without_commits(yaml.load(text, Loader=yaml.CBaseLoader))


def without_commits(stated):
    for affected in stated.get("affected", []):
        affected["ranges"] = [r for r in affected.get("ranges", []) if r["type"] != "GIT"]
    return stated


def crates(feeds):
    for path, text in files(feeds, "rust/rustsec-advisory-db", ".md"):
        if "crates/" in path and text.startswith("```toml"):
            yield lambda text=text: crate_record(tomllib.loads(text.split("```")[1][len("toml"):]))


def crate_record(stated):
    advisory, versions = stated["advisory"], stated.get("versions", {})
    good = [parse(v) for v in versions.get("patched", []) + versions.get("unaffected", [])]
    if "withdrawn" in advisory:
        raise NotOsv("withdrawn")
    return record(advisory["id"], advisory.get("aliases", []), advisory["date"], "crates.io", advisory["package"], complement(good))


def npm(feeds):
    for path, text in files(feeds, "npm/nodejs-security-wg", ".json"):
        if "/npm/" in path and path.split("/")[-1][0].isdigit():
            yield lambda text=text: npm_record(json.loads(text))


def npm_record(stated):
    ranges = [parse(part) for part in stated["vulnerable_versions"].split("||")]
    return record(f"NODE-{stated['id']}", stated["cves"], stated["publish_date"][:10], "npm", stated["module_name"], ranges)


def gems(feeds):
    for path, text in files(feeds, "rubygems/ruby-advisory-db", ".yml"):
        if "gems/" in path:
            yield lambda text=text, path=path: gem_record(yaml.load(text, Loader=yaml.CBaseLoader), path)


def gem_record(stated, path):
    tilde = lambda v: max(1, v.count("."))
    good = [parse(v, tilde=tilde) for v in stated.get("patched_versions", []) + stated.get("unaffected_versions", [])]
    aliases = [f"CVE-{stated['cve']}"] if "cve" in stated else []
    name = f"RUBYSEC-{stated['gem']}-{os.path.basename(path)[:-len('.yml')]}"
    return record(name, aliases, stated["date"], "RubyGems", stated["gem"], complement(good))


def write(out, ecosystem, makers):
    folder = f"{out}/osv-scalibr/{ecosystem}"
    os.makedirs(folder, exist_ok=True)
    written = left_out = 0
    with zipfile.ZipFile(f"{folder}/all.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        for make in makers:
            try:
                made = make()
                zipped.writestr(zipfile.ZipInfo(f"{made['id']}.json"), json.dumps({f: made[f] for f in FIELDS if f in made}))
                written += 1
            except NotOsv:
                left_out += 1
    print(f"{ecosystem}: {written} records, {left_out} left out")


def main():
    feeds, out = sys.argv[1:]
    for ecosystem, makers in (("Go", go), ("PyPI", pypi), ("crates.io", crates), ("npm", npm), ("RubyGems", gems)):
        write(out, ecosystem, makers(feeds))


if __name__ == "__main__":
    main()
