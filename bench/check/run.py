#!/usr/bin/env python3
"""`seawall check` beside gator and kyverno: run.py [ROUNDS]. Prints the tables of bench/RESULTS-admission.md.

1,000 manifests (manifests.py) with all shipped rules against libyaml's parse of the same bytes; with the policies that all have
(policies.py) against the peers that bench/peers.sh has built; one small manifest, process start included. Medians, in turns. Needs
`tools/build.sh release seawall bench_manifest bench_admission`.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, f"{ROOT}/bench")
from run import PEERS, median, timed  # noqa: E402

SEAWALL = f"{ROOT}/build/release/bin/seawall"
BENCHES = f"{ROOT}/build/release/bench"
SMALL = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: a, image: nginx}\n"
ANY = tuple(range(5))  # failing policies are no failure here


def commands(folder):
    manifests = f"{folder}/manifests.yaml"
    all_rules = [SEAWALL, "check", "-f", manifests, "--policy", "all"]
    made = {"seawall, all shipped rules": all_rules,
            "seawall, the same policies": [SEAWALL, "check", "-f", manifests, "--policy", f"{folder}/vap.yaml"],
            "gator test": [f"{PEERS}/gator", "test", "-f", manifests, "-f", f"{folder}/gator.yaml"],
            "kyverno apply": [f"{PEERS}/kyverno", "apply", f"{folder}/vap.yaml", "--resource", manifests]}
    return {name: command for name, command in made.items() if os.path.exists(command[0])}


def libyaml_seconds(folder):
    said = subprocess.run([f"{BENCHES}/bench_manifest", f"{folder}/manifests.yaml"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return float(re.search(r"libyaml, events only +([\d.]+) ms", said).group(1)) / 1000


def many(folder, rounds):
    rows = {name: [] for name in commands(folder)}
    bound = libyaml_seconds(folder)
    for _ in range(rounds):
        for name, command in commands(folder).items():
            rows[name].append(timed(command, good=ANY))
    print(f"| {os.path.getsize(folder + '/manifests.yaml') / 1e6:.1f} MB, 1,000 manifests | wall s | CPU s | peak MiB | x libyaml |\n|---|---|---|---|---|")
    print(f"| libyaml's events, one core | {bound:.3f} | | | 1 |")
    for name, values in rows.items():
        wall, rss, cpu = median(values)
        print(f"| {name} | {wall:.3f} | {cpu:.2f} | {rss:.0f} | {wall / bound:.1f} |")


def small(folder, rounds):
    print("\n| one small manifest | wall ms | CPU ms | peak MiB |\n|---|---|---|---|")
    for name, arguments in {"default set": [], "--policy all": ["--policy", "all"], "pod-security/restricted": ["--policy", "pod-security/restricted"]}.items():
        wall, rss, cpu = median([timed([SEAWALL, "check", "-f", f"{folder}/small.yaml", *arguments], good=ANY) for _ in range(rounds * 4)])
        print(f"| {name} | {wall * 1000:.0f} | {cpu * 1000:.0f} | {rss:.0f} |")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory(prefix="seawall-bench-") as folder:
        subprocess.run([sys.executable, f"{ROOT}/bench/check/manifests.py", f"{folder}/manifests.yaml"], check=True)
        subprocess.run(["/usr/bin/python3", f"{ROOT}/bench/check/policies.py", SEAWALL, folder], stdout=subprocess.DEVNULL, check=True)
        with open(f"{folder}/small.yaml", "w", encoding="utf-8") as file:
            file.write(SMALL)
        many(folder, rounds)
        small(folder, rounds)


if __name__ == "__main__":
    main()
