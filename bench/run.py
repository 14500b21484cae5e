#!/usr/bin/env python3
"""Runs the benches and writes bench/RESULTS.md: run.py [--rounds N] [--skip image|findings|rematch|database].

Every figure is the median of N rounds with its bound or peer interleaved in the same run. Peers are used where
bench/peers.sh has built them; what they report differently is counted by differences.py, reason by reason. Needs
build/bin/seawall and `ninja -C build/release bench_fetch_bound bench_database`.
"""
import argparse
import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

import differences

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SEAWALL = f"{ROOT}/build/bin/seawall"
PEERS = os.environ.get("SEAWALL_PEERS", os.path.expanduser("~/.cache/seawall/peers"))
CACHE = os.environ.get("SEAWALL_BENCH_CACHE", os.path.expanduser("~/.cache/seawall/bench"))
SHARED = os.environ.get("SEAWALL_SHARED", f"{ROOT}/../shared")
MIB = 1024


def timed(command, env=None, good=(0,)):
    """Wall seconds, peak MiB and CPU seconds of one run; its own output is thrown away."""
    script = ("import resource,subprocess,sys,time;s=time.monotonic();"
              "r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE);"
              "e=time.monotonic()-s;u=resource.getrusage(resource.RUSAGE_CHILDREN);"
              "print(e,u.ru_maxrss,r.returncode,u.ru_utime+u.ru_stime);sys.stderr.buffer.write(r.stderr[-2000:])")
    result = subprocess.run([sys.executable, "-c", script, *command], env=dict(os.environ, **(env or {})), stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, check=True)
    wall, rss, code, cpu = result.stdout.split()
    if int(code) not in good:
        raise SystemExit(f"{command[0]} ended with {code}: {result.stderr}")
    return float(wall), int(rss) / MIB, float(cpu)


