"""seawall check: what is left out, lived with, mended, and when a pipeline stops."""
import json
import re
import subprocess

import pytest

SHOP = """# The shop.
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}  # the front
spec:
  template:
    spec:
      hostPID: true   # why?
      containers:
        - name: app
          image: registry.example/web:1.2
          securityContext:
            privileged: true  # for the probe
        - name: side
          image: 'registry.example/side:3'
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: kube-system}
spec:
  containers: [{name: agent, image: "registry.example/agent:1"}]
"""
RULES = ("workload/host-pid", "workload/privileged", "workload/capabilities-dropped", "workload/net-raw",
         "workload/non-root", "workload/resource-limits")


@pytest.fixture
def check(seawall, tmp_path):
    (tmp_path / "shop.yaml").write_text(SHOP)
    rules = [part for rule in RULES for part in ("--policy", rule)]

    def call(*arguments, files=("shop.yaml",), **options):
        named = [part for file in files for part in ("-f", file)]
        return seawall("check", *named, *rules, *arguments, cwd=tmp_path, **options)

    def failed(*arguments, **options):
        done = call("-o", "json", *arguments, **options)
        return {(each["object"]["name"], each["rule"]) for each in done.json()
                if each["verdict"] == "fail" and "exempted" not in each}

    call.failed, call.folder = failed, tmp_path
    return call


# --skip, --severity


@pytest.mark.parametrize("skipped,left", [
    ("namespace/kube-*", {"web"}),
    ("Deployment/shop/web", {"agent"}),
    ("pod/agent", {"web"}),
    ("*/shop/*", {"agent"}),
    ("Namespace/shop", {"web", "agent"}),
])
def test_objects_are_skipped(check, skipped, left):
    assert {name for name, rule in check.failed("--skip", skipped)} == left


def test_rules_are_skipped_by_any_id_they_have(check):
    everything = {rule for name, rule in check.failed()}
    assert "workload/privileged" in everything
    assert {rule for _, rule in check.failed("--skip", "rule/workload/privileged")} == everything - {"workload/privileged"}
    assert "workload/net-raw" not in {rule for _, rule in check.failed("--skip", "rule/*/net-raw")}


def test_a_skip_that_fits_nothing_is_told(check):
    done = check("--skip", "namespace/shop", "--skip", "namespace/nowhere")
    assert done.code == 0 and "namespace/nowhere" in done.err and "namespace/shop" not in done.err
    assert check("--skip", "web").code == 2


def test_skipped_objects_are_still_the_data_of_others(seawall, tmp_path):
    (tmp_path / "policy.yaml").write_text("""
apiVersion: seawall.dev/v1
kind: Policy
metadata: {name: test/lonely}
spec: {title: alone, kinds: [Service], data: [ConfigMap], validations: [{expression: 'local.ConfigMap.size() == 1'}]}
""")
    objects = "".join(f"---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: x}}\n" for kind in ("Service", "ConfigMap"))
    done = seawall("check", "-f", "-", "--policy", tmp_path / "policy.yaml", "--skip", "ConfigMap/x", "-o", "json",
                   stdin=objects.encode())
    assert [(each["object"]["kind"], each["verdict"]) for each in done.json()] == [("Service", "pass")]


# --fail-on


@pytest.mark.parametrize("condition,code", [
    ("critical", 0),
    ("high", 1),
    ("critical,kev", 0),
    ("high+fixable", 1),
    ("severity >= high && kind == 'Deployment'", 1),
    ("severity >= high && kind == 'StatefulSet'", 0),
    ("severity>=critical", 0),
    ("object.namespace == 'kube-system' && rule.startsWith('workload/')", 1),
    ("verdict == 'undetermined'", 0),
    ("fixable && name == 'web'", 1),
    ("frameworks.exists(f, f.startsWith('cis-1.12/'))", 1),
    ("severity >= hihg", 2),
    ("severity", 2),
    ("'text'", 2),
    ("hihg", 2),
    ("object.nothing == 1", 3),
])
def test_the_gate(check, condition, code):
    done = check("--fail-on", condition)
    assert done.code == code, done.err
    assert (code > 1) == bool(done.err)


def test_the_gate_sees_every_fix_however_many_fail(seawall, tmp_path):
    manifest = "".join(f"---\n{SHOP.split('---')[1].replace('name: agent', f'name: agent-{n}', 1)}" for n in range(50))
    (tmp_path / "many.yaml").write_text(manifest)
    call = "check", tmp_path / "many.yaml", "--policy", "workload/non-root", "--fail-on"
    assert seawall(*call, "fixable && name == 'agent-49'").code == 1
    assert seawall(*call, "!fixable").code == 0


