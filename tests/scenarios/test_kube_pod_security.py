"""Pod Security: what the admission of a real API server says of the shared fixtures, at every version and both levels."""
import collections
import itertools
import json
import os
import random

import pytest

import support
from conftest import ROOT

LEVELS = ("baseline", "restricted")
VERSIONS = [f"v1.{minor}" for minor in range(38)]
LABEL = "pod-security.kubernetes.io/"


@pytest.fixture(scope="module")
def fixtures():
    """The shared pods by names of their own, and what upstream says of them."""
    found = {}
    for level in LEVELS:
        for line in support.shared("spec", "pss", f"{level}.jsonl").read_text().splitlines():
            case = json.loads(line)
            case["pod"]["metadata"]["name"] = case["id"].replace("/", "-").replace("_", "-")
            # The same fixture may look otherwise at other versions.
            found[case["pod"]["metadata"]["name"], case["versions"][0]] = case
    for number, case in enumerate(found.values()):
        case["pod"]["metadata"] |= {"name": f"{case['pod']['metadata']['name']}-{number}", "namespace": "default"}
    return list(found.values())


def enforced(version):
    """The level that the namespace of a version enforces, and the other one, which it audits."""
    return LEVELS if int(version[3:]) % 2 else tuple(reversed(LEVELS))


def make_namespaces(client):
    for version in VERSIONS:
        enforce, audit = enforced(version)
        labels = {"enforce": enforce, "enforce-version": version, "audit": audit, "audit-version": version}
        name = "pods-" + version.replace(".", "-")
        client.create({"apiVersion": "v1", "kind": "Namespace",
                       "metadata": {"name": name, "labels": {LABEL + key: value for key, value in labels.items()}}})


def verdicts_of(answer, version):
    """By level; nothing for a pod that is no valid one and never comes to be judged."""
    enforce, audit = enforced(version)
    if answer.code == 422:
        return {}
    if not answer.accepted:
        assert answer.code == 403 and f'violates PodSecurity "{enforce}:{version}"' in answer.body["message"], answer.body
    refused = f'would violate PodSecurity "{audit}:{version}"' in answer.annotations.get(LABEL + "audit-violations", "")
    return {enforce: "pass" if answer.accepted else "fail", audit: "fail" if refused else "pass"}


@pytest.fixture(scope="module")
def theirs(control_plane, fixtures):
    """(pod, level, version): verdict."""
    client = control_plane.client
    make_namespaces(client)
    found = {}
    for case, version in itertools.product(fixtures, VERSIONS):
        pod = case["pod"] | {"metadata": case["pod"]["metadata"] | {"namespace": "pods-" + version.replace(".", "-")}}
        for level, verdict in verdicts_of(client.create(pod, dry_run=True), version).items():
            found[pod["metadata"]["name"], level, version] = verdict
    return found


def test_the_api_server_says_what_the_fixtures_say(theirs, fixtures):
    wrong, invalid = [], set()
    for case in fixtures:
        for version in case["versions"]:
            key = (case["pod"]["metadata"]["name"], case["level"], version)
            if key not in theirs:
                invalid.add(key[0])
            elif theirs[key] != case["verdict"]:
                wrong.append((*key, case["verdict"], theirs[key]))
    print(len(theirs), "verdicts; not valid:", sorted(invalid))
    assert not wrong, wrong
    assert len(invalid) < len(fixtures) / 10


def test_ours_are_the_verdicts_of_the_api_server(theirs, fixtures, tmp_path):
    pods = tmp_path / "pods.json"
    pods.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [each["pod"] for each in fixtures]}))
    call = support.Caller(tmp_path / "home")
    ours = collections.defaultdict(lambda: "pass")
    for level, version in itertools.product(LEVELS, VERSIONS):
        done = call("check", "-f", pods, "--policy", f"pod-security/{level}", "--pod-security-version", version, "-o", "json")
        assert done.code == 0, done.err
        results = done.json()
        assert len({each["object"]["name"] for each in results}) == len(fixtures)
        for each in results:
            if each["verdict"] != "pass":
                ours[each["object"]["name"], level, version] = each["verdict"]
    differences = [(*key, verdict, ours[key]) for key, verdict in theirs.items() if ours[key] != verdict]
    print(len(theirs), "verdicts,", collections.Counter(theirs.values()))
    assert not differences, "\n".join(map(str, differences[:30]))


# Pods that nobody wrote: a pod that keeps to the restricted level, and a few changes.

