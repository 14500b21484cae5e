#!/usr/bin/env python3
"""What Seawall and a peer report differently: differences.py packages|findings SEAWALL.json PEER.json [LINES].

packages: two CycloneDX files. findings: Seawall's JSON and osv-scanner's. Notations are made alike first; then each difference is
counted under the reason that explains it, and what nothing explains is listed. Ends with 1 where something is unexplained.
"""
import json
import re
import sys
from collections import Counter
from urllib.parse import parse_qs, unquote

MISSING, EXTRA = "missing", "extra"  # here, by the peer's view; and what only we have

# (side, pattern over "type/name@version", why).
PACKAGE_REASONS = [
    (MISSING, r"[a-z]+/[^@]+@$|npm/@[^@]+@$", "a file that names itself and states no version: advisories cannot be held against it"),
    (MISSING, r"npm/(@my-scope/package-[ab]|benchmark|bin|dist|ljharb-monorepo-symlink-test|mylib)@", "test data or a folder inside a package"),
    (MISSING, r"golang/cmd/", "the Go toolchain's own commands: they are the standard library's version, which is named"),
    (MISSING, r"golang/[^@]+@v0\.0\.0-\d{14}-", "the peer makes up a pseudo-version from the commit; no release bears it"),
    (EXTRA, r"golang/[^@]+@$", "a main module whose build states no version"),
    (MISSING, r"generic/", "a binary known by its content (issue 3 leaves those for later)"),
    (EXTRA, r"maven/", "jars without Maven's files: Seawall names them by manifest and file name"),
    (MISSING, r"maven/", "a jar's group guessed from its manifest; Maven's repository says ours"),
]

FINDING_REASONS = [
    (MISSING, r"[^ ]+@ ", "no version is stated: the peer takes it for affected by everything"),
    (EXTRA, r"pypi/jw-util@", "jw.util and jw-util are one project by PEP 503; the peer compares the letters"),
    (EXTRA, r"pypi/(gevent@23\.9\.0|wagtail@2\.11\.6)\.0 ", "the record lists the version without its last .0, the same by PEP 440; the peer compares the letters"),
]


def package(purl):
    """type/name@version, the way both are made to write it; an epoch belongs to the version."""
    path, _, query = purl.removeprefix("pkg:").partition("?")
    kind, _, rest = path.partition("/")
    name, at, version = rest.rpartition("@")
    if not at or not name:
        name, version = rest, ""
    name, version = unquote(name), unquote(version)
    epoch = parse_qs(query).get("epoch")
    if epoch and kind in ("deb", "rpm"):
        version = f"{epoch[0]}:{version}"
    if kind == "golang":
        name = name.lower()
        version = "v" + version if re.match(r"\d", version) else version
    if kind == "pypi":
        name = re.sub(r"[-_.]+", "-", name).lower()
    return f"{kind}/{name}@{version}"


def packages(path):
    out = set()

    def walk(components):
        for component in components:
            if component.get("purl"):
                out.add(package(component["purl"]))
            walk(component.get("components", []))
    with open(path, encoding="utf-8") as f:
        walk(json.load(f).get("components", []))
    return out


TYPES = {"Go": "golang", "PyPI": "pypi", "npm": "npm", "crates.io": "cargo", "RubyGems": "gem", "Maven": "maven", "Debian": "deb"}


def seawall_findings(path):
    """{package: [all names of one vulnerability, ...]}"""
    out = {}
    with open(path, encoding="utf-8") as f:
        for finding in json.load(f)["findings"]:
            out.setdefault(package(finding["package"]["purl"]), []).append({finding["id"], *finding["aliases"]})
    return out


def osv_findings(path):
    out = {}
    with open(path, encoding="utf-8") as f:
        for source in json.load(f)["results"]:
            for found in source["packages"]:
                p = found["package"]
                kind = TYPES.get(p["ecosystem"].split(":")[0], p["ecosystem"])
                names = out.setdefault(package(f"{kind}/{p['name'].replace(':', '/')}@{p['version']}"), [])
                names += [{v["id"], *v.get("aliases", [])} for v in found.get("vulnerabilities", [])]
    return out


def one_sided(mine, other):
    """Vulnerabilities of `mine` of which no name is among the other's for the same package."""
    for key, found in mine.items():
        known = set().union(*other.get(key, [set()]))
        for names in found:
            if not names & known:
                yield f"{key} {min(names)}"


def compare_packages(ours, theirs):
    a, b = packages(ours), packages(theirs)
    return len(a & b), [(MISSING, p) for p in sorted(b - a)] + [(EXTRA, p) for p in sorted(a - b)]


def compare_findings(ours, theirs):
    a, b = seawall_findings(ours), osv_findings(theirs)
    missing, extra = sorted(set(one_sided(b, a))), sorted(set(one_sided(a, b)))
    alike = sum(map(len, b.values())) - len(missing)
    return alike, [(MISSING, f) for f in missing] + [(EXTRA, f) for f in extra]


def explain(differences, reasons):
    """(counts by side and reason, what nothing explains)"""
    counts, rest = Counter(), []
    for side, what in differences:
        why = next((text for wanted, pattern, text in reasons if wanted == side and re.match(pattern, what)), None)
        if why:
            counts[(side, why)] += 1
        else:
            rest.append((side, what))
    return counts, rest


def report(kind, ours, theirs):
    """Lines for people, and how many differences nothing explains."""
    compare, reasons = {"packages": (compare_packages, PACKAGE_REASONS), "findings": (compare_findings, FINDING_REASONS)}[kind]
    alike, differences = compare(ours, theirs)
    counts, rest = explain(differences, reasons)
    words = {MISSING: "only the peer", EXTRA: "only seawall"}
    lines = [f"{alike} {kind} alike"]
    lines += [f"{count} {words[side]}: {why}" for (side, why), count in sorted(counts.items())]
    lines.append(f"{len(rest)} unexplained")
    return lines, [f"{words[side]}: {what}" for side, what in rest]


def main():
    kind, ours, theirs = sys.argv[1:4]
    lines, rest = report(kind, ours, theirs)
    print("\n".join(lines + rest[:int(sys.argv[4]) if len(sys.argv) > 4 else 50]))
    sys.exit(1 if rest else 0)


if __name__ == "__main__":
    main()
