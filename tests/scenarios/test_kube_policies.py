"""seawall check against the API server: the same policies and objects, the same verdicts and messages."""
import collections
import json
import re

import pytest
import yaml

import admission_policies
import admission_refusals
import support
from kube_cluster import wait_until
from kube_verdicts import binding_of, judged, verdicts_of

GROUP = "admissionregistration.k8s.io/v1"
NAME_LABEL = "kubernetes.io/metadata.name"


def policy_of(name, spec):
    return {"apiVersion": GROUP, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name}, "spec": yaml.safe_load(spec)}


def our_verdicts(folder, items, rules, *arguments):
    """The same of ours, by kind, namespace and name of the object."""
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels | {NAME_LABEL: name}}}
              for name, labels in admission_policies.NAMESPACES.items()]
    for name, content in ("objects", items), ("namespaces", spaces):
        (folder / f"{name}.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": content}))
    (folder / "policies.yaml").write_text(yaml.safe_dump_all(rules))
    call = support.Caller(folder / "home")
    done = call("check", "-f", folder / "objects.json", "--policy", folder / "policies.yaml", "--cluster-data",
                folder / "namespaces.json", "-o", "json", *arguments)
    assert done.code == 0, done.err
    found = {}
    for each in done.json():
        of = each["object"]
        judged_by, verdicts = found.setdefault((of["kind"], of["namespace"], of["name"]), (set(), {}))
        policy = each["rule"].removeprefix("vap/")
        judged_by.add(policy)
        if each["verdict"] != "pass":
            verdict = (each["verdict"], each["message"] if each["verdict"] == "fail" else "")
            verdicts.setdefault((policy, each.get("binding", policy)), []).append(verdict)
    return {key: (judged_by, {of: sorted(set(each)) for of, each in verdicts.items()})
            for key, (judged_by, verdicts) in found.items()}


@pytest.fixture(scope="module")
def client(control_plane):
    for name, labels in admission_policies.NAMESPACES.items():
        control_plane.client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
    return control_plane.client


# Policies about which the two may differ, and why.
KNOWN = {
    "fields-of-optionals-in-variables": "to the API server an optional that a variable holds has no fields; dyn(...) around it helps",
    "ignoring-errors-is-no-verdict": "an error is undetermined whatever failurePolicy says (docs/decisions/0006)",
}
# Policies that object to none of the objects: that is what they are for.
QUIET = {"a-condition-that-is-false-ends-it", "sub-resources-are-not-the-resource"}


def key_of(item):
    return item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]


def differences(theirs, ours):
    """(policy, object, the API server's, ours) wherever these differ."""
    for key, (judged_by, verdicts) in theirs.items():
        our_judged_by, our_verdicts = ours.get(key, (set(), {}))
        for policy in sorted(judged_by ^ our_judged_by):
            yield policy, key, "judges" if policy in judged_by else "does not judge", "the other way round"
        for of in sorted(verdicts.keys() | our_verdicts.keys()):
            if not same(verdicts.get(of, []), our_verdicts.get(of, [])):
                yield of[0], key, verdicts.get(of), our_verdicts.get(of)


def same(theirs, ours):
    """Ours tells one failure of each judgement, the API server all."""
    return {verdict for verdict, _ in theirs} == {verdict for verdict, _ in ours} and set(ours) <= set(theirs)


def compared(client, folder, policies, bindings, items, others=()):
    """What differs about these objects, and the policies that objected to some."""
    for each in others:
        assert client.create(each).accepted, each
    with client.policies_in_force([judged(each) for each in policies], bindings):
        answers = [client.create(each, dry_run=True) for each in items]
    assert all(each.accepted for each in answers), [each.body for each in answers if not each.accepted]
    theirs = {key_of(item): verdicts_of(answer) for item, answer in zip(items, answers, strict=True)}
    print(sum(len(judged_by) for judged_by, _ in theirs.values()), "judgements")
    ours = our_verdicts(folder, items, [*policies, *bindings, *others])
    return list(differences(theirs, ours)), {of for _, verdicts in theirs.values() for of in verdicts}


def objects():
    return list(yaml.safe_load_all(admission_policies.OBJECTS))


def test_policies_give_the_same_verdicts_and_messages(client, tmp_path):
    policies = [policy_of(*each) for each in admission_policies.POLICIES.items()]
    found, objecting = compared(client, tmp_path, policies, [binding_of(each) for each in policies], objects())
    assert {policy for policy, _ in objecting} == admission_policies.POLICIES.keys() - QUIET
    unexplained = [each for each in found if each[0] not in KNOWN]
    assert not unexplained, "\n".join(map(str, unexplained))


