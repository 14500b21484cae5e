"""The shipped rules inside the API server: exported, accepted, without warnings about types, and of one mind with ours."""
import collections
import dataclasses
import json
import pathlib

import pytest
import yaml

import rule_cases
import support
from kube_cluster import POLICIES, in_force_policy, wait_until
from kube_verdicts import binding_of, judged, verdicts_of

LIST = f"/apis/{POLICIES}/validatingadmissionpolicies"
# Rules about which the two may differ, and why.
KNOWN = {
    "polaris/clusterrole-pod-exec-attach": "rules that a role has not are null there, and null is something",
    "polaris/role-pod-exec-attach": "rules that a role has not are null there, and null is something",
}
ROOM = 50  # failures that the API server tells of one request


def export(call, rules, parameters):
    """rule -> policy of all that can be exported; and what is said of the others."""
    path = call.work / "parameters.json"
    path.write_text(json.dumps(parameters))
    done = call("rules", "export", "--to", "vap", *rules, *(["--params", path] if parameters else []))
    assert done.code in (0, 3), done.err
    documents = yaml.load_all(done.out, Loader=rule_cases.LOADER)
    policies = [each for each in documents if each["kind"] == "ValidatingAdmissionPolicy"]
    return {each["metadata"]["annotations"]["seawall.dev/rule"]: judged(each) for each in policies}, done.err


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """(rule, round of parameters) -> policy; why the others can't be; the rounds."""
    call = support.Caller(tmp_path_factory.mktemp("export"))
    first, said = export(call, ["all"], {})
    reasons = dict(line.removeprefix("seawall: ").split(": ", 1) for line in said.splitlines())
    rounds = rule_cases.parameter_rounds(first.keys())
    policies = {(rule, 0): policy for rule, policy in first.items()}
    for number, parameters in enumerate(rounds[1:], 1):
        for rule, policy in export(call, parameters.keys(), parameters)[0].items():
            policy["metadata"]["name"] += f".{number}"
            policies[rule, number] = policy
    return policies, reasons, rounds


def test_four_fifths_of_the_rules_on_pods_are_exported(exported):
    policies, reasons, _ = exported
    policies = {rule for rule, number in policies if number == 0}
    rules = rule_cases.policies()
    on_pods = {name for name, spec in rules.items() if spec.get("podSpec")}
    print(len(policies), "of", len(rules), "rules exported; on pods", len(on_pods & policies), "of", len(on_pods))
    for why, count in collections.Counter(reasons.values()).most_common():
        print(f"  {count} not: {why}")
    assert rules.keys() - policies <= reasons.keys(), "what is not exported has a reason"
    assert len(on_pods & policies) >= 0.8 * len(on_pods)


@pytest.fixture(scope="module")
def created(control_plane, exported):
    """The policies as they are in the API server, until the module ends; and what it has against the others."""
    client, (policies, *_) = control_plane.client, exported
    answers = {name: client.create(policy) for name, policy in policies.items()}
    yield {name: answer.body.get("message") for name, answer in answers.items() if not answer.accepted}
    for name, answer in answers.items():
        if answer.accepted:
            client.delete(policies[name])


def test_the_api_server_takes_them(created):
    assert not created, "\n".join(created.values())


# Judging: a batch of policies at a time, no larger than what one request tells of; the cases of their rules meet all of it.


@dataclasses.dataclass
class Meeting:
    """An object that met a batch of policies in the API server."""
    item: dict
    batch: list
    answer: object


def batches(policies):
    """Lists of names, of one round each, whose policies have no more validations together than failures are told."""
    made, room = [], 0
    for name, policy in policies.items():
        count = len(policy["spec"]["validations"])
        if count > room or made[-1][0][1] != name[1]:
            made.append([])
            room = ROOM - 1
        made[-1].append(name)
        room -= count
    return made


def namespace(name):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def space_of(item):
    return item["metadata"].get("namespace", "default")


class Stage:
    """Policies in force in turns: their bindings look at a label of namespaces."""

    def __init__(self, client, policies, namespaces):
        self.client, self.batches = client, batches(policies)
        for each in namespaces:
            client.create(namespace(each))
        marker, _ = in_force_policy()
        client.create(marker)
        for number, names in enumerate(self.batches):
            selector = {"matchLabels": {"batch": str(number)}}
            for policy in [policies[name] for name in names] + [marker]:
                bound = binding_of(policy, f"{policy['metadata']['name']}-{number}", namespaceSelector=selector)
                answer = client.create(bound)
                assert answer.accepted, answer.body

    def turn(self, number, namespaces):
        """Puts a batch in force in these namespaces, and nothing else."""
        for each in [*namespaces, "default"]:
            self.client.label(namespace(each), batch=str(number))
        mark = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "in-force", "namespace": "default"}}

        def marked():
            failures = self.client.create(mark, dry_run=True).failures
            return [each["binding"] for each in failures if each["policy"] == "in-force"] == [f"in-force-{number}"]

        wait_until(marked, "a batch is in force")

    def meet(self, number, item):
        """A Namespace is looked at by its own labels."""
        if item["kind"] == "Namespace":
            item["metadata"]["labels"] = (item["metadata"].get("labels") or {}) | {"batch": str(number)}
        return Meeting(item, self.batches[number], self.client.create(item, dry_run=True))


def whole_cases(client, policies, rounds):
    """(name of the policy, object) of all that the API server knows the kind of, with the namespace that it will have."""
    for rule, parameters, item in rule_cases.cases():
        known = client.kinds.get((item.get("apiVersion"), item["kind"]))
        number = next((number for number, each in enumerate(rounds) if each.get(rule) == parameters), None)
        if (rule, number) not in policies or known is None:
            continue
        if not known[1]:
            item["metadata"].pop("namespace", None)
        yield (rule, number), rule_cases.complete(item)


