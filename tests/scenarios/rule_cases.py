"""The objects of the test cases beside the shipped rules, made whole so that an API server takes them."""
import copy
import itertools
import json

import yaml

from support import ROOT

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FORMS = ("Pod", "Deployment", "CronJob")


def documents(kind):
    """All documents of that kind in the files below rules/."""
    for path in sorted((ROOT / "rules").rglob("*.yaml")):
        if path.name.endswith(".test.yaml") == (kind == "RuleTest"):
            with path.open(encoding="utf-8") as file:
                yield from (each for each in yaml.load_all(file, Loader=LOADER) if each and each.get("kind") == kind)


def policies():
    """id: spec of the rules that are policies."""
    return {each["metadata"]["name"]: each["spec"] for each in documents("Policy")}


def in_form(pod, kind):
    if kind == "Pod":
        return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "test"}, "spec": pod}
    template = {"spec": pod}
    if kind == "Deployment":
        return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "test"}, "spec": {"template": template}}
    return {"apiVersion": "batch/v1", "kind": kind, "metadata": {"name": "test"},
            "spec": {"jobTemplate": {"spec": {"template": template}}}}


def objects_of(case, form):
    """The object that a case judges when it is created; nothing where it needs more than that."""
    if any(case.get(key) for key in ("request", "data", "version")):
        return None
    if "ephemeralContainers" in json.dumps(case.get("pod") or case.get("object"), default=str):
        return None  # they come to a pod that is there
    return copy.deepcopy(case["object"]) if "object" in case else in_form(copy.deepcopy(case["pod"]), form)


def parameter_rounds(rules):
    """Rule -> parameters, again and again until all that the cases of these rules set have been there; nothing at first."""
    rounds = [{}]
    for test in documents("RuleTest"):
        distinct = {json.dumps(case["params"], sort_keys=True, default=str) for case in test["cases"] if case.get("params")}
        for number, text in enumerate(sorted(distinct) if test["rule"] in rules else (), 1):
            if number == len(rounds):
                rounds.append({})
            rounds[number][test["rule"]] = json.loads(text)
    return rounds


def cases():
    """(rule, parameters, object) of all cases that need no more than that; what only a pod's spec is takes each form in turn."""
    forms = itertools.cycle(FORMS)
    seen = set()
    for test in documents("RuleTest"):
        for case in test["cases"]:
            item = objects_of(case, next(forms))
            if item is None or not isinstance(item.get("metadata", {}), dict):
                continue
            item.setdefault("metadata", {}).setdefault("namespace", case.get("namespace", "default"))
            key = json.dumps([test["rule"], case.get("params"), item], sort_keys=True, default=str)
            if key not in seen:
                seen.add(key)
                yield json.loads(key)


# What an API server demands and no rule cares for.


def complete(item):
    """Adds what is missing for a valid object; gives the object."""
    item["metadata"].setdefault("name", "test")
    kind = item["kind"]
    if kind in WORKLOADS:
        complete_workload(item, holder_of(item))
    elif kind in COMPLETE:
        COMPLETE[kind](item, below(item, "spec"))
    return item


def below(value, *keys):
    """The mapping at the end of the path, made where there is none."""
    for key in keys:
        if not isinstance(value.get(key), dict):
            value[key] = {}
        value = value[key]
    return value


def holder_of(item):
    """What holds the pod's metadata and spec."""
    kind = item["kind"]
    if kind == "Pod":
        return item
    ways = {"PodTemplate": ("template",), "CronJob": ("spec", "jobTemplate", "spec", "template")}
    return below(item, *ways.get(kind, ("spec", "template")))


def complete_workload(item, template):
    kind = item["kind"]
    pod = below(template, "spec")
    complete_pod(pod)
    if kind in ("Job", "CronJob"):
        pod.setdefault("restartPolicy", "Never")
    if kind == "CronJob":
        item["spec"].setdefault("schedule", "0 0 * * *")
    if kind in APPS | {"ReplicationController"}:
        labels = below(template, "metadata", "labels")
        if not labels:
            labels["app"] = "test"
        item["spec"]["selector"] = dict(labels) if kind == "ReplicationController" else {"matchLabels": dict(labels)}


def complete_pod(pod):
    if not pod.get("containers"):
        pod["containers"] = [{}]
    names = set()
    for key in ("containers", "initContainers"):
        for number, container in enumerate(pod.get(key) or []):
            if container.get("name") in names | {None}:
                container["name"] = f"{key.lower()}-{number}"
            names.add(container["name"])
            container.setdefault("image", "registry.example.com/image:1")
    for number, volume in enumerate(pod.get("volumes") or []):
        volume.setdefault("name", f"volume-{number}")


def complete_service(item, spec):
    if spec.get("type") != "ExternalName" and not spec.get("ports"):
        spec["ports"] = [{"port": 80}]
    for number, port in enumerate(spec.get("ports") or []):
        port.setdefault("name", f"port-{number}")


BACKEND = {"service": {"name": "web", "port": {"number": 80}}}


def complete_ingress(item, spec):
    if not spec.get("rules") and not spec.get("defaultBackend"):
        spec["defaultBackend"] = BACKEND
    for rule in spec.get("rules") or []:
        for path in (rule.get("http") or {}).get("paths") or []:
            path.setdefault("pathType", "Prefix")
            path.setdefault("path", "/")
            path.setdefault("backend", BACKEND)


def complete_binding(item, spec):
    del item["spec"]
    role = below(item, "roleRef")
    for key, value in {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}.items():
        role.setdefault(key, value)
    for subject in item.get("subjects") or []:
        subject.setdefault("name", "somebody")


def complete_role(item, spec):
    del item["spec"]
    for rule in item.get("rules") or []:
        rule.setdefault("verbs", ["get"])
        if not rule.get("nonResourceURLs"):
            rule.setdefault("apiGroups", [""])
            rule.setdefault("resources", ["pods"])


def complete_claim(item, spec):
    spec.setdefault("accessModes", ["ReadWriteOnce"])
    below(spec, "resources", "requests").setdefault("storage", "1Gi")


def complete_volume(item, spec):
    spec.setdefault("accessModes", ["ReadWriteOnce"])
    below(spec, "capacity").setdefault("storage", "1Gi")


def complete_autoscaler(item, spec):
    spec.setdefault("maxReplicas", max(10, spec.get("minReplicas") or 0))
    target = below(spec, "scaleTargetRef")
    for key, value in {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}.items():
        target.setdefault(key, value)


APPS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"}
WORKLOADS = APPS | {"Pod", "PodTemplate", "Job", "CronJob", "ReplicationController"}
COMPLETE = {"Service": complete_service, "Ingress": complete_ingress, "RoleBinding": complete_binding,
            "ClusterRoleBinding": complete_binding, "Role": complete_role, "ClusterRole": complete_role,
            "PersistentVolumeClaim": complete_claim, "PersistentVolume": complete_volume,
            "HorizontalPodAutoscaler": complete_autoscaler}