def test_bindings_and_parameters_mean_the_same(client, tmp_path):
    written = list(yaml.safe_load_all(admission_policies.BOUND))
    policies, bindings = (kind_of(written, kind) for kind in ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"))
    others = [each for each in written if each not in policies + bindings]
    found, objecting = compared(client, tmp_path, policies, bindings, objects(), others)
    assert {binding for _, binding in objecting} == {each["metadata"]["name"] for each in bindings} - {"limited-to-nothing"}
    assert not found, "\n".join(map(str, found))


def kind_of(items, kind):
    return [each for each in items if each["kind"] == kind]


def test_what_lacks_its_parameters_is_refused_there_and_undetermined_here(client, tmp_path):
    policy, binding, parameters = yaml.safe_load_all(admission_policies.MISSING)
    client.create(parameters)
    items = kind_of(objects(), "Deployment") + kind_of(objects(), "Namespace")
    with client.policies_in_force([policy], [binding]):
        answers = [client.create(each, dry_run=True) for each in items]
    ours = our_verdicts(tmp_path, items, [policy, binding, parameters])
    for item, answer in zip(items, answers, strict=True):
        judged_by, verdicts = ours.get(key_of(item), (set(), {}))
        if item["metadata"].get("namespace") == "payments":
            assert answer.accepted and verdicts == {("demanding", "demanding"): [("fail", "too many")]}
        else:
            assert "failed to configure binding" in answer.body["message"]
            assert verdicts == {("demanding", "demanding"): [("undetermined", "")]}, key_of(item)


# Specs of which the two do not think alike, and why.
KNOWN_SPECS = {
    "annotation-key": "names of conditions and annotations are anybody's",
    "condition-name": "names of conditions and annotations are anybody's",
    "authorizer-message": "a message that asks the authorizer errs here, and is not used",
    "authorizer-request": "the API server's check of types does not know authorizer.requestResource, its expressions do",
    "includes": "an API server takes no functions that came with its own version; its peers might be older",
    "strings-format-type": "types in a constant format (docs/decisions/0005)",
    "labels-of-namespace": "the creation of a namespace is a text here, as in its manifest",
    "creation-is-time": "the creation of a namespace is a text here, as in its manifest",
    "escaped-word": "fields are not escaped here: __namespace__ is none",
    "typed-optional-variable": "the type of an optional variable is known here",
    "proto-names": "messages of google.protobuf",
    "proto-duration": "messages of google.protobuf",
}


def status_of(client, policy):
    """The policy's status once the controller has looked at it."""
    def looked_at():
        status = client.get(client.path_of(policy, policy["metadata"]["name"])).get("status", {})
        return status if status.get("observedGeneration") else None

    return wait_until(looked_at, "the types of a policy are checked")


def opinions(client, policies):
    """What the API server thinks of each: refused, warned or fine."""
    found, made = {}, []
    for policy in policies:
        answer = client.create(policy)
        found[policy["metadata"]["name"]] = (answer.accepted and "fine") or "refused"
        if answer.accepted:
            made.append(policy)
    for policy in made:
        if status_of(client, policy).get("typeChecking"):
            found[policy["metadata"]["name"]] = "warned"
        client.delete(policy)
    return found


def our_opinions(folder, policies):
    (folder / "rules").mkdir()
    for policy in policies:
        (folder / "rules" / f"{policy['metadata']['name']}.yaml").write_text(yaml.safe_dump(policy))
    (folder / "objects.json").write_text('{"apiVersion": "v1", "kind": "List", "items": []}')
    done = support.Caller(folder / "home")("check", "-f", folder / "objects.json", "--policy", folder / "rules")
    found = {policy["metadata"]["name"]: "fine" for policy in policies}
    for warning, name in re.findall(r"^seawall: (warning: )?\S*/([\w-]+)\.yaml:\d", done.err, re.MULTILINE):
        if found[name] != "refused":
            found[name] = "warned" if warning else "refused"
    return found


def test_what_the_api_server_refuses_or_warns_of_is_told(client, tmp_path):
    policies = [policy_of(*each) for each in admission_refusals.SPECS.items()]
    theirs, ours = opinions(client, policies), our_opinions(tmp_path, policies)
    # Types of `request` and `namespaceObject` are warned of here: the policy is still of use to other objects.
    unlike = {name for name, theirs_of_it in theirs.items()
              if ours[name] != theirs_of_it and not (theirs_of_it == "refused" and ours[name] == "warned")}
    print(collections.Counter(theirs.values()), collections.Counter(ours.values()))
    unexplained = [f"{name}: {theirs[name]}, ours: {ours[name]}" for name in sorted(unlike - KNOWN_SPECS.keys())]
    assert not unexplained, "\n".join(unexplained)


def review_of(client, operation, before, after):
    """The request as a webhook would get it."""
    resource = client.kinds[before["apiVersion"], before["kind"]][0]
    request = {"uid": "1", "kind": {"group": "", "version": "v1", "kind": before["kind"]}, "operation": operation, "dryRun": True,
               "resource": {"group": "", "version": "v1", "resource": resource}, "name": before["metadata"]["name"],
               "namespace": before["metadata"]["namespace"], "userInfo": {"username": "tester", "groups": ["system:authenticated"]},
               "object": after, "oldObject": before}
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}


def test_changes_are_judged_the_same(client, tmp_path):
    policies = [policy_of(*each) for each in admission_policies.CHANGES.items()]
    items = list(yaml.safe_load_all(admission_policies.CHANGING))
    for item in items:
        client.create(item)
    changes = []
    for item in items:
        moved = item | {"data": {"team": "payments", "more": "x"}, "metadata": item["metadata"] | {"labels": {"keep": "no"}}}
        changes += [("UPDATE", item, item), ("UPDATE", item, moved), ("UPDATE", item, item | {"data": {}}), ("DELETE", item, None)]
    with client.policies_in_force([judged(each) for each in policies], [binding_of(each) for each in policies]):
        answers = [client.replace(after, dry_run=True) if after else client.delete(before, dry_run=True) for _, before, after in changes]
    objecting = set()
    for number, ((operation, before, after), answer) in enumerate(zip(changes, answers, strict=True)):
        assert answer.accepted, answer.body
        folder = tmp_path / str(number)
        folder.mkdir()
        theirs = verdicts_of(answer)
        # A webhook gets the object as the API server has read it: what is empty is gone.
        ours = our_verdicts(folder, [review_of(client, operation, before, after and answer.body)], policies)
        objecting |= {policy for policy, _ in theirs[1]}
        assert not list(differences({"change": theirs}, {"change": next(iter(ours.values()), (set(), {}))})), (operation, before, after)
    assert objecting == set(admission_policies.CHANGES)