def test_the_gate_may_come_from_the_environment(check):
    for condition in ("kev,high", "frameworks.exists(f, f.startsWith('cis-1.12/'))"):
        assert check(env={"SEAWALL_FAIL_ON": condition}).code == 1


def test_the_gate_may_stand_in_the_configuration_beside_that_of_scan(check):
    (check.folder / ".seawall.yaml").write_text("fail-on: [kev, high]\n")
    assert check().code == 1
    (check.folder / ".seawall.yaml").write_text("fail-on: [kev]\n")
    assert check().code == 0


# Exceptions


def test_exceptions_do_not_count_and_are_kept_where_machines_read(check):
    (check.folder / ".seawall.yaml").write_text("""
ignore:
  - {rule: workload/host-pid, object: Deployment/shop/web, reason: it looks at other processes, owner: ops}
  - {rule: workload/*, namespace: kube-system, reason: not ours, until: 2199-01-01}
  - {id: CVE-2020-1, reason: of scan}
""")
    left = check.failed()
    assert left and all(name == "web" and rule != "workload/host-pid" for name, rule in left)
    results = check("-o", "json").json()
    [ignored] = [each for each in results if each["rule"] == "workload/host-pid" and each["object"]["name"] == "web"]
    assert ignored["verdict"] == "fail" and "it looks at other processes" in ignored["exempted"]
    [run] = check("-o", "sarif").json()["runs"]
    suppressed = [each for each in run["results"] if "suppressions" in each]
    assert {each["ruleId"] for each in suppressed} >= {"workload/host-pid"}
    assert re.search(r"\d+ ignored", check().out)
    assert check("--fail-on", "rule == 'workload/host-pid' || object.namespace == 'kube-system'").code == 0
    assert check("--fail-on", "rule == 'workload/privileged'").code == 1


def test_an_expired_exception_is_told_and_counts_no_more(check):
    (check.folder / ".seawall.yaml").write_text(
        "ignore: [{rule: workload/host-pid, reason: a while, until: 2020-01-01}]\n")
    assert ("web", "workload/host-pid") in check.failed()
    assert "expired on 2020-01-01" in check().err


def test_the_audit_tells_which_exceptions_a_check_still_needs(check, seawall):
    (check.folder / ".seawall.yaml").write_text("""
ignore:
  - {rule: workload/host-pid, path: shop.yaml, reason: needed}
  - {rule: workload/host-ipc, reason: long gone}
  - {id: CVE-2020-1, reason: of scan}
""")
    check("-o", "json=report.json")
    done = seawall("exceptions", "audit", "report.json", cwd=check.folder)
    assert done.out.splitlines() == ["used     ignore rule 1 (workload/host-pid): 1 findings, needed",
                                     "unused   ignore rule 2 (workload/host-ipc): 0 findings, long gone"]
    assert seawall("exceptions", "audit", "report.json", "--fail-on-stale", cwd=check.folder).code == 1
    (check.folder / "report.json").write_text("[{}]")
    assert seawall("exceptions", "audit", "report.json", cwd=check.folder).code == 2


def test_mistakes_in_exceptions_are_mistakes_of_the_call(check):
    (check.folder / ".seawall.yaml").write_text("ignore: [{rule: workload/host-pid}]\n")
    done = check()
    assert done.code == 2 and "reason" in done.err


# --fix


def test_fixes_keep_comments_and_order_and_what_remains_is_told(check):
    before = check.failed()
    done = check("--fix")
    text = (check.folder / "shop.yaml").read_text()
    for kept in ("# The shop.", "# the front", "# for the probe", "image: 'registry.example/side:3'"):
        assert kept in text
    assert "privileged: false  # for the probe" in text and "hostPID" not in text
    # One rule's fix was enough for another.
    assert "ALL" in text and "NET_RAW" not in text
    left = check.failed()
    assert left < before
    assert {rule for name, rule in left} == {"workload/resource-limits"}
    assert "shop.yaml" in done.err and "remove spec.template.spec.hostPID" in done.err
    assert "workload/resource-limits" in done.out and "workload/host-pid" not in done.out
    again = check("--fix")
    assert "nothing to mend" in again.err and (check.folder / "shop.yaml").read_text() == text


def test_a_dry_run_is_a_patch_and_changes_nothing(check):
    done = check("--fix", "--dry-run")
    assert (check.folder / "shop.yaml").read_text() == SHOP
    subprocess.run(["patch", "-p1"], input=done.out.encode(), cwd=check.folder, check=True, capture_output=True)
    patched = (check.folder / "shop.yaml").read_text()
    (check.folder / "shop.yaml").write_text(SHOP)
    check("--fix")
    assert (check.folder / "shop.yaml").read_text() == patched


