"""seawall check: manifests against policies, through the program."""
import pytest

PRIVILEGED = """
apiVersion: seawall.dev/v1
kind: Policy
metadata: {name: test/privileged}
spec:
  title: Containers are not privileged
  severity: high
  podSpec: true
  remedy: Leave it out.
  validations:
    - expression: variables.containers.all(c, !c.?securityContext.?privileged.orValue(false))
      message: privileged containers are root on their node
"""
REPLICAS = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: replicas}
spec:
  matchConstraints:
    resourceRules:
      - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
  validations: [{expression: "object.spec.replicas <= 5"}]
"""
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 9
  template:
    spec:
      containers:
        - name: app
          securityContext:
            privileged: true
"""


@pytest.fixture
def check(seawall, tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "privileged.yaml").write_text(PRIVILEGED)
    (tmp_path / "rules" / "replicas.yaml").write_text(REPLICAS)
    (tmp_path / "app.yaml").write_text(DEPLOYMENT)

    def call(*arguments, manifest="app.yaml", **options):
        return seawall("check", "-f", manifest if manifest == "-" else str(tmp_path / manifest), "--policy",
                       str(tmp_path / "rules"), *arguments, **options)

    call.folder = tmp_path
    return call


def test_a_failure_names_rule_message_field_and_line(check):
    done = check()
    assert done.code == 0, done.err
    assert "HIGH  test/privileged  Containers are not privileged" in done.out
    assert "privileged containers are root on their node" in done.out
    assert "spec.template.spec.containers[0].securityContext.privileged" in done.out
    assert "app.yaml:11:13" in done.out
    assert "Leave it out." in done.out
    assert "2 failed (1 high, 1 medium), 0 undecided, 0 passed in 1 object" in done.out


def test_json_is_one_array_of_results(check):
    results = {each["rule"]: each for each in check("-o", "json").json()}
    assert set(results) == {"test/privileged", "vap/replicas"}
    one = results["test/privileged"]
    assert one["object"] == {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web"}
    assert one["verdict"] == "fail" and one["severity"] == "high"
    assert one["paths"] == ["spec.template.spec.containers[0].securityContext.privileged"]
    assert results["vap/replicas"]["paths"] == ["spec.replicas"]


def test_the_gate_goes_by_severity(check):
    assert check("--fail-on", "high").code == 1
    assert check("--fail-on", "critical").code == 0
    good = DEPLOYMENT.replace("true", "false").replace("9", "3")
    assert check("--fail-on", "low", manifest="-", stdin=good.encode()).code == 0


def test_what_cannot_be_decided_is_shown_and_reaches_the_gate(check):
    done = check("--fail-on", "medium", manifest="-", stdin=DEPLOYMENT.replace("  replicas: 9\n", "").encode())
    assert done.code == 1
    assert "UNDECIDED  vap/replicas" in done.out
    assert "no such key: replicas" in done.out


def test_mistakes_in_rules_and_manifests_are_told_and_the_rest_is_judged(check):
    (check.folder / "rules" / "broken.yaml").write_text(PRIVILEGED.replace("test/privileged", "test/broken").replace(
        "!c.?securityContext", "!d.?securityContext"))
    (check.folder / "app.yaml").write_text(DEPLOYMENT + "---\n- no object\n")
    done = check()
    assert done.code == 3
    assert "broken.yaml:11:19" in done.err and "undeclared reference to 'd'" in done.err
    assert "app.yaml:13:1" in done.err
    assert "test/privileged" in done.out


def test_types_are_warned_about_and_judging_goes_on(check):
    (check.folder / "rules" / "typo.yaml").write_text(REPLICAS.replace("object.spec.replicas", "object.spec.replica").replace(
        "name: replicas", "name: typo"))
    done = check()
    assert done.code == 0
    assert "warning: " in done.err and "typo.yaml" in done.err and "apps/v1, Kind=Deployment" in done.err
    assert "undefined field 'replica'" in done.err
    assert "UNDECIDED  vap/typo" in done.out and "vap/replicas" in done.out


def test_definitions_of_custom_resources_tell_their_types_and_scope(check):
    rule = """apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: gateways}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [gatewaies], scope: Cluster}]
  validations: [{expression: object.spec.port < 1024 || object.spec.prot == 1}]
"""
    definition = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gatewaies.example.com}
spec:
  group: example.com
  scope: Cluster
  names: {kind: Gateway, plural: gatewaies}
  versions:
    - name: v1
      served: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {port: {type: integer}}}}}}
"""
    for each in (check.folder / "rules").iterdir():
        each.unlink()
    (check.folder / "rules" / "gateways.yaml").write_text(rule)
    gateway = "apiVersion: example.com/v1\nkind: Gateway\nmetadata: {name: a}\nspec: {port: 80}\n"
    done = check("-o", "json", manifest="-", stdin=gateway.encode())
    assert done.json() == [] and not done.err
    (check.folder / "definition.yaml").write_text(definition)
    done = check("-o", "json", "--cluster-data", str(check.folder / "definition.yaml"), manifest="-", stdin=gateway.encode())
    assert [each["verdict"] for each in done.json()] == ["pass"]
    assert "undefined field 'prot'" in done.err and "undefined field 'port'" not in done.err


def test_names_cannot_steer_a_terminal(check):
    evil = DEPLOYMENT.replace("name: web", 'name: "w\\e[31mb"')
    done = check(manifest="-", stdin=evil.encode())
    assert "test/privileged" in done.out and "\x1b" not in done.out


def test_usage(seawall, check):
    assert seawall("check").code == 2
    assert seawall("check", "-f", "x.yaml", "--policy", "no-such-rule").code == 2
    missing = seawall("check", "-f", str(check.folder / "none.yaml"), "--policy", str(check.folder / "rules"))
    assert missing.code == 3 and "none.yaml" in missing.err


def test_kinds_of_the_users_make_pods_where_they_say(check):
    rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\n" \
              "spec: {template: {spec: {containers: [{name: a, securityContext: {privileged: true}}]}}}\n"
    assert check("-o", "json", manifest="-", stdin=rollout.encode()).json() == []
    done = check("-o", "json", "--pod-template", "argoproj.io/Rollout=spec.template", manifest="-", stdin=rollout.encode())
    assert [each["paths"] for each in done.json()] == [["spec.template.spec.containers[0].securityContext.privileged"]]
    done = check("--pod-template", "Rollout", manifest="-", stdin=rollout.encode())
    assert done.code == 2 and "Rollout=spec.template" in done.err
