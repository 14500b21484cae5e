"""api/rules.schema.json: what editors check rule files by says the same as the program."""
import copy
import json

import jsonschema
import pytest
import yaml

from conftest import ROOT

SCHEMA = json.loads((ROOT / "api" / "rules.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
KINDS = {"Policy", "RuleTest", "Benchmark"}

RULE = {"apiVersion": "seawall.dev/v1", "kind": "Policy", "metadata": {"name": "acme/a"},
        "spec": {"title": "t", "podSpec": True, "validations": [{"expression": "variables.containers.size() == 1", "message": "m"}],
                 "matchConditions": [{"name": "one", "expression": "true"}], "variables": [{"name": "x", "expression": "1"}],
                 "fix": [{"path": "hostNetwork", "remove": True}]}}
TEST = {"apiVersion": "seawall.dev/v1", "kind": "RuleTest", "rule": "acme/a",
        "cases": [{"name": "one", "pod": {"containers": [{"name": "a"}]}, "expect": "pass"},
                  {"name": "two", "pod": {"containers": [{"name": "a"}, {"name": "b"}]}, "expect": "fail", "fixed": False}]}
BENCHMARK = {"apiVersion": "seawall.dev/v1", "kind": "Benchmark", "metadata": {"name": "b"},
             "spec": {"title": "t", "groups": [{"id": "1", "title": "t", "controls": [{"id": "1.1", "title": "t", "rules": ["workload/privileged"]},
                                                                                     {"id": "1.2", "title": "t", "reason": "r"}]}]}}
GONE = object()

WRONG = [  # path, what stands there instead
    (RULE, "metadata.name", "Acme/A"), (RULE, "metadata.name", GONE), (RULE, "metadata.more", 1), (RULE, "spec.title", GONE), (RULE, "spec.title", 1),
    (RULE, "spec.titel", "t"), (RULE, "spec.severity", "severe"), (RULE, "spec.podSpec", GONE), (RULE, "spec.podSpec", "yes"),
    (RULE, "spec.kinds", "Service"), (RULE, "spec.validations", GONE), (RULE, "spec.validations.0.expression", GONE),
    (RULE, "spec.validations.0.reason", "Because"), (RULE, "spec.validations.0.versions", "1.25+"), (RULE, "spec.validations.0.text", "t"),
    (RULE, "spec.matchConditions.0.name", GONE), (RULE, "spec.variables.0.name", "a-b"), (RULE, "spec.failurePolicy", "Maybe"),
    (RULE, "spec.fix.0.remove", GONE), (RULE, "spec.fix.0.path", GONE), (RULE, "spec.knownAs", "trivy/KSV-0017"),
    (RULE, "spec.matchConstraints", {"resourceRules": [{"resources": ["pods"]}]}), (RULE, "spec.matchConstraints", {"matchPolicy": "Loose"}),
    (TEST, "cases.0.name", GONE), (TEST, "cases.0.expect", GONE), (TEST, "cases.0.expect", "ok"), (TEST, "cases.0.pod", GONE),
    (TEST, "cases.0.object", {}), (TEST, "cases.0.path", []), (TEST, "cases.0.fixed", "no"), (TEST, "rule", GONE), (TEST, "more", 1),
    (BENCHMARK, "metadata.name", "B"), (BENCHMARK, "spec.title", GONE), (BENCHMARK, "spec.groups", GONE), (BENCHMARK, "spec.groups.0.controls", GONE),
    (BENCHMARK, "spec.groups.0.controls.0.title", GONE), (BENCHMARK, "spec.groups.0.controls.0.rules", GONE),
    (BENCHMARK, "spec.groups.0.controls.1.reason", GONE), (BENCHMARK, "spec.groups.0.controls.1.assess", "moon"), (BENCHMARK, "spec.more", 1),
]


def changed(document, path, value):
    made = copy.deepcopy(document)
    *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    at = made
    for part in above:
        at = at[part]
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    return made


def refuses(seawall, document):
    """Whether the program finds mistakes in it."""
    files = {"a.yaml": RULE, "a.test.yaml": TEST} | {{"Policy": "a.yaml", "RuleTest": "a.test.yaml"}.get(document["kind"], "b.yaml"): document}
    for name, content in files.items():
        (seawall.work / name).write_text(json.dumps(content))
    if document["kind"] != "Benchmark":
        done = seawall("rules", "test", "a.yaml")
        return done.code == 3
    (seawall.work / "pod.json").write_text('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}')
    return seawall("check", "-f", "pod.json", "--benchmark", "b.yaml").code != 0


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_the_program_prints_it(seawall):
    assert seawall("rules", "schema").json() == SCHEMA


def test_every_shipped_file_is_valid():
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    seen = set()
    for path in sorted((ROOT / "rules").rglob("*.yaml")):
        for document in yaml.load_all(path.read_text(), Loader=loader):
            mistakes = [f"{path.relative_to(ROOT)}: {each.json_path}: {each.message[:200]}" for each in VALIDATOR.iter_errors(document)]
            assert mistakes == []
            seen.add(document["kind"])
    assert seen == KINDS


@pytest.mark.parametrize("document", [RULE, TEST, BENCHMARK], ids=lambda document: document["kind"])
def test_what_is_right_is_right_to_both(seawall, document):
    assert VALIDATOR.is_valid(document) and not refuses(seawall, document)


@pytest.mark.parametrize("document, path, value", WRONG, ids=lambda part: part if isinstance(part, str) else None)
def test_what_is_wrong_is_wrong_to_both(seawall, document, path, value):
    wrong = changed(document, path, value)
    assert not VALIDATOR.is_valid(wrong)
    assert refuses(seawall, wrong)


def test_every_key_tells_what_it_means():
    def keys(schema, path):
        for name, below in schema.get("properties", {}).items():
            if name not in ("kind", "metadata", "spec", "items") and "$ref" not in below and "enum" not in below:
                yield f"{path}.{name}", below
            yield from keys(below, f"{path}.{name}")

    silent = [path for name, schema in SCHEMA["definitions"].items() for path, below in keys(schema, name)
              if "description" not in below and below.get("type") != "array"]
    assert silent == []
