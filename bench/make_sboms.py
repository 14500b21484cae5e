#!/usr/bin/env python3
"""Draws SBOMs for the re-match bench: make_sboms.py DIRECTORY [COUNT] [PACKAGES] [DISTINCT].

Package names are those that the database knows (seawall db search) and as many unknown ones; versions are drawn so that
there are at least DISTINCT package versions. Seeded: the same arguments give the same files.
"""
import json
import os
import random
import subprocess
import sys


def main():
    folder = sys.argv[1]
    count, packages, distinct = (int(a) for a in (sys.argv[2:] + ["10000", "500", "200000"][len(sys.argv) - 2:]))
    seawall = os.environ.get("SEAWALL_PROGRAM", "build/bin/seawall")
    rng = random.Random(1)
    names = []
    listing = subprocess.run([seawall, "db", "search", "", "--limit", "1000000"], stdout=subprocess.PIPE, check=True, text=True).stdout
    for line in listing.splitlines():
        key, _, name = line.partition("  ")
        if key in ("npm", "pypi", "golang", "cargo", "gem", "composer") and " " not in name:
            names.append((key, name))
    names += [("npm", f"unknown-{i}") for i in range(len(names))]
    pool = []
    while len(pool) < distinct * 1.3:
        kind, name = names[len(pool) % len(names)]
        version = f"{rng.randrange(6)}.{rng.randrange(30)}.{rng.randrange(30)}"
        purl = f"pkg:{kind}/{name.replace('@', '%40')}@{'v' if kind == 'golang' else ''}{version}"
        pool.append((name, version, purl))
    os.makedirs(folder, exist_ok=True)
    seen = set()
    for i in range(count):
        components = []
        for _ in range(packages):
            name, version, purl = pool[rng.randrange(len(pool))]
            seen.add(purl)
            components.append({"type": "library", "name": name, "version": version, "purl": purl})
        with open(f"{folder}/{i:05}.json", "w", encoding="utf-8") as f:
            json.dump({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}, f, separators=(",", ":"))
    print(f"{count} SBOMs of {packages} packages, {len(seen)} distinct")


if __name__ == "__main__":
    main()