def test_manifests_of_standard_input_go_to_standard_output(check):
    done = check("--fix", files=("-",), stdin=SHOP.encode())
    check("--fix")
    assert done.out == (check.folder / "shop.yaml").read_text()
    assert "workload/resource-limits" in done.err
    unchanged = check("--fix", files=("-",), stdin=b"# nothing here\napiVersion: v1\nkind: Service\nmetadata: {name: x}\n")
    assert unchanged.out.startswith("# nothing here")


def test_the_gate_is_about_what_remains(check):
    assert check("--fail-on", "high", "--fix", "--dry-run").code == 0
    assert check("--fail-on", "high").code == 1
    assert check("--fail-on", "high", "--fix").code == 0


def test_what_is_lived_with_or_skipped_is_not_fixed(check):
    (check.folder / ".seawall.yaml").write_text("ignore: [{rule: workload/host-pid, reason: needed}]\n")
    check("--fix", "--skip", "rule/workload/privileged")
    text = (check.folder / "shop.yaml").read_text()
    assert "hostPID: true   # why?" in text and "privileged: true" in text and "ALL" in text


def test_what_cannot_be_changed_for_one_object_alone_is_said(check):
    shared = """apiVersion: v1
kind: Pod
metadata: {name: a}
spec: &spec
  hostPID: true
  containers: []
---
apiVersion: v1
kind: Pod
metadata: {name: b}
spec: {hostPID: true, containers: []}
"""
    (check.folder / "shop.yaml").write_text(
        shared.replace("---", "--- \n") + "---\napiVersion: v1\nkind: List\nitems:\n- &one\n  apiVersion: v1\n  kind: Pod\n"
        "  metadata: {name: c}\n  spec: {hostPID: true, containers: []}\n- *one\n")
    done = check("--fix", "--policy", "workload/host-pid")
    assert done.code == 3 and "shop.yaml" in done.err
    text = (check.folder / "shop.yaml").read_text()
    assert text.count("hostPID") == 1


def test_standard_output_is_for_one_thing(check):
    assert check("--dry-run").code == 2
    assert check("--fix", "--dry-run", "-o", "json").code == 2
    assert check("--fix", "-o", "sarif", files=("-",), stdin=SHOP.encode()).code == 2
    assert check("--fix", "-o", "sarif=x.sarif", files=("-",), stdin=SHOP.encode()).code == 0


def test_paths_need_no_option(seawall, tmp_path):
    (tmp_path / "shop.yaml").write_text(SHOP)
    assert seawall("check", tmp_path / "shop.yaml", "--policy", "workload/host-pid").out.startswith("HIGH  workload/host-pid")
    done = seawall("check", "-", "--fix", "--policy", "workload/host-pid", stdin=SHOP.encode())
    assert done.out == SHOP.replace("      hostPID: true   # why?\n", "")


def test_permissions_and_links_stay(check):
    (check.folder / "real").mkdir()
    (check.folder / "shop.yaml").rename(check.folder / "real" / "shop.yaml")
    (check.folder / "shop.yaml").symlink_to("real/shop.yaml")
    (check.folder / "real" / "shop.yaml").chmod(0o640)
    check("--fix")
    assert (check.folder / "shop.yaml").is_symlink()
    assert "privileged: false" in (check.folder / "real" / "shop.yaml").read_text()
    assert (check.folder / "real" / "shop.yaml").stat().st_mode & 0o777 == 0o640


def test_sarif_offers_the_fix_as_a_change_of_lines(check):
    [run] = check("-o", "sarif").json()["runs"]
    [result] = [each for each in run["results"] if each["ruleId"] == "workload/privileged"]
    [change] = result["fixes"][0]["artifactChanges"]
    [replacement] = change["replacements"]
    region, lines = replacement["deletedRegion"], SHOP.splitlines(keepends=True)
    assert change["artifactLocation"]["uri"] == "shop.yaml"
    lines[region["startLine"] - 1:region["endLine"] - 1] = [replacement["insertedContent"]["text"]]
    assert "".join(lines) == SHOP.replace("privileged: true", "privileged: false")


# Many, none


def test_many_objects_are_judged_in_their_order(check):
    documents = [SHOP.split("---\n")[1].replace("agent", f"agent-{n}") for n in range(300)]
    (check.folder / "shop.yaml").write_text("---\n".join(documents))
    names = [each["object"]["name"] for each in check("-o", "json").json()]
    assert list(dict.fromkeys(names)) == [f"agent-{n}" for n in range(300)]
    folder = check.folder / "many"
    folder.mkdir()
    for n, document in enumerate(documents):
        (folder / f"{n:04}.yaml").write_text(document)
    again = [each["object"]["name"] for each in check("-o", "json", files=("many",)).json()]
    assert again == names


def test_no_object_at_all(check):
    empty = check("--fail-if-empty", files=("-",), stdin=b"")
    assert empty.code == 4 and "no object" in empty.err
    assert check(files=("-",), stdin=b"").code == 0
