"""seawall check on what breaks judges: bombs, cycles, broken rules, odd manifests. Always an answer, soon, in bounded memory."""
import resource
import subprocess

import pytest

import support

POLICY = """apiVersion: seawall.dev/v1
kind: Policy
metadata: {{name: test/{name}}}
spec:
  title: t
  kinds: ['*']
{more}  validations:
    - expression: |-
        {expression}
      message: m
"""
POD = """apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {containers: [{name: b, image: c}]}
"""


def policy(expression, name="a", more=""):
    return POLICY.format(name=name, expression=expression, more=more)


@pytest.fixture
def judge(seawall, tmp_path):
    def call(rules, manifest=POD, *arguments):
        (tmp_path / "rules.yaml").write_text(rules)
        path = tmp_path / "manifest.yaml"
        path.write_bytes(manifest.encode() if isinstance(manifest, str) else manifest)
        return seawall("check", "-f", str(path), "--policy", str(tmp_path / "rules.yaml"), *arguments, timeout=30)

    return call


def verdicts(done):
    return {each["rule"]: each["verdict"] for each in done.json()}


# Expression and verdict.
BOMBS = {
    "loops in loops": ("lists.range(4000).all(a, lists.range(4000).all(b, lists.range(4000).all(c, a + b + c >= 0)))",
                       "undetermined"),
    "lists that double": ("cel.bind(a, [1,2,3,4,5,6,7,8], cel.bind(b, a+a+a+a+a+a+a+a, cel.bind(c, b+b+b+b+b+b+b+b, "
                          "cel.bind(d, c+c+c+c+c+c+c+c, cel.bind(e, d+d+d+d+d+d+d+d, cel.bind(f, e+e+e+e+e+e+e+e, "
                          "cel.bind(g, f+f+f+f+f+f+f+f, (g+g+g+g+g+g+g+g).size() > 0)))))))", "undetermined"),
    "a regex that backtracks elsewhere": ("'" + "a" * 2000 + "b'.matches('(a+)+$') == false && "
                                          "'x'.matches('((a*)*)*b') == false", "pass"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_in_expressions_end(judge, name):
    expression, verdict = BOMBS[name]
    done = judge(policy(expression), POD, "-o", "json")
    assert done.code == 0, done.err
    assert verdicts(done)["test/a"] == verdict


def test_a_regex_that_is_none_is_a_mistake_with_its_place(judge):
    done = judge(policy("'a'.matches('(')") + "---\n" + policy("true", "b"), POD, "-o", "json")
    assert done.code == 3 and "rules.yaml:8" in done.err
    assert verdicts(done) == {"test/b": "pass"}


def test_variables_that_need_each_other_are_a_mistake(judge):
    more = "  variables:\n    - {name: x, expression: variables.y}\n    - {name: y, expression: variables.x}\n"
    done = judge(policy("variables.x", more=more) + "---\n" + policy("true", "b"), POD, "-o", "json")
    assert done.code == 3
    assert "rules.yaml" in done.err and "undeclared reference to 'variables'" in done.err
    assert verdicts(done) == {"test/b": "pass"}


def test_parameters_that_are_missing_leave_it_undecided(judge):
    rules = """apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: limit}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  validations: [{expression: object.metadata.name == params.data.name}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: limit, validationActions: [Deny], paramRef: {name: missing, parameterNotFoundAction: Deny}}
"""
    done = judge(rules, POD, "-o", "json")
    results = done.json()
    assert [each["verdict"] for each in results] == ["undetermined"]
    assert "parameters are missing" in results[0]["message"] and "'missing'" in results[0]["message"]


def test_constraints_that_nobody_judges_are_named(judge):
    done = judge("apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sNoSuchThing\nmetadata: {name: c}\nspec: {}\n")
    assert done.code == 3 and "rules.yaml:3" in done.err and "K8sNoSuchThing" in done.err


MANIFESTS = {
    "deep": "apiVersion: v1\nkind: Pod\nspec: " + "[" * 5000 + "]" * 5000 + "\n",
    "aliases that multiply": "apiVersion: v1\nkind: Pod\na: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(9)),
    "merges that multiply": "apiVersion: v1\nkind: Pod\na0: &a0 {k0: 1, l0: 2}\n" + "".join(
        f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}], k{i}: {{<<: *a{i - 1}}}, l{i}: {{<<: *a{i - 1}}}}}\n" for i in range(1, 40)),
    "a key twice": POD + "metadata: {name: b}\n",
    "not UTF-8": POD.encode().replace(b"name: a", b"name: \xff"),
    "no YAML": "apiVersion: v1\n\tkind: Pod\n",
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_bad_manifests_are_named_and_the_others_judged(judge, name):
    content = MANIFESTS[name]
    content = content.encode() if isinstance(content, str) else content
    done = judge(policy("true"), content + b"\n---\n" + POD.replace("name: a", "name: good").encode(), "-o", "json")
    assert done.code == 3
    assert "manifest.yaml:" in done.err
    if name != "not UTF-8" or done.out:
        assert any(each["object"]["name"] == "good" for each in done.json())


def test_unknown_versions_and_resources_without_schema_are_judged_as_they_are(judge):
    odd = "apiVersion: apps/v9\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 9}\n---\n" \
          "apiVersion: acme.example/v1\nkind: Gadget\nmetadata: {name: g}\nspec: {replicas: 2}\n"
    done = judge(policy("object.spec.replicas < 5"), odd, "-o", "json")
    assert done.code == 0
    assert {each["object"]["name"]: each["verdict"] for each in done.json()} == {"d": "fail", "g": "pass"}


def test_huge_manifests_stay_within_memory(seawall, tmp_path):
    (tmp_path / "rules.yaml").write_text(policy("true"))
    with open(tmp_path / "huge.yaml", "w", encoding="utf-8") as file:
        for number in range(40_000):
            file.write(POD.replace("name: a", f"name: a{number}") + "---\n")
    limit = 2 << 30
    done = subprocess.run([support.program_path(), "check", "-f", tmp_path / "huge.yaml", "--policy", tmp_path / "rules.yaml"],
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
                          capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert b"40,000 objects" in done.stdout or b"40000 objects" in done.stdout
