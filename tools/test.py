#!/usr/bin/env python3
"""Every test of the project, stage by stage; see ./test."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.environ.get("SEAWALL_SHARED", os.path.join(ROOT, "..", "shared"))
FUZZ_SECONDS = int(os.environ.get("SEAWALL_FUZZ_SECONDS", "10"))
# One seed for everybody, so that a run can be repeated; SEAWALL_FUZZ_SEED=0 lets each run find its own way.
FUZZ_SEED = os.environ.get("SEAWALL_FUZZ_SEED", "20261")
WORKERS = os.cpu_count() or 2
PROJECT_FOLDERS = ("src", "fuzz", "tests", "tools", "bench")


class Counts:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = 0

    def add(self, passed, failed, skipped=0):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped


def run(command, **kw):
    return subprocess.run(command, cwd=ROOT, text=True, errors="replace", **kw)


def build(preset, *targets):
    """Builds; a failure ends the whole run, since nothing after it would mean anything."""
    if run(["tools/build.sh", preset, *targets]).returncode != 0:
        print(f"build of {preset} failed")
        print("0 passed, 1 failed")
        sys.exit(1)


def unit_tests(preset, counts):
    env = dict(os.environ, ASAN_OPTIONS="detect_leaks=1:abort_on_error=0", UBSAN_OPTIONS="print_stacktrace=1")
    for program in sorted(glob.glob(f"{ROOT}/build/{preset}/tests/test_*")):
        result = run([program, "--no-colors", "--no-intro"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        found = re.search(r"test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed", result.stdout)
        name = os.path.basename(program)
        if not found or (result.returncode != 0 and found.group(3) == "0"):
            print(result.stdout[-6000:])
            print(f"  {name}: ended with {result.returncode}")
            counts.add(0, 1)
            continue
        passed, failed = int(found.group(2)), int(found.group(3))
        if failed:
            print(result.stdout[-6000:])
        for line in result.stdout.splitlines():
            if line.startswith("skipped:"):
                print("  " + line)
        print(f"  {name}: {passed} passed, {failed} failed")
        counts.add(passed, failed)


def stage_release(counts):
    build("release")
    os.makedirs(f"{ROOT}/build/bin", exist_ok=True)
    for program in glob.glob(f"{ROOT}/build/release/bin/*"):
        target = f"{ROOT}/build/bin/{os.path.basename(program)}"
        if os.path.lexists(target):
            os.unlink(target)
        os.symlink(os.path.relpath(program, f"{ROOT}/build/bin"), target)
    counts.add(1, 0)


def stage_unit(counts):
    unit_tests("release", counts)


def stage_asan(counts):
    build("asan")
    unit_tests("asan", counts)


def stage_scenarios(counts):
    if not glob.glob(f"{ROOT}/tests/scenarios/test_*.py"):
        return
    if os.path.exists(f"{ROOT}/tests/realparts/build.sh") and run(["tests/realparts/build.sh"]).returncode != 0:
        counts.add(0, 1)
    python = "/usr/bin/python3"
    if os.path.exists(f"{ROOT}/tests/venv.sh"):
        if run(["tests/venv.sh"]).returncode != 0:
            counts.add(0, 1)
        python = f"{ROOT}/build/venv/bin/python"
    report = f"{ROOT}/build/scenarios.xml"
    result = run([python, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", f"--junitxml={report}", "-rs", "tests/scenarios"])
    if not os.path.exists(report):
        counts.add(0, 1)
        return
    with open(report, encoding="utf-8") as f:
        suite = re.search(r'<testsuite [^>]*errors="(\d+)" failures="(\d+)" skipped="(\d+)" tests="(\d+)"', f.read())
    errors, failures, skipped, tests = map(int, suite.groups()) if suite else (1, 0, 0, 1)
    failed = errors + failures + (1 if result.returncode not in (0, 1) else 0)
    counts.add(tests - skipped - errors - failures, failed, skipped)


def fuzz_targets():
    for program in sorted(glob.glob(f"{ROOT}/build/asan/fuzz/fuzz_*")):
        listing = run([program], env=dict(os.environ, SEAWALL_FUZZ_LIST="1"), stdout=subprocess.PIPE)
        for line in listing.stdout.splitlines():
            name, _, seeds = line.partition("\t")
            yield program, name, seeds.split()


def seed(folder, globs):
    """Copies up to 60 small seeds: the smallest files say most for their time."""
    files = []
    for pattern in globs:
        if pattern.startswith("="):
            with open(os.path.join(folder, f"text{len(os.listdir(folder))}"), "w", encoding="utf-8") as f:
                f.write(pattern[1:].replace("\\n", "\n").replace("\\s", " "))
        else:
            files += [f for f in glob.glob(os.path.join(SHARED, pattern), recursive=True) if os.path.isfile(f)]
    files = sorted(set(files), key=lambda f: (os.path.getsize(f), f))
    for i, f in enumerate([f for f in files if os.path.getsize(f) <= 262144][:60]):
        shutil.copy(f, os.path.join(folder, f"seed{i}"))


def stage_fuzz(counts):
    build("asan")
    waiting = list(fuzz_targets())
    running = []

    def start(program, name, globs):
        folder = tempfile.mkdtemp(prefix="seawall-fuzz-")
        corpus = os.path.join(folder, "corpus")
        os.mkdir(corpus)
        seed(corpus, globs)
        log = open(os.path.join(folder, "log"), "w+", encoding="utf-8", errors="replace")
        env = dict(os.environ, SEAWALL_FUZZ_TARGET=name, ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1")
        command = [program, f"-max_total_time={FUZZ_SECONDS}", f"-seed={FUZZ_SEED}", "-rss_limit_mb=2048", "-timeout=10",
                   "-print_final_stats=1", "-max_len=262144", f"-artifact_prefix={folder}/", corpus]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        running.append((process, program, name, folder, log))

    def finish(entry):
        process, program, name, folder, log = entry
        log.seek(0)
        text = log.read()
        log.close()
        label = f"{os.path.basename(program)}:{name}"
        if process.returncode == 0:
            done = re.search(r"number_of_executed_units:\s*(\d+)", text)
            if not done or int(done.group(1)) == 0:
                print(f"  {label}: ran nothing")
                counts.add(0, 1)
            else:
                counts.add(1, 0)
            shutil.rmtree(folder, ignore_errors=True)
            return
        print(text[-5000:])
        print(f"  {label}: failed; input and log are in {folder}")
        counts.add(0, 1)

    while waiting or running:
        while waiting and len(running) < WORKERS:
            start(*waiting.pop(0))
        time.sleep(0.1)
        for entry in [e for e in running if e[0].poll() is not None]:
            running.remove(entry)
            finish(entry)


def stage_layers(counts):
    ok = run([sys.executable, "tools/layers_test.py"]).returncode == 0
    counts.add(int(ok), int(not ok))


def project_sources(everything):
    """C++ files of ours: all, or those that the last 20 commits touched."""
    if everything:
        listing = run(["git", "ls-files"], stdout=subprocess.PIPE).stdout
    else:
        count = run(["git", "rev-list", "--count", "HEAD"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.strip()
        if not count.isdigit():
            return []
        back = min(20, int(count) - 1)
        listing = run(["git", "diff", "--name-only", "--diff-filter=d", f"HEAD~{back}"], stdout=subprocess.PIPE).stdout
    names = [n for n in listing.splitlines() if n.split("/")[0] in PROJECT_FOLDERS and n.endswith((".cpp", ".h"))]
    return sorted(n for n in names if os.path.exists(os.path.join(ROOT, n)))


def stage_format(counts, everything=False):
    files = project_sources(everything)
    if not files:
        counts.add(1, 0)
        return
    result = run(["clang-format-19", "--dry-run", "--Werror", *files], stderr=subprocess.PIPE)
    bad = sorted(set(re.findall(r"^([^:\n]+):\d+:\d+: error:", result.stderr, re.M)))
    for name in bad:
        print(f"  {name}: not formatted (clang-format-19 -i {name})")
    counts.add(int(not bad), int(bool(bad)))


def stage_tidy(counts, everything=False):
    files = [f for f in project_sources(everything) if f.endswith(".cpp") and f.startswith("src/")]
    database = f"{ROOT}/build/asan"
    if not files or not os.path.exists(f"{database}/compile_commands.json"):
        counts.add(1, 0)
        return
    result = subprocess.run(["xargs", f"-P{WORKERS}", "-n4", "clang-tidy-19", "-p", database, "--quiet"], cwd=ROOT, text=True,
                            input="\n".join(files), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    bad = sorted(set(line for line in result.stdout.splitlines() if re.search(r": (warning|error):", line)))
    for line in bad[:40]:
        print("  " + line.replace(ROOT + "/", ""))
    counts.add(int(not bad), int(bool(bad)))


STAGES = {
    "layers": stage_layers,
    "release": stage_release,
    "unit": stage_unit,
    "asan": stage_asan,
    "scenarios": stage_scenarios,
    "fuzz": stage_fuzz,
    "format": stage_format,
    "tidy": stage_tidy,
}


def main(arguments):
    everything = "--all" in arguments
    names = [a for a in arguments if not a.startswith("-")]
    if "--list" in arguments:
        print("\n".join(STAGES))
        return 0
    unknown = [n for n in names if n not in STAGES]
    if unknown:
        print(f"no such stage: {unknown[0]}; there are: {' '.join(STAGES)}", file=sys.stderr)
        return 2
    if not os.path.isdir(SHARED):
        print(f"shared test data not found at {SHARED}; set SEAWALL_SHARED")
        if os.environ.get("CI"):
            print("0 passed, 1 failed")
            return 1
    os.environ["SEAWALL_SHARED"] = os.path.abspath(SHARED)
    total = Counts()
    times = []
    for name, stage in STAGES.items():
        if names and name not in names:
            continue
        print(f"== {name}", flush=True)
        start = time.monotonic()
        before = total.failed
        if name in ("format", "tidy"):
            stage(total, everything)
        else:
            stage(total)
        seconds = time.monotonic() - start
        times.append(f"{name} {seconds:.0f} s")
        print(f"== {name}: {'ok' if total.failed == before else 'FAILED'}, {seconds:.1f} s", flush=True)
    print("; ".join(times))
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    print(f"{total.passed} passed, {total.failed} failed{skipped}")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
