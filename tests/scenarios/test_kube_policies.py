"""seawall check against the API server: the same policies and objects, the same verdicts and messages."""
import json

import pytest
import yaml

import admission_policies
import support

GROUP = "admissionregistration.k8s.io/v1"
ERROR = "resulted in error: "


def policy_of(name, spec):
    return {"apiVersion": GROUP, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name}, "spec": yaml.safe_load(spec)}


def judged(policy):
    """The policy, made to say in the audit log that it judged: passing is then not the same as not matching."""
    note = {"key": "judged", "valueExpression": "'yes'"}
    return policy | {"spec": policy["spec"] | {"auditAnnotations": [note]}}


def binding_of(policy):
    name = policy["metadata"]["name"]
    return {"apiVersion": GROUP, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": name},
            "spec": {"policyName": name, "validationActions": ["Audit"]}}


def verdicts_of(answer):
    """What the API server found by each policy that concerns the object: verdict and message."""
    found = {key.removesuffix("/judged"): ("pass", "") for key in answer.annotations if key.endswith("/judged")}
    for failure in sorted(answer.failures, key=lambda each: each["expressionIndex"], reverse=True):
        undecided = ERROR in failure["message"]
        if undecided and found.get(failure["policy"], ("",))[0] == "fail":
            continue
        found[failure["policy"]] = ("undetermined", "") if undecided else ("fail", failure["message"])
    return found


def our_verdicts(folder, items, policies, *arguments):
    """The same of ours, by kind, namespace and name of the object."""
    (folder / "objects.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    (folder / "policies").mkdir()
    for policy in policies:
        (folder / "policies" / f"{policy['metadata']['name']}.yaml").write_text(yaml.safe_dump(policy))
    done = support.Caller(folder / "home")("check", "-f", folder / "objects.json", "--policy", folder / "policies", "-o", "json",
                                           *arguments)
    assert done.code == 0, done.err
    found = {}
    for each in done.json():
        of = each["object"]
        message = each["message"] if each["verdict"] == "fail" else ""
        found.setdefault((of["kind"], of["namespace"], of["name"]), {})[each["rule"].removeprefix("vap/")] = (each["verdict"], message)
    return found


@pytest.fixture(scope="module")
def client(control_plane):
    for name, labels in admission_policies.NAMESPACES.items():
        control_plane.client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
    return control_plane.client


# Policies about which the two may differ, and why.
KNOWN = {
    "ignoring-errors-is-no-verdict": "an error is undetermined whatever failurePolicy says (docs/decisions/0006)",
}
# Policies that object to none of the objects: that is what they are for.
QUIET = {"a-condition-that-is-false-ends-it", "sub-resources-are-not-the-resource"}


def key_of(item):
    return item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]


def differences(theirs, ours):
    """(policy, object, the API server's, ours) wherever these differ."""
    for key, verdicts in theirs.items():
        mine = ours.get(key, {})
        for policy in sorted(verdicts.keys() | mine.keys()):
            if verdicts.get(policy) != mine.get(policy):
                yield policy, key, verdicts.get(policy), mine.get(policy)


def test_policies_give_the_same_verdicts_and_messages(client, tmp_path):
    policies = [policy_of(*each) for each in admission_policies.POLICIES.items()]
    items = list(yaml.safe_load_all(admission_policies.OBJECTS))
    with client.policies_in_force([judged(each) for each in policies], [binding_of(each) for each in policies]):
        answers = [client.create(each, dry_run=True) for each in items]
    assert all(each.accepted for each in answers), [each.body for each in answers if not each.accepted]
    theirs = {key_of(item): verdicts_of(answer) for item, answer in zip(items, answers, strict=True)}
    objecting = {policy for verdicts in theirs.values() for policy, (verdict, _) in verdicts.items() if verdict != "pass"}
    assert objecting == admission_policies.POLICIES.keys() - QUIET
    unexplained = [each for each in differences(theirs, our_verdicts(tmp_path, items, policies)) if each[0] not in KNOWN]
    print(sum(map(len, theirs.values())), "verdicts")
    assert not unexplained, "\n".join(map(str, unexplained))