def median(rows):
    return tuple(statistics.median(r[i] for r in rows) for i in range(3))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Registry:
    """Debian's docker-registry on loopback with the bench image in it."""

    def __init__(self, layout):
        self.folder = tempfile.mkdtemp(prefix="seawall-bench-")
        self.port = free_port()
        with open(f"{self.folder}/registry.yml", "w", encoding="utf-8") as f:
            f.write(f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {self.folder}/data}}}}\nhttp: {{addr: '127.0.0.1:{self.port}'}}\n")
        self.process = subprocess.Popen(["docker-registry", "serve", f"{self.folder}/registry.yml"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except OSError:
                time.sleep(0.1)
        self.image = f"127.0.0.1:{self.port}/bench/app:1"
        subprocess.run([SEAWALL, "push", f"oci:{layout}:bench", self.image], check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


def peer_commands(image, folder):
    """Package listing by the peers that are there."""
    commands = {}
    if os.path.exists(f"{PEERS}/syft"):
        commands["syft"] = ([f"{PEERS}/syft", "-q", "-o", f"cyclonedx-json={folder}/syft.json", f"registry:{image}"],
                            {"SYFT_REGISTRY_INSECURE_USE_HTTP": "true", "SYFT_CHECK_FOR_APP_UPDATE": "false"})
    if os.path.exists(f"{PEERS}/trivy"):
        cache = f"{folder}/trivy"
        commands["trivy"] = ([f"{PEERS}/trivy", "-q", "--cache-dir", cache, "image", "--format", "cyclonedx", "--skip-version-check",
                              "--skip-java-db-update", "--offline-scan", "-o", f"{folder}/trivy.json", image], {"TRIVY_INSECURE": "true"})
    return commands


def empty_java_db(folder):
    """trivy wants its Java database for jars: one with its tables and no rows."""
    import sqlite3
    os.makedirs(f"{folder}/java-db", exist_ok=True)
    with open(f"{folder}/java-db/metadata.json", "w", encoding="utf-8") as f:
        json.dump({"Version": 1, "NextUpdate": "2099-01-01T00:00:00Z", "UpdatedAt": "2026-01-01T00:00:00Z", "DownloadedAt": "2026-01-01T00:00:00Z"}, f)
    db = sqlite3.connect(f"{folder}/java-db/trivy-java.db")
    db.execute("create table if not exists artifacts(id integer primary key, group_id text, artifact_id text)")
    db.execute("create table if not exists indices(artifact_id integer, version text, sha1 blob, archive_type text)")
    db.commit()


def bench_image(rounds, out):
    layout = f"{CACHE}/layout"
    subprocess.run([f"{ROOT}/bench/make_image.sh", layout], check=True)
    registry = Registry(layout)
    folder = tempfile.mkdtemp(prefix="seawall-bench-out-")
    try:
        image = registry.image
        peers = peer_commands(image, folder)
        rows = {"bound": [], "cold": [], "warm": [], **{p: [] for p in peers}, **{p + " warm": [] for p in peers if p == "trivy"}}
        cold_env = {"SEAWALL_CACHE_DIR": f"{folder}/none"}
        warm_env = {"SEAWALL_CACHE_DIR": f"{folder}/warm"}
        listing = [SEAWALL, "sbom", image, "-o", f"cyclonedx={folder}/seawall.json"]
        timed(listing, warm_env)
        for _ in range(rounds):
            rows["bound"].append(timed([f"{ROOT}/build/release/bench/bench_fetch_bound", image]))
            shutil.rmtree(f"{folder}/none", ignore_errors=True)
            rows["cold"].append(timed(listing, cold_env))
            rows["warm"].append(timed(listing, warm_env))
            for name, (command, env) in peers.items():
                if name == "trivy":
                    shutil.rmtree(f"{folder}/trivy", ignore_errors=True)
                    empty_java_db(f"{folder}/trivy")
                rows[name].append(timed(command, env))
                if name == "trivy":
                    rows["trivy warm"].append(timed(command, env))
        size = sum(os.path.getsize(f"{layout}/blobs/sha256/{b}") for b in os.listdir(f"{layout}/blobs/sha256")) / 1e6
        out.append(f"## Image: {size:.0f} MB compressed, five layers, from a registry on loopback\n")
        out.append("Package listing. The bound fetches the same blobs by the same client, inflates and hashes them, two at a time.\n")
        count = {name: len(differences.packages(f"{folder}/{name}.json")) for name in ("seawall", *peers)}
        image_table(rows, count, out)
        image_ratios(rows, list(peers), out)
        for name in peers:
            told(f"Packages, seawall and {name}", "packages", f"{folder}/seawall.json", f"{folder}/{name}.json", out)
    finally:
        registry.stop()
        shutil.rmtree(folder, ignore_errors=True)


def image_table(rows, count, out):
    out.append("| | wall s | CPU s | peak MiB | packages (name and version) |\n|---|---|---|---|---|")
    label = {"bound": "bound", "cold": "seawall, cold", "warm": "seawall, warm"}
    for name, values in rows.items():
        wall, rss, cpu = median(values)
        counted = count.get("seawall" if name in ("cold", "warm") else name.split()[0], "")
        out.append(f"| {label.get(name, name)} | {wall:.3f} | {cpu:.2f} | {rss:.0f} | {counted} |")


def image_ratios(rows, peers, out):
    cold, bound, warm = median(rows["cold"]), median(rows["bound"]), median(rows["warm"])
    out.append(f"\n- cold / bound: **{cold[0] / bound[0]:.2f}** (wanted: at most 1.25)")
    fastest = min(peers, key=lambda p: median(rows[p])[0], default=None)
    for name in peers:
        peer = median(rows[name])
        note = " (wanted: at most 0.4 of the fastest)" if name == fastest else ""
        memory = " (wanted: at most 0.25)" if name == "trivy" else ""
        out.append(f"- cold / {name}: **{cold[0] / peer[0]:.2f}** in time{note}, **{cold[1] / peer[1]:.2f}** in peak memory{memory}, "
                   f"{cold[2] / peer[2]:.2f} in CPU time")
    if "trivy" in peers:
        out.append(f"- warm / trivy warm: **{warm[0] / median(rows['trivy warm'])[0]:.2f}** (wanted: at most 0.2)")
    out.append(f"- warm: **{warm[0] * 1000:.0f} ms** (wanted: at most 30)")


def told(title, kind, ours, theirs, out):
    """What two reports have in common and what not, as a list."""
    lines, rest = differences.report(kind, ours, theirs)
    out.append(f"\n{title}: {lines[0]}.")
    out += [f"- {line}" for line in lines[1:] + rest[:20]]


def osv_database(folder):
    """One set of OSV records, as osv-scanner's local database and compiled by `seawall db build`."""
    subprocess.run(["/usr/bin/python3", f"{ROOT}/bench/osv_records.py", f"{SHARED}/feeds", folder], check=True, stdout=subprocess.DEVNULL)
    for ecosystem in ("Debian", "Maven"):  # no shared records in OSV's form; osv-scanner gives up where a file is missing
        os.makedirs(f"{folder}/osv-scalibr/{ecosystem}")
        zipfile.ZipFile(f"{folder}/osv-scalibr/{ecosystem}/all.zip", "w").close()
    subprocess.run([SEAWALL, "db", "build", "-q", "--from", f"{folder}/osv-scalibr", "-o", f"{folder}/seawall.db"], check=True)


def bench_findings(rounds, out):
    if not os.path.exists(f"{PEERS}/osv-scanner"):
        return
    archive = f"{CACHE}/app.tar"
    if not os.path.exists(archive):
        subprocess.run(["skopeo", "copy", "-q", f"oci:{CACHE}/layout:bench", f"docker-archive:{archive}:bench/app:1"], check=True)
    work = tempfile.mkdtemp(prefix="seawall-bench-findings-")
    try:
        osv_database(work)
        ours = [SEAWALL, "scan", "-q", "--db", f"{work}/seawall.db", "-o", f"json={work}/seawall.json"]
        peer = [f"{PEERS}/osv-scanner", "scan", "--offline", "--offline-vulnerabilities", "--local-db-path", work, "--format", "json",
                "--all-vulns", "--all-packages", "--verbosity", "error", "--output-file", f"{work}/osv.json"]
        peer_image = [*peer[:2], "image", *peer[2:], "--archive", archive]
        rows = {"seawall": [], "osv-scanner": []}
        for _ in range(rounds):
            rows["seawall"].append(timed([*ours, "--no-cache", f"docker-archive:{archive}"]))
            rows["osv-scanner"].append(timed(peer_image, good=(0, 1)))
        out.append(f"\n## Findings: the same image as an archive ({os.path.getsize(archive) / 1e6:.0f} MB, layers not compressed), the same OSV records\n")
        out.append("| | wall s | CPU s | peak MiB |\n|---|---|---|---|")
        for name, values in rows.items():
            wall, rss, cpu = median(values)
            out.append(f"| {name} | {wall:.3f} | {cpu:.2f} | {rss:.0f} |")
        a, b = median(rows["seawall"]), median(rows["osv-scanner"])
        out.append(f"\n- seawall / osv-scanner: **{a[0] / b[0]:.2f}** in time (wanted: at most 0.4), **{a[1] / b[1]:.2f}** in peak memory")
        told("Findings in the image", "findings", f"{work}/seawall.json", f"{work}/osv.json", out)
        probes = f"{work}/probes.cdx.json"
        said = subprocess.run([sys.executable, f"{ROOT}/bench/osv_probes.py", work, probes, "10"], check=True, stdout=subprocess.PIPE, text=True).stdout
        subprocess.run([*ours, f"sbom:{probes}"], check=True)
        subprocess.run([*peer[:2], "source", *peer[2:], "-L", probes], check=False)
        told(f"Findings in {said.strip()}, a tenth of all that the records of Go, PyPI, npm, crates.io and RubyGems speak of, in versions on and around each event",
             "findings", f"{work}/seawall.json", f"{work}/osv.json", out)
        out.append("")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def bench_rematch(rounds, out):
    folder = f"{CACHE}/sboms"
    if not os.path.exists(f"{folder}/09999.json"):
        subprocess.run([sys.executable, f"{ROOT}/bench/make_sboms.py", folder], check=True, env=dict(os.environ, SEAWALL_PROGRAM=SEAWALL))
    work = tempfile.mkdtemp(prefix="seawall-bench-rematch-")
    try:
        old, new = f"{work}/old.db", f"{work}/new.db"
        subprocess.run([SEAWALL, "db", "export", old, "-q"], check=True)
        records = f"{work}/osv"
        os.makedirs(records)
        listing = subprocess.run([SEAWALL, "db", "search", "", "--limit", "1000000"], stdout=subprocess.PIPE, text=True, check=True).stdout
        names = [line.split("  ", 1)[1] for line in listing.splitlines() if line.startswith("npm  ")][:100]
        for i, name in enumerate(names):
            with open(f"{records}/DELTA-{i}.json", "w", encoding="utf-8") as f:
                json.dump({"id": f"GHSA-delta-{i}", "modified": "2026-11-01T00:00:00Z", "aliases": [f"CVE-2026-9{i:04}"], "affected": [
                    {"package": {"ecosystem": "npm", "name": name}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "3.0.0"}]}]}]}, f)
        feeds = ["--from", f"{SHARED}/feeds"]
        subprocess.run([SEAWALL, "db", "build", "-q", *feeds, "-o", old], check=True, stderr=subprocess.DEVNULL)
        subprocess.run([SEAWALL, "db", "build", "-q", *feeds, "--from", records, "-o", new], check=True, stderr=subprocess.DEVNULL)
        env = {"SEAWALL_CACHE_DIR": f"{work}/cache"}
        scratch = [timed([SEAWALL, "rematch", folder, "--no-cache", "--db", new], env) for _ in range(rounds)]
        timed([SEAWALL, "rematch", folder, "--db", old], env)
        delta = [timed([SEAWALL, "rematch", folder, "--db", new, "--since", old], env) for _ in range(rounds)]
        read = [timed(["sh", "-c", f"find {folder} -name '*.json' | xargs -P2 -n500 cat >/dev/null"]) for _ in range(rounds)]
        said = subprocess.run([SEAWALL, "rematch", folder, "--db", new, "--since", old, "--limit", "0"], env=dict(os.environ, **env), stdout=subprocess.PIPE, text=True,
                              check=True).stdout.strip().splitlines()[-1]
        out.append("## Re-match: 10,000 SBOMs of 500 packages\n")
        out.append(f"`{said}`\n\n| | wall s | CPU s | peak MiB | wanted |\n|---|---|---|---|---|")
        for name, rows, wanted in (("everything from scratch (reads every SBOM)", scratch, "10 s"), ("after a change of 100 packages", delta, "1 s"),
                                   ("bound: reading the files alone", read, "")):
            wall, rss, cpu = median(rows)
            out.append(f"| {name} | {wall:.2f} | {cpu:.2f} | {rss:.0f} | {wanted} |")
        out.append("")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def bench_database(rounds, out):
    target = tempfile.mktemp(suffix=".db")
    builds = [timed([SEAWALL, "db", "build", "-q", "--from", f"{SHARED}/feeds", "-o", target]) for _ in range(rounds)]
    os.unlink(target)
    text = subprocess.run([f"{ROOT}/build/release/bench/bench_database"], stdout=subprocess.PIPE, text=True, check=True).stdout
    opened = re.search(r"open (\d+) us", text).group(1)
    rate = re.search(r"look-ups ([\d.]+) million", text).group(1)
    wall, rss, cpu = median(builds)
    out.append("## Database\n\n| | figure | wanted |\n|---|---|---|")
    out.append(f"| open, a million names | {opened} us | 1,000 us |")
    out.append(f"| look-ups a second, random, half absent, ranges decoded | {rate} million | 1 million |")
    out.append(f"| built from all shared feeds | {wall:.1f} s ({cpu:.1f} s CPU, {rss:.0f} MiB) | 30 s |\n")


