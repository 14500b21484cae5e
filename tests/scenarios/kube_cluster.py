"""A Kubernetes control plane of one session: etcd, kube-apiserver and the controllers asked for, on loopback."""
import contextlib
import dataclasses
import http.client
import io
import json
import os
import pathlib
import secrets
import socket
import ssl
import subprocess
import time
import urllib.parse
import uuid

import pytest

from support import ROOT

AUDIT_POLICY = """
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata, users: [tester]}]
"""
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
POLICIES = "admissionregistration.k8s.io/v1"
FAILURES = "validation.policy.admission.k8s.io/validation_failure"


def parts():
    """The folder with the programs."""
    done = subprocess.run([ROOT / "tests/realparts/build.sh", "kubernetes"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("the Kubernetes programs are not built: " + done.stderr[-300:])
    return pathlib.Path(done.stdout.split()[-1])


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_until(happens, what, seconds=60, pause=0.05):
    """Asks again and again, for real programs tell nobody when they are ready; gives the answer that was true."""
    end = time.monotonic() + seconds
    while True:
        if answer := happens():
            return answer
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(pause)


@dataclasses.dataclass
class Answer:
    """What the API server said to a request."""
    code: int
    body: dict
    warnings: list
    audit_id: str
    client: "Client"

    @property
    def accepted(self):
        return self.code in (200, 201)

    @property
    def annotations(self):
        """What the audit log says of the request."""
        return self.client.audited(self.audit_id)

    @property
    def failures(self):
        """What policies bound with the action Audit say against the object."""
        return json.loads(self.annotations.get(FAILURES, "[]"))


class Client:
    """Speaks with the API server as a user who may do everything, one request after the other."""

    def __init__(self, port, token, certificate, audit_log):
        self.port, self.token, self.audit_log = port, token, audit_log
        self.trust = ssl.create_default_context(cafile=certificate)
        self.connection = self.log = None
        self.events = {}  # of the audit log, by request
        self.kinds = {}

    def send(self, method, path, body=None, **headers):
        if self.connection is None:
            self.connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.trust, timeout=120)
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        try:
            self.connection.request(method, path, body,
                                    {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"} | named)
            response = self.connection.getresponse()
            return response, response.read()
        except BaseException:
            self.connection = None
            raise

    def get(self, path, accept="application/json"):
        response, text = self.send("GET", path, Accept=accept)
        assert response.status == 200, (path, text[:500])
        return json.loads(text)

    def learn_kinds(self):
        """Which resource each kind is, and whether it lies in namespaces."""
        for root in ("/api", "/apis"):
            for group in self.get(root, DISCOVERY)["items"]:
                name = group["metadata"].get("name", "")
                for version in group["versions"]:
                    api_version = f"{name}/{version['version']}" if name else version["version"]
                    for resource in version["resources"]:
                        kind = resource["responseKind"]["kind"]
                        self.kinds.setdefault((api_version, kind), (resource["resource"], resource["scope"] == "Namespaced"))

    def path_of(self, item, *rest):
        api_version, kind = item["apiVersion"], item["kind"]
        resource, namespaced = self.kinds[api_version, kind]
        space = ["namespaces", item["metadata"].get("namespace", "default")] if namespaced else []
        root = ["apis" if "/" in api_version else "api", api_version]
        return "/" + "/".join([*root, *space, resource, *rest])

    def change(self, method, path, item, *, dry_run):
        audit_id = str(uuid.uuid4())
        query = "?" + urllib.parse.urlencode({"dryRun": "All"} if dry_run else {})
        response, text = self.send(method, path + query, item and json.dumps(item), Audit_ID=audit_id)
        warnings = [each.split('"', 1)[1].rsplit('"', 1)[0] for each in response.headers.get_all("Warning", [])]
        return Answer(response.status, json.loads(text), warnings, audit_id, self)

    def create(self, item, *, dry_run=False):
        return self.change("POST", self.path_of(item), item, dry_run=dry_run)

    def replace(self, item, *, dry_run=False):
        return self.change("PUT", self.path_of(item, item["metadata"]["name"]), item, dry_run=dry_run)

    def label(self, item, **labels):
        """Sets labels of an object that is there."""
        text = json.dumps({"metadata": {"labels": labels}})
        response, text = self.send("PATCH", self.path_of(item, item["metadata"]["name"]), text,
                                   Content_Type="application/merge-patch+json")
        assert response.status == 200, text

    def delete(self, item, *, dry_run=False):
        # With a body, what the query says is not looked at.
        return self.change("DELETE", self.path_of(item, item["metadata"]["name"]), None, dry_run=dry_run)

    def audited(self, audit_id):
        """The annotations of a request: the API server writes them when it has answered, so they may be a moment late."""
        def written():
            self.read_log()
            return audit_id in self.events

        wait_until(written, "an audit event")
        return self.events[audit_id]

    def read_log(self):
        if self.log is None:
            self.log = self.audit_log.open("rb")
        while line := self.log.readline():
            if not line.endswith(b"\n"):
                self.log.seek(-len(line), io.SEEK_CUR)
                return
            event = json.loads(line)
            self.events[event["auditID"]] = event.get("annotations", {})

    @contextlib.contextmanager
    def policies_in_force(self, policies, bindings):
        """Creates them and waits until they judge; takes them away again."""
        judging = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "in-force"}}
        made = [*policies, *bindings, *in_force_policy()]
        try:
            for item in made:
                answer = self.create(item)
                assert answer.accepted, answer.body.get("message")
            # The server takes up changes once a second, all that there are: where the last one judges, all do.
            wait_until(lambda: self.create(judging, dry_run=True).failures, "policies are in force")
            yield
        finally:
            for item in made:
                self.delete(item)
            wait_until(lambda: not self.create(judging, dry_run=True).failures, "policies are gone")


def in_force_policy():
    """A policy that objects to one object, and its binding."""
    name = {"name": "in-force"}
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"],
            "resourceNames": ["in-force"]}
    return ({"apiVersion": POLICIES, "kind": "ValidatingAdmissionPolicy", "metadata": name,
             "spec": {"matchConstraints": {"resourceRules": [rule]}, "validations": [{"expression": "false"}]}},
            {"apiVersion": POLICIES, "kind": "ValidatingAdmissionPolicyBinding", "metadata": name,
             "spec": {"policyName": "in-force", "validationActions": ["Audit"]}})


