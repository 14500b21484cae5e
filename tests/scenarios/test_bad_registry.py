"""Registries that lie, break off, send elsewhere or make one wait: a clear error, or what could be had and a word on the rest."""
import json
import sys

import pytest

from conftest import ROOT
from support import APPLICATION, DEBIAN_BASE, digest_of, layer, names_of, notices_of, serve_image

sys.path.insert(0, str(ROOT / "tests/fakes"))
import file_server

BASE, OWN = layer(DEBIAN_BASE, "ADD file:abc in /"), layer(APPLICATION, "COPY app /app")
OWN_PATH = f"/v2/app/blobs/{digest_of(OWN.blob)}"
PACKAGES = {"libssl3", "bash", "lodash", "leftish"}


@pytest.fixture
def registry(tmp_path):
    with file_server.serving() as server:
        serve_image(server, tmp_path / "served", BASE, OWN)
        yield server


def scan(seawall, registry, *options):
    return seawall("scan", "-o", "json", *options, f"{registry.host}/app:1", timeout=60)


def once(first, then):
    """Answers the first request by one function, all others by another."""
    calls = []
    return lambda request: (calls.append(1), (first if len(calls) == 1 else then)(request))


def cut_off(request):
    request.answer(OWN.blob[:100], claimed=len(OWN.blob))


def the_rest(request):
    begin = int(request.headers.get("Range", "bytes=0-")[6:].split("-")[0])
    request.answer(OWN.blob[begin:], 206 if begin else 200, Content_Range=f"bytes {begin}-{len(OWN.blob) - 1}/{len(OWN.blob)}")


GOOD_IN_THE_END = {
    "a blob breaks off once and goes on by range": once(cut_off, the_rest),
    "a blob breaks off once and begins anew": once(cut_off, lambda r: r.answer(OWN.blob)),
    "too many requests": once(lambda r: r.answer(status=429, Retry_After=0), lambda r: r.answer(OWN.blob)),
    "away for a moment": once(lambda r: r.answer(status=503, Retry_After=0), lambda r: r.answer(OWN.blob)),
    "a redirect": lambda r: r.answer(status=307, Location="/elsewhere"),
}


@pytest.mark.parametrize("case", GOOD_IN_THE_END)
def test_what_a_registry_does_on_bad_days_is_got_over(seawall, registry, case):
    registry.files |= {OWN_PATH: GOOD_IN_THE_END[case], "/elsewhere": OWN.blob}
    done = scan(seawall, registry)
    assert done.code == 0, done.err
    assert names_of(done.json()) == PACKAGES


BAD_LAYERS = {  # how the layer is answered: what the report says of it
    "other bytes": (lambda r: r.answer(bytes(len(OWN.blob))), "digest"),
    "fewer bytes": (lambda r: r.answer(OWN.blob[:-10]), "announced"),
    "more bytes": (lambda r: r.answer(OWN.blob + b"x"), "announced"),
    "never there": (None, "404"),
    "forbidden": (lambda r: r.answer(status=403), "403"),
    "a redirect to itself": (lambda r: r.answer(status=302, Location=r.path), "redirects"),
    "a redirect to a file": (lambda r: r.answer(status=302, Location="file:///etc/passwd"), "http"),
}


@pytest.mark.parametrize("case", BAD_LAYERS)
def test_a_layer_that_cannot_be_had_is_a_stated_part(seawall, registry, case):
    registry.files[OWN_PATH], words = BAD_LAYERS[case]
    done = scan(seawall, registry)
    assert done.code == 3 and done.json()["partial"] and names_of(done.json()) == {"libssl3", "bash"}
    assert any("layer 2" in text and words in text for text in notices_of(done.json())), notices_of(done.json())


BAD_MANIFESTS = {
    "a web page for everything": lambda r: r.answer(b"<html>hello</html>", Content_Type="text/html"),
    "another image than its digest says": lambda r: r.answer(b"{}", Docker_Content_Digest="sha256:" + "0" * 64),
    "nothing": lambda r: r.answer(),
    "a longer one than it is": lambda r: r.answer(b"{}", claimed=1 << 40),
    "words that steer a terminal": lambda r: r.answer(
        json.dumps({"errors": [{"code": "DENIED", "message": "\x1b]0;owned\x07"}]}).encode(), 403),
}


@pytest.mark.parametrize("case", BAD_MANIFESTS)
def test_a_manifest_that_is_none_is_a_clear_error(seawall, registry, case):
    registry.files["/v2/app/manifests/1"] = BAD_MANIFESTS[case]
    done = scan(seawall, registry)
    assert done.code == 3 and not done.out and registry.host in done.err and "\x1b" not in done.err


def test_one_that_hangs_up_at_once_is_a_clear_error(seawall, registry):
    def hang_up(request):
        request.close_connection = True

    registry.files["/v2/app/manifests/1"] = hang_up
    done = scan(seawall, registry)
    assert done.code == 3 and registry.host in done.err
