#!/usr/bin/env python3
"""The same policies for all: policies.py SEAWALL FOLDER [SET].

Writes what `seawall rules export --to vap` gives of a set (default: gatekeeper) to FOLDER/vap.yaml, which seawall and kyverno apply as it
is, and as templates of gatekeeper's CEL engine with their constraints to FOLDER/gator.yaml.
"""
import subprocess
import sys

import yaml

RESERVED = "variables.params"  # gatekeeper's own: the parameters of the constraint


def renamed(text):
    return text.replace(RESERVED, "variables.settings")


def kind_of(name):
    return "".join(part.capitalize() for part in name.replace(".", "-").split("-"))


def kinds_of(resources):
    """Kinds of resources in constraints' way; the plural is told from the kind by this table."""
    known = {"pods": "Pod", "replicationcontrollers": "ReplicationController", "podtemplates": "PodTemplate", "deployments": "Deployment",
             "statefulsets": "StatefulSet", "daemonsets": "DaemonSet", "replicasets": "ReplicaSet", "jobs": "Job", "cronjobs": "CronJob",
             "services": "Service", "ingresses": "Ingress", "roles": "Role", "clusterroles": "ClusterRole", "rolebindings": "RoleBinding",
             "clusterrolebindings": "ClusterRoleBinding", "namespaces": "Namespace", "configmaps": "ConfigMap", "secrets": "Secret",
             "serviceaccounts": "ServiceAccount", "persistentvolumeclaims": "PersistentVolumeClaim", "*": "*"}
    return sorted({known[each] for each in resources if each in known})


def template(policy):
    spec, kind = policy["spec"], kind_of(policy["metadata"]["name"])
    source = {"failurePolicy": "Fail",
              "variables": [{"name": "settings" if each["name"] == "params" else each["name"], "expression": renamed(each["expression"])}
                            for each in spec.get("variables", [])],
              "matchConditions": [{"name": each["name"], "expression": renamed(each["expression"])} for each in spec.get("matchConditions", [])],
              "validations": [{"expression": renamed(each["expression"]), "message": each.get("message", kind)} for each in spec["validations"]]}
    return {"apiVersion": "templates.gatekeeper.sh/v1", "kind": "ConstraintTemplate", "metadata": {"name": kind.lower()},
            "spec": {"crd": {"spec": {"names": {"kind": kind}}},
                     "targets": [{"target": "admission.k8s.gatekeeper.sh", "code": [{"engine": "K8sNativeValidation", "source": source}]}]}}


def constraint(policy):
    kind = kind_of(policy["metadata"]["name"])
    rules = policy["spec"]["matchConstraints"]["resourceRules"]
    return {"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": kind, "metadata": {"name": kind.lower()},
            "spec": {"match": {"kinds": [{"apiGroups": rule["apiGroups"], "kinds": kinds_of(rule["resources"])} for rule in rules]}}}


def main():
    seawall, folder = sys.argv[1:3]
    chosen = sys.argv[3] if len(sys.argv) > 3 else "gatekeeper"
    exported = subprocess.run([seawall, "rules", "export", "--to", "vap", chosen], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              check=False).stdout
    with open(f"{folder}/vap.yaml", "w", encoding="utf-8") as file:
        file.write(exported)
    policies = [each for each in yaml.safe_load_all(exported) if each and each["kind"] == "ValidatingAdmissionPolicy"]
    with open(f"{folder}/gator.yaml", "w", encoding="utf-8") as file:
        yaml.safe_dump_all([make(each) for each in policies for make in (template, constraint)], file)
    print(len(policies))


if __name__ == "__main__":
    main()