CONTAINER_CHANGES = {
    "privileged": [True, False], "allowPrivilegeEscalation": [True, None], "runAsNonRoot": [False, True, None],
    "runAsUser": [0, 1, None], "procMount": ["Default", "Unmasked"], "readOnlyRootFilesystem": [True],
    "capabilities": [None, {"drop": ["ALL"]}, {"drop": ["NET_RAW"]}, {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
                     {"drop": ["ALL"], "add": ["CHOWN"]}, {"add": ["SYS_ADMIN"], "drop": ["ALL"]}, {"add": ["NET_BIND_SERVICE"]}],
    "seccompProfile": [None, {"type": "Unconfined"}, {"type": "RuntimeDefault"}, {"type": "Localhost", "localhostProfile": "x"}],
    "appArmorProfile": [{"type": "Unconfined"}, {"type": "RuntimeDefault"}, {"type": "Localhost", "localhostProfile": "x"}],
    "seLinuxOptions": [{}, {"type": "container_t"}, {"type": "container_engine_t"}, {"type": "spc_t"}, {"user": "u"}, {"role": "r"},
                       {"level": "s0"}],
}
POD_CONTEXT_CHANGES = {key: CONTAINER_CHANGES[key] for key in ("runAsNonRoot", "runAsUser", "seccompProfile", "appArmorProfile",
                                                               "seLinuxOptions")}
POD_CONTEXT_CHANGES["sysctls"] = [[{"name": name, "value": "1"}] for name in (
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle", "kernel.msgmax")]
POD_CHANGES = {
    "hostNetwork": [True, False], "hostPID": [True], "hostIPC": [True], "hostUsers": [False, True],
    "volumes": [[{"name": "v"} | volume] for volume in (
        {"emptyDir": {}}, {"configMap": {"name": "c"}}, {"secret": {"secretName": "s"}}, {"hostPath": {"path": "/"}},
        {"nfs": {"server": "s", "path": "/"}}, {"downwardAPI": {}}, {"csi": {"driver": "d.example.com"}},
        {"image": {"reference": "image"}}, {"ephemeral": {"volumeClaimTemplate": {"spec": {
            "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1"}}}}}})],
}
OTHER_CHANGES = {
    "ports": [[{"containerPort": 80, "hostPort": 80}], [{"containerPort": 80, "hostPort": 0}]],
    "livenessProbe": [{"httpGet": {"port": 80, "host": "h"}}, {"tcpSocket": {"port": 80, "host": ""}}, {"httpGet": {"port": 80}}],
    "lifecycle": [{"preStop": {"tcpSocket": {"port": 80, "host": "10.0.0.1"}}},
                  {"postStart": {"httpGet": {"port": 80, "host": "h"}}}],
}
ANNOTATIONS = {
    "container.apparmor.security.beta.kubernetes.io/main": ["unconfined", "runtime/default", "localhost/x"],
    "seccomp.security.alpha.kubernetes.io/pod": ["unconfined", "runtime/default", "localhost/x"],
    "container.seccomp.security.alpha.kubernetes.io/main": ["unconfined", "docker/default"],
}


def container_of(name):
    return {"name": name, "image": "image", "securityContext": {
        "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"}}}


def change(chance, target, changes):
    key = chance.choice(sorted(changes))
    value = chance.choice(changes[key])
    if value is None:
        target.pop(key, None)
    else:
        target[key] = value


def any_pod(chance, number):
    spec = {"containers": [container_of("main")],
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}}
    if chance.random() < 0.3:
        spec["initContainers"] = [container_of("setup")]
    if chance.random() < 0.05:
        spec["os"] = {"name": "windows"}
        spec["securityContext"], spec["containers"][0]["securityContext"] = {}, {}
    annotations = {}
    for _ in range(chance.randint(1, 4)):
        container = chance.choice(spec["containers"] + spec.get("initContainers", []))
        where, changes = chance.choice([
            (container["securityContext"], CONTAINER_CHANGES), (spec["securityContext"], POD_CONTEXT_CHANGES), (spec, POD_CHANGES),
            (container if container["name"] == "main" else spec["containers"][0], OTHER_CHANGES), (annotations, ANNOTATIONS)])
        change(chance, where, changes)
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"any-{number}", "annotations": annotations}, "spec": spec}


def test_pods_that_nobody_wrote_are_judged_the_same(control_plane, tmp_path):
    chance = random.Random(int(os.environ.get("SEAWALL_POD_SEED", "1")))
    client, call = control_plane.client, support.Caller(tmp_path / "home")
    make_namespaces(client)
    pods, theirs = collections.defaultdict(list), {}
    for number in range(int(os.environ.get("SEAWALL_PODS", "1000"))):
        pod, version = any_pod(chance, number), chance.choice(VERSIONS)
        pod["metadata"]["namespace"] = "pods-" + version.replace(".", "-")
        if verdicts := verdicts_of(client.create(pod, dry_run=True), version):
            pods[version].append(pod)
            theirs[pod["metadata"]["name"]] = verdicts
    assert len(theirs) > 100
    wrong = []
    for (version, some), level in itertools.product(pods.items(), LEVELS):
        (tmp_path / "pods.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": some}))
        done = call("check", "-f", tmp_path / "pods.json", "--policy", f"pod-security/{level}", "--pod-security-version", version,
                    "-o", "json")
        for each, pod in zip(done.json(), some, strict=True):
            verdict = theirs[pod["metadata"]["name"]][level]
            if each["verdict"] != verdict:
                wrong.append((version, level, verdict, each["verdict"], pod["metadata"]["annotations"], pod["spec"]))
    print(len(theirs), collections.Counter((level, verdict) for each in theirs.values() for level, verdict in each.items()))
    assert not wrong, "\n".join(map(str, wrong[:20]))
