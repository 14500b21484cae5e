"""Our package URLs as PyPI's packageurl-python reads and writes them."""
import json

import pytest

import sample_reports

CASES = [
    ("npm", "@angular/core", "16.0.0-rc.1+build.5"),
    ("golang", "github.com/Masterminds/semver/v3", "v3.2.0+incompatible"),
    ("maven", "com.fasterxml.jackson.core:jackson-databind", "2.15.0"),
    ("composer", "symfony/http-kernel", "v6.3.0"),
    ("nuget", "Newtonsoft.Json", "13.0.3"),
    ("cargo", "serde_json", "1.0.100"),
    ("gem", "nokogiri", "1.15.2-x86_64-linux"),
    ("pypi", "ruamel.yaml", "0.17.32"),
    ("rpm", "libstdc++", "1:11.4.1-2.1.el9"),
    ("deb", "g++-12", "12.2.0-14~deb12u1"),
    ("apk", "libssl3", "3.1.4-r5"),
    ("generic", "vendor name/thing %&?#@", "1 2/3@4"),
]


@pytest.mark.parametrize(("kind", "name", "version"), CASES)
def test_purls_mean_the_same_to_another_implementation(probe, kind, name, version):
    packageurl = pytest.importorskip("packageurl")
    report = sample_reports.inventory()
    report["packages"] = [sample_reports.package(name, version, "pkg:x/x", kind, arch="amd64", source="the source",
                                                 source_version="9+1")]
    purl = json.loads(probe("convert", "json", text=json.dumps(report)))["packages"][0]["purl"]
    parsed = packageurl.PackageURL.from_string(purl)
    # It leaves '/' in versions as it is, which the specification encodes.
    assert parsed.to_string() == purl or kind == "generic"
    full = "/".join(part for part in (parsed.namespace, parsed.name) if part)
    if kind in ("rpm", "deb", "apk"):
        assert parsed.qualifiers["upstream"] == "the source@9+1"
        assert full == "debian/" + name
    else:
        assert full == name.replace(":", "/")
    epoch = parsed.qualifiers.get("epoch")
    assert (f"{epoch}:" if epoch else "") + parsed.version == version
