"""What a ValidatingAdmissionPolicy says of an object, read from the API server's audit log: one dry run tells of all policies."""
from kube_cluster import POLICIES

ERROR = "resulted in error: "


def judged(policy):
    """The policy, made to say in the audit log that it judged: passing is then not the same as not matching."""
    note = {"key": "judged", "valueExpression": "'yes'"}
    return policy | {"spec": policy["spec"] | {"auditAnnotations": [*policy["spec"].get("auditAnnotations", []), note]}}


def binding_of(policy, name=None, **resources):
    """A binding that writes failures into the audit log; `resources` says where it is in force."""
    spec = {"policyName": policy["metadata"]["name"], "validationActions": ["Audit"]}
    return {"apiVersion": POLICIES, "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": name or policy["metadata"]["name"]},
            "spec": spec | ({"matchResources": resources} if resources else {})}


def verdicts_of(answer):
    """What the API server found: policies that judged, and by policy and binding the verdicts that are no pass."""
    judged_by = {key.removesuffix("/judged") for key in answer.annotations if key.endswith("/judged")}
    found = {}
    for failure in sorted(answer.failures, key=lambda each: each["expressionIndex"]):
        verdict = ("undetermined", "") if ERROR in failure["message"] else ("fail", failure["message"])
        found.setdefault((failure["policy"], failure["binding"]), []).append(verdict)
    # A failure weighs more than an error; a binding with several parameters has several.
    found = {key: sorted(set(verdicts)) for key, verdicts in found.items()}
    return judged_by | {policy for policy, _ in found}, {key: reasons(verdicts) for key, verdicts in found.items()}


def reasons(verdicts):
    """The failures, else that nothing could be decided."""
    return [each for each in verdicts if each[0] == "fail"] or verdicts[:1]
