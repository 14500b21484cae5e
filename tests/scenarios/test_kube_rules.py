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


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """id: policy; and why the others can't be."""
    call = support.Caller(tmp_path_factory.mktemp("export"))
    done = call("rules", "export", "--to", "vap", "all")
    assert done.code in (0, 3), done.err
    policies = {}
    for each in yaml.load_all(done.out, Loader=rule_cases.LOADER):
        if each["kind"] == "ValidatingAdmissionPolicy":
            policies[each["metadata"]["annotations"]["seawall.dev/rule"]] = judged(each)
    reasons = dict(line.removeprefix("seawall: ").split(": ", 1) for line in done.err.splitlines())
    return policies, reasons


def test_four_fifths_of_the_rules_on_pods_are_exported(exported):
    policies, reasons = exported
    rules = rule_cases.policies()
    on_pods = {name for name, spec in rules.items() if spec.get("podSpec")}
    print(len(policies), "of", len(rules), "rules exported; on pods", len(on_pods & policies.keys()), "of", len(on_pods))
    for why, count in collections.Counter(reasons.values()).most_common():
        print(f"  {count} not: {why}")
    assert rules.keys() - policies.keys() <= reasons.keys(), "what is not exported has a reason"
    assert len(on_pods & policies.keys()) >= 0.8 * len(on_pods)


@pytest.fixture(scope="module")
def created(control_plane, exported):
    """The policies as they are in the API server, until the module ends; and what it has against the others."""
    client, (policies, _) = control_plane.client, exported
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
    """Lists of ids whose policies have no more validations together than failures are told."""
    made, room = [], 0
    for name, policy in policies.items():
        count = len(policy["spec"]["validations"])
        if count > room:
            made.append([])
            room = ROOM - 1
        made[-1].append(name)
        room -= count
    return made


class Stage:
    """Policies in force in turns: their bindings look at a label of namespaces."""

    def __init__(self, client, policies, namespaces):
        self.client, self.batches = client, batches(policies)
        self.namespaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": each}} for each in namespaces]
        for each in self.namespaces:
            client.create(each)
        marker, _ = in_force_policy()
        client.create(marker)
        for number, names in enumerate(self.batches):
            selector = {"matchLabels": {"batch": str(number)}}
            for policy in [policies[name] for name in names] + [marker]:
                bound = binding_of(policy, f"{policy['metadata']['name']}-{number}", namespaceSelector=selector)
                answer = client.create(bound)
                assert answer.accepted, answer.body

    def turn(self, number):
        """Puts a batch in force, and nothing else."""
        for each in self.namespaces:
            self.client.label(each, batch=str(number))
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


def whole_cases(client, policies):
    """(rule, object) of all that the API server knows the kind of, with the namespace that it will have."""
    for rule, item in rule_cases.cases():
        known = client.kinds.get((item.get("apiVersion"), item["kind"]))
        if rule not in policies or known is None:
            continue
        if not known[1]:
            item["metadata"].pop("namespace", None)
        yield rule, rule_cases.complete(item)


@pytest.fixture(scope="module")
def meetings(control_plane, exported, created):
    client, (policies, _) = control_plane.client, exported
    whole = list(whole_cases(client, policies))
    spaces = {item["metadata"].get("namespace", "default") for _, item in whole} - {"default"}
    stage = Stage(client, {name: policy for name, policy in policies.items() if name not in created}, [*sorted(spaces), "default"])
    made = []
    for number, names in enumerate(stage.batches):
        stage.turn(number)
        made += [stage.meet(number, item) for rule, item in whole if rule in names]
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


def our_results(folder, meetings, items):
    """By number of the meeting: rule -> (verdict, message)."""
    numbers = collections.defaultdict(list)
    for number, meeting in enumerate(meetings):
        numbers[tuple(meeting.batch)].append(number)
    found = [{} for _ in meetings]
    for batch, members in numbers.items():
        objects = folder / str(members[0])
        objects.mkdir(parents=True)
        for number in members:
            (objects / f"{number}.json").write_text(json.dumps(items[number]))
        chosen = [argument for rule in batch for argument in ("--policy", rule)]
        done = support.Caller(folder / "home")("check", "-f", objects, *chosen, "-o", "json", timeout=120)
        assert done.code == 0, done.err[:2000]
        for each in done.json():
            number = int(pathlib.Path(each["where"].split(":")[0]).stem)
            found[number][each["rule"]] = (each["verdict"], each["message"] if each["verdict"] == "fail" else "")
    return found


def theirs_of(meeting, policies):
    """rule -> verdicts with messages, of the batch that it met."""
    judged_by, verdicts = verdicts_of(meeting.answer)
    by_policy = {policy: found for (policy, _), found in verdicts.items()}
    names = {rule: policies[rule]["metadata"]["name"] for rule in meeting.batch}
    return {rule: by_policy.get(name, [("pass", "")]) for rule, name in names.items() if name in judged_by}


def differing(meeting, policies, ours, conditional):
    """(rule, theirs, ours) wherever these differ. A condition on variables is a part of the validations there."""
    theirs = theirs_of(meeting, policies)
    for rule in meeting.batch:
        expected = theirs.get(rule, [("none", "")])
        found = ours.get(rule, ("none", ""))
        passes_by = rule in conditional and found[0] == "none" and expected == [("pass", "")]
        if found not in expected and not passes_by:
            yield rule, expected, found


def test_they_judge_as_ours_do(meetings, exported, tmp_path):
    met, (policies, _) = [each for each in meetings if is_met(each) and len(each.answer.failures) < ROOM], exported
    conditional = {name for name, spec in rule_cases.policies().items() if spec.get("matchConditions")}

    def differences(name, items):
        ours = our_results(tmp_path / name, met, items)
        return [(*each, meeting.item) for meeting, results in zip(met, ours, strict=True)
                for each in differing(meeting, policies, results, conditional)]

    as_written = differences("written", [each.item for each in met])
    # The API server fills in defaults before it judges.
    filled = differences("filled", [each.answer.body if each.answer.accepted else each.item for each in met])
    judgements = sum(len(theirs_of(each, policies)) for each in met)
    print(len(met), "objects,", judgements, "judgements;", len(as_written), "otherwise as written,", len(filled), "with defaults")
    print(collections.Counter(rule for rule, *_ in as_written).most_common())
    unexplained = [each for each in filled if each[0] not in KNOWN]
    assert not unexplained, "\n".join(map(str, unexplained))
    assert len(as_written) < judgements / 100


def test_the_api_server_warns_of_no_types(control_plane, exported, created, meetings):
    """Last, for the controller takes its time, and takes it while the others run."""
    client, (policies, _) = control_plane.client, exported

    def looked_at():
        known = {each["metadata"]["name"]: each.get("status", {}) for each in client.get(LIST)["items"]}
        ours = {name: known[policy["metadata"]["name"]] for name, policy in policies.items() if name not in created}
        return ours if all("observedGeneration" in status for status in ours.values()) else None

    statuses = wait_until(looked_at, "the types of all policies are checked", seconds=400, pause=1)
    warned = [f"{name}: {each['fieldRef']}: {each['warning'][:300]}" for name, status in statuses.items()
              for each in status.get("typeChecking", {}).get("expressionWarnings", [])]
    print(len(statuses), "policies,", len(warned), "warnings")
    assert not warned, "\n".join(warned)
