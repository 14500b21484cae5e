"""seawall check --benchmark: how objects stand to a benchmark, control by control."""
import json

import pytest

import support

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"},
       "spec": {"hostPID": True, "containers": [{"name": "app", "image": "nginx:1.29", "securityContext": {"privileged": True}}]}}
BENCHMARK = """
apiVersion: seawall.dev/v1
kind: Benchmark
metadata: {name: ours}
spec:
  title: Ours
  groups:
    - id: pods
      title: Pods
      controls:
        - {id: privileged, title: Nothing is privileged, rules: [trivy/KSV-0017]}
        - {id: ipc, title: No pod shares IPC, rules: [workload/host-ipc]}
        - {id: missing, title: t, rules: [workload/no-such-rule]}
        - {id: people, title: t, reason: Ask them.}
        - {id: roles, title: t, rules: [rbac/wildcards]}
"""


@pytest.fixture
def check(seawall):
    (seawall.work / "pod.json").write_text(json.dumps(POD))
    (seawall.work / "ours.yaml").write_text(BENCHMARK)
    return lambda *arguments, **options: seawall("check", "-f", "pod.json", *arguments, **options)


def controls_of(done):
    return {control["id"]: control for group in done.json()["groups"] for control in group["controls"]}


def test_a_benchmark_chooses_its_rules_and_tells_every_control(check):
    done = check("--benchmark", "cis-1.12", "-o", "json")
    assert done.code == 0 and done.err == ""
    controls = controls_of(done)
    assert controls["5.2.2"]["state"] == "fail" and controls["5.2.2"]["failures"][0]["object"]["name"] == "web"
    assert controls["5.2.3"]["state"] == "fail" and controls["5.2.4"]["state"] == "pass"
    assert controls["1.2.1"]["state"] == "nothing_to_judge"
    assert controls["4.2.1"]["state"] == "not_assessable" and controls["4.2.1"]["reason"]
    summary = done.json()["summary"]
    counts = {state: sum(control["state"] == state for control in controls.values())
              for state in ("pass", "fail", "undetermined", "nothing_to_judge", "not_assessable")}
    assert {state: summary[state] for state in counts} == counts
    assert summary["assessed"] == counts["pass"] + counts["fail"] + counts["undetermined"]
    assert summary["score"] == pytest.approx(counts["pass"] / summary["assessed"])


def test_a_benchmark_for_people(check):
    done = check("--benchmark", "cis-1.12", env={"COLUMNS": "100"})
    assert "FAIL  5.2.2  No container is privileged" in done.out and "Pod shop/web  pod.json:1:" in done.out
    assert "not assessable from here: 1.1.1 to 1.1.21." in done.out
    assert max(map(len, done.out.splitlines())) <= 100
    assert done.out.splitlines()[-2].startswith("score ") or done.out.splitlines()[-1].startswith("score ")


def test_the_shipped_benchmark_has_the_controls_that_there_are(check):
    rows = [line.split("\t") for line in support.shared("spec", "posture", "cis-controls.tsv").read_text().splitlines()]
    wanted = {row[1] for row in rows if row[0] == "cis-1.12"}
    assert wanted and set(controls_of(check("--benchmark", "cis-1.12", "-o", "json"))) == wanted


def test_a_benchmark_of_ones_own_and_a_rule_that_is_not_there(check):
    done = check("--benchmark", "ours.yaml", "-o", "json")
    assert done.code == 3 and "ours.yaml:13:42" in done.err and "workload/no-such-rule" in done.err
    states = {name: control["state"] for name, control in controls_of(done).items()}
    assert states == {"privileged": "fail", "ipc": "pass", "missing": "not_assessable", "people": "not_assessable",
                      "roles": "nothing_to_judge"}


@pytest.mark.parametrize("left_out", [["--skip", "rule/workload/host-ipc"], ["--severity", "critical"]])
def test_a_control_whose_rule_is_left_out_does_not_pass(check, left_out):
    assert controls_of(check("--benchmark", "ours.yaml", "-o", "json", *left_out))["ipc"]["state"] == "not_assessable"


def test_an_exception_is_counted(check, seawall):
    (seawall.work / ".seawall.yaml").write_text("ignore: [{rule: trivy/KSV-0017, reason: agreed}]")
    control = controls_of(check("--benchmark", "ours.yaml", "-o", "json"))["privileged"]
    assert control["exempted"] > 0 and control["state"] == "pass" and control["failures"] == []


def test_the_gate_and_other_formats_go_by_the_rules(check):
    assert check("--benchmark", "nsa", "--fail-on", "high").code == 1
    rules = {run["tool"]["driver"]["name"] for run in check("--benchmark", "nsa", "-o", "sarif").json()["runs"]}
    assert len(rules) == 1


def test_wrong_usage(check, seawall):
    done = check("--benchmark", "cis-1.21")
    assert done.code == 2 and "'cis-1.12'" in done.err
    assert check("--benchmark", "pod.json").code == 2


def test_benchmarks_are_listed(seawall):
    listed = {each["id"]: each for each in seawall("rules", "list", "--benchmarks", "-o", "json").json()}
    assert {"cis-1.12", "nsa"} <= set(listed) and listed["cis-1.12"]["withRules"] > 90
    assert "cis-1.12" in seawall("rules", "list", "--benchmarks", "-o", "names").out.split()