def priority():
    """On a machine busy with other work: setsid bash -c 'echo -19 >/proc/self/autogroup; exec bench/run.py'."""
    with open("/proc/self/autogroup", encoding="utf-8") as f:
        nice = f.read().split()[-1]
    return "" if nice == "0" else f" (the bench's session at nice {nice})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip", action="append", default=[])
    options = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo", encoding="utf-8") if l.startswith("model name")), "?")
    load = os.getloadavg()[0]
    out = []
    for name, bench in (("image", bench_image), ("findings", bench_findings), ("rematch", bench_rematch), ("database", bench_database)):
        if name not in options.skip:
            bench(options.rounds, out)
    head = ["# Results\n", f"Made by `bench/run.py`, commit {commit}, {time.strftime('%Y-%m-%d')}; {cpu}, {os.cpu_count()} cores, Debian 12, load {load:.1f} "
            f"before and {os.getloadavg()[0]:.1f} after{priority()}; median of {options.rounds} rounds, all rows of a table interleaved in one run.\n",
            "Peers: trivy 0.74.0, syft 1.57.0, osv-scanner 2.6.0 as bench/peers.sh builds them. grype 0.121.2 is built, too, but finds nothing without a "
            "database in its own form, and lists packages by syft's code.\n"]
    text = "\n".join(head + out)
    print(text)
    with open(f"{ROOT}/bench/RESULTS.md", "w", encoding="utf-8") as f:
        f.write(text.rstrip() + "\n")


if __name__ == "__main__":
    main()
