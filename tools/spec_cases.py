#!/usr/bin/env python3
"""Judges the shared case files (posture, Gatekeeper samples, Pod Security fixtures) by our rules, through the program.

    tools/spec_cases.py [--seawall PROGRAM] [--rules FOLDER] SET... [--only TEXT] [--verbose]

SET is one of trivy, polaris, kyverno, kubescape, gatekeeper, pss. With --rules, rules are found by their `knownAs` in that
folder; without, they are asked for by id, as shipped. Prints each case that comes out otherwise than upstream says, and counts.
"""

import argparse
import collections
import concurrent.futures
import functools
import json
import os
import pathlib
import subprocess
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = pathlib.Path(os.environ.get("SEAWALL_SHARED") or ROOT.parent / "shared").resolve()
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Case:
    """One call of the program and what must come of it."""

    def __init__(self, name, rule, objects, verdict, *, every=False, data=(), params=None, constraint=None, version=None):
        self.name, self.rule, self.objects, self.verdict = name, rule, objects, verdict
        self.every = every  # a failing case: each object must fail
        self.data, self.params, self.constraint, self.version = list(data), params, constraint, version


def lines(*path):
    with open(SHARED.joinpath("spec", *path), encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def trivy():
    for case in lines("posture", "trivy-cases.jsonl"):
        yield Case(case["id"], "trivy/" + case["check"], [case["object"]], case["verdict"])


def polaris():
    for case in lines("posture", "polaris-cases.jsonl"):
        yield Case(case["id"], "polaris/" + case["check"], case["objects"], case["verdict"])


def kyverno():
    for case in lines("posture", "kyverno-cases.jsonl"):
        verdict = "fail" if case["verdict"] == "deny" else "pass"
        yield Case(case["id"], "kyverno/" + case["policy"], case["objects"], verdict, every=True)


def kubescape():
    for case in lines("posture", "kubescape-cases.jsonl"):
        inputs = case.get("config", {})  # Kubescape sorts its parameters by where they come from; rules have one list.
        params = {**inputs.get("postureControlInputs", {}), **inputs.get("dataControlInputs", {})}
        yield Case(case["id"], "kubescape/" + case["rule"], case["input"], case["verdict"], params=params)


def gatekeeper():
    for category in ("general", "pod-security-policy"):
        for case in lines("gatekeeper-samples", category + ".jsonl"):
            verdict = "fail" if case["violates"] else "pass"
            yield Case(case["id"], "gatekeeper/" + case["policy"], case["objects"], verdict,
                       data=case.get("inventory") or [], constraint=case["constraint"])


def pss():
    for level in ("baseline", "restricted"):
        for case in lines("pss", level + ".jsonl"):
            for version in case["versions"]:
                name = f"{case['id']} {version}"
                yield Case(name, "pod-security/" + level, [case["pod"]], case["verdict"], version=version)


SETS = {each.__name__: each for each in (trivy, polaris, kyverno, kubescape, gatekeeper, pss)}


@functools.cache
def files_by_id(folder):
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*.yaml")):
        if path.name.endswith(".test.yaml"):
            continue
        with open(path, encoding="utf-8") as file:
            for document in yaml.load_all(file, Loader=Loader):
                if not isinstance(document, dict) or document.get("kind") != "Policy":
                    continue
                for name in [document["metadata"]["name"], *document.get("spec", {}).get("knownAs", [])]:
                    found.setdefault(name, []).append((str(path), document["metadata"]["name"]))
    return found


def policies_of(case, rules):
    """What --policy is to name, and the ids of the results that count (nothing: all)."""
    if rules is None:
        return [case.rule], None
    found = files_by_id(rules).get(case.rule, [])
    return sorted({path for path, _ in found}), {name for _, name in found}


def command_of(case, seawall, rules, written):
    """The call that judges the case's objects but for the objects themselves; nothing where no rule is known."""
    policies, _ = policies_of(case, rules)
    if not policies:
        return None
    command = [seawall, "check", "-o", "json"]
    if case.constraint:
        policies = [*(policies if rules else []), written("constraint.json", case.constraint)]
    for policy in policies:
        command += ["--policy", policy]
    if case.data:
        command += ["--cluster-data", written("data.json", {"apiVersion": "v1", "kind": "List", "items": case.data})]
    if case.params:
        command += ["--params", written("params.json", case.params)]
    if case.version:
        command += ["--pod-security-version", case.version]
    return command


def judge(cases, seawall, rules):
    """What is wrong with the answer of each case, nothing where it is right. The cases differ in their objects only."""
    with tempfile.TemporaryDirectory() as folder:
        def written(name, content):
            path = pathlib.Path(folder, name)
            path.write_text(json.dumps(content), encoding="utf-8")
            return str(path)

        command = command_of(cases[0], seawall, rules, written)
        if command is None:
            return ["no rule is known as " + cases[0].rule] * len(cases)
        for number, case in enumerate(cases):
            for position, item in enumerate(case.objects):
                command += ["-f", written(f"case-{number}-{position}.json", item)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if ran.returncode != 0:
        return [f"exit code {ran.returncode}: {ran.stderr.strip()[:300]}"] * len(cases)
    _, ids = policies_of(cases[0], rules)
    results = [each for each in json.loads(ran.stdout) if ids is None or each["rule"] in ids]
    return [wrong_with(case, [each for each in results if f"/case-{number}-" in each["where"]]) for number, case in enumerate(cases)]


def calls_of(cases):
    """The cases that one call judges: a pod of the Pod Security fixtures is nothing to the others, so those go together."""
    groups = {}
    for number, case in enumerate(cases):
        groups.setdefault((case.rule, case.version) if case.version else number, []).append(case)
    return list(groups.values())


def judge_all(cases, seawall, rules=None):
    """(case, what is wrong with it) of each."""
    calls = calls_of(cases)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda call: judge(call, seawall, rules), calls))
    return [pair for call, wrongs in zip(calls, answers) for pair in zip(call, wrongs)]