@pytest.fixture(scope="module")
def meetings(control_plane, exported, created):
    client, (policies, _, rounds) = control_plane.client, exported
    whole = list(whole_cases(client, policies, rounds))
    usable = {name: policy for name, policy in policies.items() if name not in created}
    stage = Stage(client, usable, {space_of(item) for _, item in whole})
    made = []
    for number, names in enumerate(stage.batches):
        items = [item for name, item in whole if name in names]
        stage.turn(number, {space_of(item) for item in items} - {"default"})
        made += [stage.meet(number, item) for item in items]
    return made


def is_met(meeting):
    """Admission comes before the name turns out to be taken."""
    return meeting.answer.accepted or meeting.answer.body.get("reason") == "AlreadyExists"


def test_the_cases_are_objects_that_the_api_server_takes(meetings):
    refused = [each for each in meetings if not is_met(each)]
    print(len(meetings), "objects,", len(refused), "refused")
    for why, count in collections.Counter(each.answer.body["message"].split(": ", 1)[-1][:150] for each in refused).most_common(40):
        print(" ", count, why)
    assert len(refused) < 0.05 * len(meetings)


def our_results(folder, meetings, items, rounds):
    """By number of the meeting: name of the policy -> (verdict, message)."""
    numbers = collections.defaultdict(list)
    for number, meeting in enumerate(meetings):
        numbers[tuple(meeting.batch)].append(number)
    found = [{} for _ in meetings]
    for batch, members in numbers.items():
        objects = folder / str(members[0])
        objects.mkdir(parents=True)
        for number in members:
            (objects / f"{number}.json").write_text(json.dumps(items[number]))
        current = batch[0][1]
        parameters = folder / f"{members[0]}.json"
        parameters.write_text(json.dumps({rule: rounds[current].get(rule, {}) for rule, _ in batch}))
        chosen = [argument for rule, _ in batch for argument in ("--policy", rule)]
        call = support.Caller(folder / "home")
        done = call("check", "-f", objects, *chosen, "--params", parameters, "-o", "json", timeout=120)
        assert done.code == 0, done.err[:2000]
        for each in done.json():
            number = int(pathlib.Path(each["where"].split(":")[0]).stem)
            found[number][each["rule"], current] = (each["verdict"], each["message"] if each["verdict"] == "fail" else "")
    return found


def theirs_of(meeting, policies):
    """Name of the policy -> verdicts with messages, of the batch that it met."""
    judged_by, verdicts = verdicts_of(meeting.answer)
    by_policy = {policy: found for (policy, _), found in verdicts.items()}
    called = {name: policies[name]["metadata"]["name"] for name in meeting.batch}
    return {name: by_policy.get(policy, [("pass", "")]) for name, policy in called.items() if policy in judged_by}


def differing(meeting, policies, ours, conditional):
    """(name, theirs, ours) wherever these differ. A condition on variables is a part of the validations there."""
    theirs = theirs_of(meeting, policies)
    for name in meeting.batch:
        expected = theirs.get(name, [("none", "")])
        found = ours.get(name, ("none", ""))
        passes_by = name[0] in conditional and found[0] == "none" and expected == [("pass", "")]
        if found not in expected and not passes_by:
            yield name, expected, found


def test_they_judge_as_ours_do(meetings, exported, tmp_path):
    met, (policies, _, rounds) = [each for each in meetings if is_met(each) and len(each.answer.failures) < ROOM], exported
    conditional = {name for name, spec in rule_cases.policies().items() if spec.get("matchConditions")}

    def differences(name, items):
        ours = our_results(tmp_path / name, met, items, rounds)
        return [(*each, meeting.item) for meeting, results in zip(met, ours, strict=True)
                for each in differing(meeting, policies, results, conditional)]

    as_written = differences("written", [each.item for each in met])
    # The API server fills in defaults before it judges.
    filled = differences("filled", [each.answer.body if each.answer.accepted else each.item for each in met])
    judgements = sum(len(theirs_of(each, policies)) for each in met)
    print(len(met), "objects,", judgements, "judgements;", len(as_written), "otherwise as written,", len(filled), "with defaults")
    print(collections.Counter(verdict for each in met for some in theirs_of(each, policies).values() for verdict, _ in some))
    print(collections.Counter(rule for (rule, _), *_ in as_written).most_common())
    unexplained = [each for each in filled if each[0][0] not in KNOWN]
    assert not unexplained, "\n".join(map(str, unexplained))
    assert len(as_written) < judgements / 100


def test_the_api_server_warns_of_no_types(control_plane, exported, created, meetings):
    """Last, for the controller takes its time, and takes it while the others run."""
    client, (policies, *_) = control_plane.client, exported

    def looked_at():
        known = {each["metadata"]["name"]: each.get("status", {}) for each in client.get(LIST)["items"]}
        ours = {name: known[policy["metadata"]["name"]] for name, policy in policies.items() if name not in created}
        return ours if all("observedGeneration" in status for status in ours.values()) else None

    statuses = wait_until(looked_at, "the types of all policies are checked", seconds=400, pause=1)
    warned = [f"{name}: {each['fieldRef']}: {each['warning'][:300]}" for name, status in statuses.items()
              for each in status.get("typeChecking", {}).get("expressionWarnings", [])]
    print(len(statuses), "policies,", len(warned), "warnings")
    assert not warned, "\n".join(warned)
