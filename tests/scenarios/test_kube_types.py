"""The type checks of policies against those of the API server: the same expressions, kinds and places are warned about."""
import json
import re
import subprocess

import pytest
import yaml

import type_check_policies
from conftest import built
from kube_cluster import POLICIES, wait_until

# "apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'", and more "ERROR:" lines for the same kind.
THEIRS = re.compile(r"^(?:/?(\S+), Kind=(\w+): )?ERROR: <input>:\d+:\d+: (.*)$", re.MULTILINE)
OURS = re.compile(r"^line \d+, column \d+: (.*)$", re.MULTILINE)


def their_warnings(policy):
    """(field, kind, message) of all warnings in a policy's status."""
    for warning in policy["status"].get("typeChecking", {}).get("expressionWarnings", []):
        kind = None
        for found in THEIRS.finditer(warning["warning"]):
            if found[2]:
                kind = f"{found[1]}, Kind={found[2]}"
            yield warning["fieldRef"], kind, found[3]


def our_warnings(warning):
    for kind in warning["kinds"]:
        for found in OURS.finditer(warning["reason"]):
            yield warning["field"], kind, found[1]


def sort_of(message):
    """What two wordings of the same mistake have in common: names of types differ."""
    if "undefined field" in message:
        return "undefined field " + re.search(r"undefined field '([^']*)'", message)[1]
    if "field selection" in message or "failed resolution" in message:
        return "no fields"
    return message.split(" '")[0]


@pytest.fixture(scope="module")
def client(control_plane):
    client = control_plane.client
    assert client.create(type_check_policies.GATEWAYS).accepted
    wait_until(lambda: client.send("GET", "/openapi/v3/apis/types.example.com/v1")[0].status == 200, "the custom resource is described")
    return client


def checked(client, policy):
    path = f"/apis/{POLICIES}/validatingadmissionpolicies/{policy['metadata']['name']}"

    def status():
        read = client.get(path)
        return read if read.get("status", {}).get("observedGeneration") == read["metadata"]["generation"] else None

    return wait_until(status, "types are checked")


def test_the_same_expressions_are_warned_about(client, tmp_path):
    policies = list(type_check_policies.policies())
    for policy in policies:
        answer = client.create(policy)
        assert answer.accepted, answer.body["message"]
    theirs = {policy["metadata"]["name"]: set(their_warnings(checked(client, policy))) for policy in policies}

    documents = [type_check_policies.GATEWAYS, *policies]
    for number, document in enumerate(documents):
        (tmp_path / f"{number}.yaml").write_text(yaml.safe_dump(document))
    done = subprocess.run([built("type_probe"), *(tmp_path / f"{n}.yaml" for n in range(len(documents)))],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ours = {name: set() for name in theirs}
    for warning in json.loads(done.stdout):
        if not warning["field"].startswith("spec.validations"):
            continue  # variables and conditions, too, of which the API server says nothing
        ours[warning["policy"].removeprefix("vap/")] |= set(our_warnings(warning))

    expressions = {policy["metadata"]["name"]: policy["spec"]["validations"] for policy in policies}

    def lines(found):
        for name, warnings in found.items():
            for field, kind, message in warnings:
                number, key = re.fullmatch(r"spec\.validations\[(\d+)\]\.(\w+)", field).groups()
                yield f"{name}, {kind}: {expressions[name][int(number)][key]}: {sort_of(message)}"

    print(sum(map(len, expressions.values())), "expressions,", sum(map(len, theirs.values())), "warnings")
    their_lines, our_lines = set(lines(theirs)), set(lines(ours))
    assert their_lines
    assert their_lines == our_lines, "\n".join(["only theirs:", *sorted(their_lines - our_lines), "only ours:", *sorted(our_lines - their_lines)])