def failing_objects(failed):
    """How many objects fail: those that share a name count each, one that fails by two rules counts once."""
    by_rule = collections.Counter((json.dumps(each["object"], sort_keys=True), each["rule"]) for each in failed)
    most = collections.Counter()
    for (name, _), count in by_rule.items():
        most[name] = max(most[name], count)
    return most.total()


def wrong_with(case, results):
    undetermined = [each for each in results if each["verdict"] == "undetermined"]
    if undetermined:
        return "undetermined: " + undetermined[0]["message"]
    failed = [each for each in results if each["verdict"] == "fail"]
    if case.verdict == "pass":
        return f"fails: {failed[0]['rule']}: {failed[0]['message']} {failed[0]['paths']}" if failed else None
    if not failed:
        return "passes" if results else "no rule applies"
    if case.every and failing_objects(failed) < len(case.objects):
        return f"only {failing_objects(failed)} of {len(case.objects)} objects fail"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", choices=sorted(SETS))
    parser.add_argument("--seawall", default=str(ROOT / "build/bin/seawall"))
    parser.add_argument("--rules")
    parser.add_argument("--only", default="", help="cases whose name or rule contains this text")
    parser.add_argument("--verbose", action="store_true", help="print cases that come out right, too")
    options = parser.parse_args()
    for name in options.sets:
        cases = [each for each in SETS[name]() if options.only in each.name or options.only in each.rule]
        judged = judge_all(cases, options.seawall, options.rules)
        for case, wrong in judged:
            if wrong or options.verbose:
                print(f"{name} {case.name} ({case.rule}, {case.verdict} wanted): {wrong or 'right'}")
        passed = sum(wrong is None for _, wrong in judged)
        print(f"{name}: {passed} passed, {len(cases) - passed} failed")


if __name__ == "__main__":
    main()