class ControlPlane:
    """The running programs. `client` speaks with them."""

    def __init__(self, folder):
        self.folder, self.programs = folder, parts()
        self.running = []
        self.client = None

    def run(self, name, *arguments, **environment):
        log = (self.folder / f"{name}.log").open("wb")
        # The programs end with this one, however it ends.
        command = ["setpriv", "--pdeathsig", "KILL", self.programs / name, *arguments]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder,
                                   env=os.environ | environment)
        self.running.append(process)
        return process

    def said(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]

    def start(self):
        self.write_files()
        self.start_etcd()
        self.start_api_server()
        self.start_controllers()

    def write_files(self):
        self.token = secrets.token_hex(16)
        (self.folder / "tokens.csv").write_text(f'{self.token},tester,1\n')
        (self.folder / "audit.yaml").write_text(AUDIT_POLICY)
        key = ["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.folder / "accounts.key"]
        subprocess.run(key, check=True)

    def start_etcd(self):
        self.store = f"http://127.0.0.1:{free_port()}"
        peer = f"http://127.0.0.1:{free_port()}"
        self.run("etcd", "--data-dir", "etcd", "--unsafe-no-fsync", "--listen-client-urls", self.store,
                 "--advertise-client-urls", self.store, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                 "--initial-cluster", f"default={peer}")

    def start_api_server(self):
        port = free_port()
        server = self.run(
            "kube-apiserver", "--etcd-servers", self.store, "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
            f"--secure-port={port}", "--cert-dir=certificates", "--service-cluster-ip-range=10.96.0.0/16",
            "--service-account-issuer=https://kubernetes.default.svc", "--service-account-signing-key-file=accounts.key",
            "--service-account-key-file=accounts.key", "--token-auth-file=tokens.csv", "--authorization-mode=AlwaysAllow",
            "--endpoint-reconciler-type=none", "--disable-admission-plugins=ServiceAccount", "--allow-privileged=true",
            "--audit-policy-file=audit.yaml", "--audit-log-path=audit.log")

        def ready():
            assert server.poll() is None, self.said("kube-apiserver")
            certificate = self.folder / "certificates" / "apiserver.crt"
            if not certificate.exists():
                return None
            client = Client(port, self.token, certificate, self.folder / "audit.log")
            with contextlib.suppress(OSError, http.client.HTTPException):
                return client if client.send("GET", "/readyz")[0].status == 200 else None
            return None

        self.client = wait_until(ready, "the API server is ready")
        self.client.learn_kinds()

    def start_controllers(self):
        """Of the controllers only the one that checks the types of policies and writes what it finds into their status."""
        settings = {"apiVersion": "v1", "kind": "Config", "current-context": "here",
                    "clusters": [{"name": "here", "cluster": {
                        "server": f"https://127.0.0.1:{self.client.port}",
                        "certificate-authority": str(self.folder / "certificates" / "apiserver.crt")}}],
                    "users": [{"name": "tester", "user": {"token": self.token}}],
                    "contexts": [{"name": "here", "context": {"cluster": "here", "user": "tester"}}]}
        (self.folder / "kubeconfig").write_text(json.dumps(settings))
        self.run("kube-controller-manager", "--kubeconfig=kubeconfig", "--leader-elect=false", "--secure-port=0",
                 "--controllers=validatingadmissionpolicy-status-controller",
                 "--kube-api-qps=1000", "--kube-api-burst=1000",
                 # Types of all that policies concern are built anew for each: much garbage, little that stays.
                 GOGC="400")

    def stop(self):
        for process in reversed(self.running):
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(folder):
    plane = ControlPlane(folder)
    try:
        plane.start()
        yield plane
    finally:
        plane.stop()
