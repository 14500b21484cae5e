"""The oci room against two real registries, filled by skopeo and by our own pusher."""
import base64
import json
import os
import pathlib
import stat
import subprocess
import sys

import pytest

from conftest import ROOT, built

sys.path.insert(0, str(ROOT / "tests/fakes"))
import layouts
import registries
import token_server

KINDS = ["docker-registry", "distribution"]


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    if not registries.program(request.param):
        pytest.skip(f"{request.param} can't be had here")
    return request.param


@pytest.fixture(scope="module")
def open_registry(kind, tmp_path_factory):
    with registries.serving(kind, tmp_path_factory.mktemp("open")) as registry:
        yield registry


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return registries.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def image(tmp_path):
    return layouts.single(tmp_path / "layout")


class Failed(Exception):
    pass


@pytest.fixture
def oci(tmp_path):
    """Runs oci_probe; the JSON lines that it prints, or Failed with its code first."""
    home = tmp_path / "home"
    home.mkdir()

    def run(*arguments, **settings):
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PROBE_CERTS_D": str(home / "certs.d")}
        environment.update({name: str(value) for name, value in settings.items()})
        done = subprocess.run([built("oci_probe"), *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise Failed(done.stderr)
        return [json.loads(line) if line.startswith("{") else line for line in done.stdout.splitlines()]

    run.home = home
    return run


def skopeo(*arguments):
    return subprocess.run(["skopeo", "--insecure-policy", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def fill(registry, layout, name="app:1", *options):
    skopeo("copy", "--all", "--dest-tls-verify=false", *options, f"oci:{layout}:latest", f"docker://{registry.host}/{name}")


def test_what_skopeo_pushed_is_read_whole(open_registry, image, oci):
    layout, digest = image
    fill(open_registry, layout, "skopeo/one:1")
    (seen,) = oci("image", f"{open_registry.host}/skopeo/one:1")
    (local,) = oci("image", f"oci:{layout}")
    assert seen["manifest"] == local["manifest"] == digest
    assert seen["config"] == local["config"]
    assert [layer["digest"] for layer in seen["layers"]] == [layer["digest"] for layer in local["layers"]]
    assert [layer["history"] for layer in seen["layers"]] == [0, 1]
    (pinned,) = oci("image", f"{open_registry.host}/skopeo/one@{digest}")
    assert pinned["manifest"] == digest


def test_docker_schema_2_is_read_too(open_registry, image, oci):
    layout, _ = image
    fill(open_registry, layout, "skopeo/docker:1", "--format", "v2s2")
    (seen,) = oci("image", f"{open_registry.host}/skopeo/docker:1")
    assert seen["layers"][0]["mediaType"] == "application/vnd.docker.image.rootfs.diff.tar.gzip"


def test_docker_schema_1_is_refused_by_name(open_registry, kind, image, oci):
    if kind != "docker-registry":
        pytest.skip("distribution v3 takes no schema 1")
    layout, _ = image
    fill(open_registry, layout, "skopeo/old:1", "--format", "v2s1")
    with pytest.raises(Failed, match="^unsupported.*schema 1"):
        oci("image", f"{open_registry.host}/skopeo/old:1")


@pytest.mark.parametrize("chunk", [1000, 16777216])
def test_what_we_push_is_read_by_skopeo(open_registry, image, oci, tmp_path, chunk):
    layout, digest = image
    name = f"{open_registry.host}/ours/one:{chunk}"
    (pushed,) = oci("push", f"oci:{layout}", name, PROBE_CHUNK=chunk)
    assert pushed["digest"] == digest
    assert json.loads(skopeo("inspect", "--tls-verify=false", f"docker://{name}"))["Digest"] == digest
    skopeo("copy", "--src-tls-verify=false", f"docker://{name}", f"oci:{tmp_path}/copy:latest")
    (back,) = oci("image", f"oci:{tmp_path}/copy")
    assert back["manifest"] == digest
    assert "1000" in oci("tags", name) or chunk != 1000


def test_layers_are_mounted_from_another_repository(open_registry, image, oci):
    layout, digest = image
    oci("push", f"oci:{layout}", f"{open_registry.host}/mount/base:1")
    oci("push", f"oci:{layout}", f"{open_registry.host}/mount/child:1", PROBE_MOUNT="mount/base")
    (seen,) = oci("image", f"{open_registry.host}/mount/child:1")
    assert seen["manifest"] == digest


@pytest.mark.parametrize("pusher", ["skopeo", "ours"])
def test_an_index_gives_each_platform_and_all(open_registry, oci, tmp_path, pusher):
    layout, digests = layouts.several(tmp_path / "several", ["amd64", "arm64", "s390x"])
    name = f"{open_registry.host}/index/{pusher}:1"
    if pusher == "skopeo":
        fill(open_registry, layout, "index/skopeo:1")
    else:
        oci("push", f"oci:{layout}", name, PROBE_PLATFORM="all")
    for architecture, digest in digests.items():
        (seen,) = oci("image", name, PROBE_PLATFORM=f"linux/{architecture}")
        assert (seen["manifest"], seen["platform"]) == (digest, f"linux/{architecture}")
    assert [one["manifest"] for one in oci("image", name, PROBE_PLATFORM="all")] == list(digests.values())
    assert [one["platform"] for one in oci("platforms", name)] == [f"linux/{one}" for one in digests]
    with pytest.raises(Failed, match="^not_found.*linux/s390x"):
        oci("image", name, PROBE_PLATFORM="linux/riscv64")


def test_artifacts_are_found_by_the_fallback_tag(open_registry, image, oci):
    layout, digest = image
    name = f"{open_registry.host}/refer/app"
    oci("push", f"oci:{layout}", f"{name}:1")
    assert oci("referrers", name, digest) == []
    (signature,) = oci("attach", name, digest, "a/signature", "signed")
    (sbom,) = oci("attach", name, digest, "a/sbom", "packages")
    assert {one["digest"] for one in oci("referrers", name, digest)} == {signature["digest"], sbom["digest"]}
    (found,) = oci("referrers", name, digest, "a/sbom")
    assert (found["digest"], found["artifactType"]) == (sbom["digest"], "a/sbom")
    assert digest.replace(":", "-") in oci("tags", name)


def test_artifacts_are_found_by_the_referrers_api(image, oci, tmp_path):
    if not registries.program("listing"):
        pytest.skip("no registry with the referrers API can be had here")
    layout, digest = image
    with registries.serving("listing", tmp_path / "listing") as registry:
        name = f"{registry.host}/refer/app"
        oci("push", f"oci:{layout}", f"{name}:1")
        assert oci("referrers", name, digest) == []
        attached = {oci("attach", name, digest, "a/sbom", text)[0]["digest"] for text in ("one", "two")}
        assert {one["digest"] for one in oci("referrers", name, digest)} == attached
        assert oci("tags", name) == ["1"]


def test_what_is_not_there_is_not_found(open_registry, oci):
    with pytest.raises(Failed, match="^not_found"):
        oci("image", f"{open_registry.host}/absent:1")


def test_a_mirror_stands_in_for_a_registry_out_of_reach(open_registry, image, oci):
    layout, digest = image
    fill(open_registry, layout, "library/alpine:3")
    fill(open_registry, layout, "hub/library/alpine:3")
    for mirror in (open_registry.host, f"docker.io=http://{open_registry.host}/hub"):
        (seen,) = oci("image", "alpine:3", PROBE_MIRROR=mirror)
        assert (seen["manifest"], seen["name"]) == (digest, "alpine:3")


# Who we are.

@pytest.fixture(scope="module")
def locked_registry(kind, tmp_path_factory):
    folder = tmp_path_factory.mktemp("locked")
    users = registries.htpasswd(folder / "htpasswd", {"ann": "s3cret"})
    with registries.serving(kind, folder, auth={"htpasswd": {"realm": "test", "path": str(users)}}) as registry:
        yield registry


def auth_file(path, registry, user, password):
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = base64.b64encode(f"{user}:{password}".encode()).decode()
    path.write_text(json.dumps({"auths": {registry.host: {"auth": packed}}}))
    return path


def helper_program(folder, name, user, secret):
    folder.mkdir(exist_ok=True)
    program = folder / f"docker-credential-{name}"
    program.write_text(f"""#!/bin/sh
read -r server
[ "$1" = get ] || exit 2
printf '{{"ServerURL":"%s","Username":"{user}","Secret":"{secret}"}}' "$server"
""")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def test_basic_authentication_by_every_file_and_by_helper(locked_registry, image, oci, tmp_path):
    layout, digest = image
    name = f"{locked_registry.host}/app:1"
    good = ("ann", "s3cret")
    docker = auth_file(tmp_path / "docker/config.json", locked_registry, *good).parent
    assert oci("push", f"oci:{layout}", name, DOCKER_CONFIG=docker)[0]["digest"] == digest
    places = [
        {"REGISTRY_AUTH_FILE": auth_file(tmp_path / "auth.json", locked_registry, *good)},
        {"XDG_RUNTIME_DIR": auth_file(tmp_path / "run/containers/auth.json", locked_registry, *good).parents[1]},
        {"HOME": auth_file(tmp_path / "h1/.docker/config.json", locked_registry, *good).parents[1]},
        {"HOME": auth_file(tmp_path / "h2/.config/containers/auth.json", locked_registry, *good).parents[2]},
    ]
    helper = helper_program(tmp_path / "bin", "test", *good)
    for key, value in (("credsStore", "test"), ("credHelpers", {locked_registry.host: "test"})):
        folder = tmp_path / key
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps({key: value}))
        places.append({**helper, "DOCKER_CONFIG": folder})
    for place in places:
        assert oci("image", name, **place)[0]["manifest"] == digest, place


def test_basic_authentication_refuses_the_rest(locked_registry, oci, tmp_path):
    name = f"{locked_registry.host}/app:1"
    with pytest.raises(Failed, match="^denied"):
        oci("image", name)
    wrong = auth_file(tmp_path / "wrong/config.json", locked_registry, "ann", "guess").parent
    with pytest.raises(Failed, match="^denied") as refused:
        oci("image", name, DOCKER_CONFIG=wrong)
    assert "guess" not in str(refused.value)


def test_bearer_tokens_of_a_token_service(kind, image, oci, tmp_path):
    layout, digest = image
    with token_server.tokens(tmp_path / "tokens") as tokens, registries.serving(kind, tmp_path / "data", auth=tokens.auth) as registry:
        private, public = f"{registry.host}/private/app:1", f"{registry.host}/public/app:1"
        ann = auth_file(tmp_path / "ann/config.json", registry, "ann", "s3cret").parent
        for name in (private, public):
            oci("push", f"oci:{layout}", name, DOCKER_CONFIG=ann)
        assert oci("image", public)[0]["manifest"] == digest
        with pytest.raises(Failed, match="^denied"):
            oci("image", private)
        with pytest.raises(Failed, match="^denied"):
            oci("push", f"oci:{layout}", f"{registry.host}/public/other:1")
        tokens.log.clear()
        assert oci("image", private, DOCKER_CONFIG=ann)[0]["manifest"] == digest
        assert tokens.log == [("GET", "ann", ["repository:private/app:pull"])]
        identity = tmp_path / "identity"
        identity.mkdir()
        (identity / "config.json").write_text(json.dumps({"auths": {registry.host: {"identitytoken": "identity-of-ann"}}}))
        tokens.log.clear()
        assert oci("image", private, DOCKER_CONFIG=identity)[0]["manifest"] == digest
        assert tokens.log == [("POST", "ann", ["repository:private/app:pull"])]
        oci("push", f"oci:{layout}", f"{registry.host}/private/child:1", DOCKER_CONFIG=ann, PROBE_MOUNT="private/app")


# Whom we talk to.

def test_tls_by_a_ca_of_our_own(kind, authority, image, oci, tmp_path):
    layout, digest = image
    certificate, key = authority.issue(f"server-{kind}")
    with registries.serving(kind, tmp_path / "tls", tls={"certificate": str(certificate), "key": str(key)}) as registry:
        name = f"{registry.host}/app:1"
        oci("push", f"oci:{layout}", name, PROBE_CA=authority.certificate)
        assert oci("image", name, PROBE_CA=authority.certificate)[0]["manifest"] == digest
        with pytest.raises(Failed, match="^denied"):
            oci("image", name)
        folder = oci.home / "certs.d" / registry.host
        folder.mkdir(parents=True)
        (folder / "ca.crt").write_bytes(authority.certificate.read_bytes())
        assert oci("image", name)[0]["manifest"] == digest


def test_mutual_tls_by_options_and_by_dockers_folder(kind, authority, image, oci, tmp_path):
    layout, digest = image
    certificate, key = authority.issue(f"mutual-{kind}")
    client_certificate, client_key = authority.issue(f"client-{kind}")
    tls = {"certificate": str(certificate), "key": str(key), "clientcas": [str(authority.certificate)]}
    with registries.serving(kind, tmp_path / "mtls", tls=tls) as registry:
        name = f"{registry.host}/app:1"
        ours = {"PROBE_CA": authority.certificate, "PROBE_CERT": client_certificate, "PROBE_KEY": client_key}
        oci("push", f"oci:{layout}", name, **ours)
        assert oci("image", name, **ours)[0]["manifest"] == digest
        with pytest.raises(Failed):
            oci("image", name, PROBE_CA=authority.certificate)
        folder = oci.home / "certs.d" / registry.host
        folder.mkdir(parents=True)
        for source, target in ((authority.certificate, "ca.crt"), (client_certificate, "me.cert"), (client_key, "me.key")):
            (folder / target).write_bytes(pathlib.Path(source).read_bytes())
        assert oci("image", name)[0]["manifest"] == digest
        (folder / "me.key").unlink()
        with pytest.raises(Failed, match="^invalid.*me.key"):
            oci("image", name)
