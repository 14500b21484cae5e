#!/usr/bin/env python3
"""Writes 1,000 rendered manifests, some 10 MB of YAML, the same at every call: manifests.py FILE [COUNT].

Deployments, StatefulSets, CronJobs, Services, ConfigMaps, Ingresses, Roles and RoleBindings as charts render them: long environments,
probes, resources; one in four workloads leaves something out that policies ask for.
"""
import sys


def labels(name, indent):
    pad = " " * indent
    return f"{pad}app.kubernetes.io/name: {name}\n{pad}app.kubernetes.io/instance: {name}\n{pad}helm.sh/chart: shop-1.2.3\n"


def head(api, kind, name, number):
    return (f"---\n# Source: shop/templates/{kind.lower()}.yaml\napiVersion: {api}\nkind: {kind}\nmetadata:\n  name: {name}\n"
            f"  namespace: team-{number % 17}\n  labels:\n{labels(name, 4)}")


def probe(name, path):
    return (f"        {name}:\n          httpGet:\n            path: {path}\n            port: http\n          periodSeconds: 10\n"
            "          failureThreshold: 3\n")


def security(careless):
    if careless:
        return "        securityContext:\n          privileged: true\n"
    return ("        securityContext:\n          allowPrivilegeEscalation: false\n          readOnlyRootFilesystem: true\n          runAsNonRoot: true\n"
            "          runAsUser: 10001\n          capabilities:\n            drop:\n            - ALL\n          seccompProfile:\n"
            "            type: RuntimeDefault\n")


def container(name, which, careless):
    tag = "latest" if careless else f"1.2.{which}"
    out = (f"      - name: {name}-{which}\n        image: \"registry.example/shop/{name}:{tag}\"\n        imagePullPolicy: IfNotPresent\n"
           f"        ports:\n        - name: http\n          containerPort: {8080 + which}\n          protocol: TCP\n        env:\n")
    for i in range(32):
        if i % 4:
            out += f"        - name: SETTING_{i}\n          value: \"value of setting {i} of {name}\"\n"
        else:
            out += (f"        - name: SETTING_{i}\n          valueFrom:\n            configMapKeyRef:\n              name: {name}\n"
                    f"              key: setting.{i}\n")
    out += probe("livenessProbe", "/healthz") + probe("readinessProbe", "/readyz") + security(careless)
    if not careless:
        out += ("        resources:\n          limits:\n            cpu: 500m\n            memory: 256Mi\n          requests:\n"
                "            cpu: 100m\n            memory: 128Mi\n")
    return out + "        volumeMounts:\n        - name: scratch\n          mountPath: /var/scratch\n"


def template(name, number):
    careless = number % 4 == 0
    out = (f"    metadata:\n      labels:\n{labels(name, 8)}    spec:\n      serviceAccountName: {name}\n"
           f"      automountServiceAccountToken: false\n      hostNetwork: {'true' if careless else 'false'}\n      containers:\n")
    for which in range(3):
        out += container(name, which, careless)
    return out + "      volumes:\n      - name: scratch\n        emptyDir: {}\n"


def workload(kind, name, number):
    out = head("apps/v1", kind, name, number) + f"spec:\n  replicas: {1 + number % 5}\n"
    if kind == "StatefulSet":
        out += f"  serviceName: {name}\n"
    return out + f"  selector:\n    matchLabels:\n{labels(name, 6)}  template:\n" + template(name, number)


def cron_job(name, number):
    body = template(name, number).replace("      containers:\n", "      restartPolicy: OnFailure\n      containers:\n")
    nested = "".join("    " + line + "\n" for line in body.splitlines())
    return head("batch/v1", "CronJob", name, number) + "spec:\n  schedule: \"15 3 * * *\"\n  jobTemplate:\n    spec:\n      template:\n" + nested


def config_map(name, number):
    return head("v1", "ConfigMap", name, number) + "data:\n" + "".join(
        f"  setting.{i}: |\n    first line of setting {i} of {name}\n    second=\"line\" # with more\n" for i in range(120))


def service(name, number):
    ports = "".join(f"  - name: port-{i}\n    port: {8000 + i}\n    targetPort: {9000 + i}\n    protocol: TCP\n" for i in range(30))
    return head("v1", "Service", name, number) + f"spec:\n  type: {'NodePort' if number % 4 == 0 else 'ClusterIP'}\n  ports:\n{ports}  selector:\n{labels(name, 4)}"


def ingress(name, number):
    paths = "".join(
        f"      - path: /part-{i}\n        pathType: Prefix\n        backend:\n          service:\n            name: {name}\n            port:\n"
        f"              number: {8000 + i}\n" for i in range(30))
    return head("networking.k8s.io/v1", "Ingress", name, number) + f"spec:\n  rules:\n  - host: {name}.shop.example\n    http:\n      paths:\n{paths}"


def role(name, number):
    rules = "".join(
        f"- apiGroups:\n  - \"\"\n  resources:\n  - configmaps\n  - {'secrets' if number % 4 == 0 else 'services'}\n  resourceNames:\n  - {name}-{i}\n"
        "  verbs:\n  - get\n  - list\n" for i in range(30))
    return head("rbac.authorization.k8s.io/v1", "Role", name, number) + f"rules:\n{rules}"


def role_binding(name, number):
    subjects = "".join(f"- kind: ServiceAccount\n  name: {name}-{i}\n  namespace: team-{number % 17}\n" for i in range(30))
    return (head("rbac.authorization.k8s.io/v1", "RoleBinding", name, number) +
            f"roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: {name}\nsubjects:\n{subjects}")


def manifest(number):
    name = f"app-{number}"
    turn = number % 20
    if turn < 9:
        return workload("Deployment", name, number)
    if turn < 12:
        return workload("StatefulSet", name, number)
    makers = {12: cron_job, 13: cron_job, 14: config_map, 15: config_map, 16: service, 17: ingress, 18: role, 19: role_binding}
    return makers[turn](name, number)


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        for number in range(count):
            file.write(manifest(number))


if __name__ == "__main__":
    main()
