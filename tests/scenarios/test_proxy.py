"""Through a proxy, beside it, and never where it is not wanted: a real registry behind a small real proxy."""
import json
import sys

import pytest

import support
from conftest import ROOT
from support import APPLICATION, DEBIAN_BASE, image_in, layer, names_of, notices_of, serve_image

sys.path.insert(0, str(ROOT / "tests/fakes"))
import file_server
import proxy as proxies
import registries

NAME = "registry.example"  # reserved: nobody resolves it but the proxy
PLAIN, SECURE = f"{NAME}:5000", f"{NAME}:443"
PACKAGES = {"libssl3", "bash", "lodash", "leftish"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return registries.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def registry(tmp_path_factory, database):
    """With one image."""
    folder = tmp_path_factory.mktemp("registry")
    with registries.serving("docker-registry", folder / "data") as registry:
        fill(support.Caller(folder / "home", database), folder, registry)
        yield registry


def fill(seawall, folder, registry, *options):
    target = image_in(folder / "image", layer(DEBIAN_BASE, "ADD file:abc in /"), layer(APPLICATION, "COPY app /app"))
    done = seawall("push", *options, target, f"{registry.host}/app:1")
    assert done.code == 0, done.err


@pytest.fixture
def proxy(registry):
    with proxies.serving() as proxy:
        proxy.hosts[PLAIN] = registry.host
        yield proxy


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy"])
def test_plain_requests_go_through_the_proxy_of_the_environment(seawall, proxy, name):
    report = seawall.scan("--plain-http", f"{PLAIN}/app:1", env={name: f"http://{proxy.host}"})
    assert names_of(report) == PACKAGES
    assert any(target.startswith(f"http://{PLAIN}/v2/app/manifests/") for target in proxy.targets("GET"))


def test_an_option_counts_more_than_the_environment(seawall, proxy):
    report = seawall.scan("--plain-http", "--proxy", f"http://{proxy.host}", f"{PLAIN}/app:1", env={"HTTP_PROXY": "http://127.0.0.1:9"})
    assert names_of(report) == PACKAGES


@pytest.mark.parametrize("listed", [".example", "other.example,registry.example"])
def test_what_no_proxy_names_is_asked_directly(seawall, proxy, listed):
    done = seawall("scan", "--plain-http", f"{PLAIN}/app:1", env={"HTTP_PROXY": f"http://{proxy.host}", "NO_PROXY": listed})
    assert done.code == 3 and NAME in done.err and not proxy.targets("GET")


def test_this_machine_is_never_asked_for_through_a_proxy_of_the_environment(seawall, proxy, registry):
    everywhere = {name: f"http://{proxy.host}" for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    assert names_of(seawall.scan(f"{registry.host}/app:1", env=everywhere)) == PACKAGES
    assert not proxy.log


def test_tls_is_tunnelled_and_tells_the_proxy_nothing(seawall, proxy, authority, database, tmp_path):
    certificate, key = authority.issue("tunnelled", NAME)
    users = registries.htpasswd(tmp_path / "htpasswd", {"ann": "s3cret"})
    ours = ("--ca-file", authority.certificate, "--username", "ann")
    with registries.serving("docker-registry", tmp_path / "tls", tls={"certificate": str(certificate), "key": str(key)},
                            auth={"htpasswd": {"realm": "test", "path": str(users)}}) as secure:
        seawall.environment["SEAWALL_PASSWORD"] = "s3cret"
        fill(seawall, tmp_path, secure, *ours)
        proxy.hosts[SECURE] = secure.host
        report = seawall.scan(*ours, f"{NAME}/app:1", env={"HTTPS_PROXY": f"http://{proxy.host}"})
    assert names_of(report) == PACKAGES and set(proxy.targets()) == {SECURE}
    assert not any("Authorization" in headers for _, _, headers in proxy.log)


def test_a_proxy_that_asks_who_we_are(seawall, registry):
    with proxies.serving(user="bob:hunter2") as proxy:
        proxy.hosts[PLAIN] = registry.host
        asked = ("scan", "-o", "json", "--plain-http", f"{PLAIN}/app:1")
        assert names_of(seawall(*asked, env={"HTTP_PROXY": f"http://bob:hunter2@{proxy.host}"}).json()) == PACKAGES
        for user in ("", "bob:guess@"):
            done = seawall(*asked, env={"HTTP_PROXY": f"http://{user}{proxy.host}"})
            assert done.code == 3 and "407" in done.err and "guess" not in done.err and not done.out


def test_a_proxy_that_is_away_is_named(seawall):
    done = seawall("scan", "--plain-http", "--proxy", "http://127.0.0.1:9", f"{PLAIN}/app:1", timeout=60)
    assert done.code == 3 and "127.0.0.1" in done.err and "9" in done.err


def test_offline_the_proxy_is_not_asked_either(seawall, proxy):
    done = seawall("scan", "--offline", "--plain-http", f"{PLAIN}/app:1", env={"HTTP_PROXY": f"http://{proxy.host}"})
    assert done.code == 3 and "offline" in done.err and not proxy.log


def test_an_image_from_elsewhere_cannot_make_us_ask_this_machine(seawall, proxy, tmp_path):
    """A foreign layer whose address is a service of ours."""
    with file_server.serving() as elsewhere, file_server.serving() as ours:
        gone = layer(APPLICATION, "COPY app /app", missing=True, urls=(f"{ours.url}/secret",))
        serve_image(elsewhere, tmp_path / "i", layer(DEBIAN_BASE), gone)
        proxy.hosts["elsewhere.example:5000"] = elsewhere.host
        done = seawall("scan", "-o", "json", "--plain-http", "elsewhere.example:5000/app:1", env={"HTTP_PROXY": f"http://{proxy.host}"})
        assert done.code == 3 and not ours.seen
        assert names_of(done.json()) == {"libssl3", "bash"} and any("foreign layer" in text for text in notices_of(done.json()))
        # Where the image itself lies here, its foreign layers may.
        ours.files["/secret"] = gone.blob
        assert names_of(seawall.scan(f"{elsewhere.host}/app:1")) == PACKAGES


def test_advisories_come_through_it_too(seawall, proxy):
    with file_server.serving() as mirror:
        mirror.files["/kev/known_exploited_vulnerabilities.json"] = json.dumps(support.KEV).encode()
        proxy.hosts["mirror.example"] = mirror.host
        done = seawall("db", "update", "--from", "http://mirror.example", env={"HTTP_PROXY": f"http://{proxy.host}"})
    assert done.code == 0 and "1 sources new" in done.out, done.err
