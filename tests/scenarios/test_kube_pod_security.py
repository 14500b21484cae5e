"""Pod Security: what the admission of a real API server says of the shared fixtures, at every version and both levels."""
import collections
import itertools
import json

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
