"""Reports by hand, in our JSON: every field used once, and text that attacks each format."""
import copy

HOSTILE = "ev\x1b[31mil\u202e<script>alert(1)</script>|`\"'&]]>\n=cmd()"


def package(name, version, purl, kind, **more):
    base = {"name": name, "version": version, "purl": purl, "type": kind, "arch": "", "source": "",
            "licenses": [], "locations": []}
    return {**base, **more}


def finding(identifier, of, **more):
    base = {
        "id": identifier, "aliases": [], "package": {k: of[k] for k in ("name", "version", "purl")},
        "fixed_versions": [], "status": "affected", "severity": "unknown", "severity_source": "", "cvss": [], "cwe": [],
        "published": None, "modified": None,
        "exploit": {"known_exploited": False, "ransomware": False, "maturity": "none", "public_exploits": 0,
                    "network_vector": False},
        "references": [], "remediation": "", "command": "",
    }
    return {**base, **more}


OPENSSL = package(
    "libssl3", "3.0.9-1", "pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&distro=debian-12&upstream=openssl", "deb",
    arch="amd64", source="openssl", source_version="3.0.9-1", licenses=["Apache-2.0"], found_by="dpkg",
    locations=[{"path": "var/lib/dpkg/status", "layer": 0}], path="var/lib/dpkg/status", layer=0, origin="base-image",
    history=0)
OPENSSL_TOOL = package(
    "openssl", "3.0.9-1", "pkg:deb/debian/openssl@3.0.9-1?arch=amd64&distro=debian-12", "deb", arch="amd64",
    source="openssl", source_version="3.0.9-1", licenses=["Apache-2.0 AND BSD-3-Clause"], found_by="dpkg",
    locations=[{"path": "var/lib/dpkg/status", "layer": 0}], path="var/lib/dpkg/status", layer=0, origin="base-image")
LOG4J = package(
    "org.apache.logging.log4j:log4j-core", "2.14.1", "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "maven",
    licenses=["Apache License, Version 2.0"], found_by="jar", origin="own",
    locations=[{"path": "opt/app/lib/app.jar/BOOT-INF/lib/log4j-core-2.14.1.jar", "layer": 1},
               {"path": "opt/other.jar", "layer": 1}],
    path="opt/app/lib/app.jar/BOOT-INF/lib/log4j-core-2.14.1.jar", layer=1)
LODASH = package("lodash", "4.17.20", "pkg:npm/lodash@4.17.20", "npm", licenses=["MIT", "GPL-2.0-or-later OR MIT"],
                 found_by="npm-installed", development=True,
                 locations=[{"path": "opt/app/node_modules/lodash/package.json", "layer": 1}],
                 path="opt/app/node_modules/lodash/package.json", layer=1)
STRANGE = package("naïve-包", "1.0", "pkg:pypi/na%C3%AFve-%E5%8C%85@1.0", "pypi", licenses=["see <LICENSE> & co"],
                  locations=[{"path": "opt/文件/METADATA"}], path="opt/文件/METADATA")
EVIL = package(HOSTILE, "1\x07", "pkg:npm/ev%1B%5B31mil@1%07", "npm", licenses=[HOSTILE],
               locations=[{"path": HOSTILE, "layer": 1}], path=HOSTILE, layer=1)
CLEAN = package("requests", "2.32.0", "pkg:pypi/requests@2.32.0", "pypi", licenses=["Apache-2.0"])

LOG4SHELL = finding(
    "CVE-2021-44228", LOG4J, aliases=["GHSA-jfh8-c2jp-5v3q"], advisory="GHSA-jfh8-c2jp-5v3q", feed="osv",
    title="Remote code injection in Log4j", fixed_versions=["2.15.0"], status="fixed", severity="critical",
    severity_source="github",
    cvss=[{"vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "source": "nvd", "score": 10.0},
          {"vector": "AV:N/AC:M/Au:N/C:C/I:C/A:C", "source": "nvd", "score": 9.3}],
    cwe=["CWE-20", "CWE-502"], published="2021-12-10T00:40:56Z", modified="2024-07-24T17:08:23Z",
    exploit={"known_exploited": True, "kev_added": "2021-12-10T00:00:00Z", "kev_due": "2021-12-24T00:00:00Z",
             "ransomware": True, "epss": 0.94358, "epss_percentile": 0.99957, "ssvc_exploitation": "active",
             "ssvc_automatable": "yes", "ssvc_impact": "total", "maturity": "weaponised", "public_exploits": 12,
             "exploits": ["metasploit:exploit/multi/http/log4shell_header_injection"], "network_vector": True},
    references=["https://nvd.nist.gov/vuln/detail/CVE-2021-44228", "https://logging.apache.org/security.html"],
    path=LOG4J["path"], layer=1, origin="own", remediation="Upgrade log4j-core to 2.15.0.", command="")
OPENSSL_A = finding(
    "CVE-2023-5678", OPENSSL, advisory="DSA-5532-1", feed="debian", fixed_versions=["3.0.13-1~deb12u1"], status="fixed",
    severity="high", severity_source="debian",
    cvss=[{"vector": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N", "source": "osv",
           "score": 8.7},
          {"vector": "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "source": "nvd", "score": 7.5}],
    cwe=["CWE-754"], published="2023-11-06T16:15:42Z",
    exploit={"known_exploited": False, "ransomware": False, "epss": 0.0021, "epss_percentile": 0.58,
             "maturity": "proof-of-concept", "public_exploits": 1, "network_vector": True},
    references=["https://www.openssl.org/news/secadv/20231106.txt"], path=OPENSSL["path"], layer=0,
    origin="base-image", remediation="Upgrade openssl to 3.0.13-1~deb12u1.",
    command="apt-get install --only-upgrade libssl3")
OPENSSL_B = {**copy.deepcopy(OPENSSL_A), "package": {k: OPENSSL_TOOL[k] for k in ("name", "version", "purl")}}
LODASH_A = finding("CVE-2021-23337", LODASH, aliases=["GHSA-35jh-r3h4-6jhm"], fixed_versions=["4.17.21"],
                   status="fixed", severity="medium", severity_source="github",
                   exploit={"known_exploited": False, "ransomware": False, "epss": 0.008, "maturity": "none",
                            "public_exploits": 0, "network_vector": True},
                   path=LODASH["path"], layer=1, remediation="Upgrade lodash to 4.17.21.",
                   command="npm install lodash@4.17.21")
STRANGE_A = finding("OSV-2024-1", STRANGE, status="will_not_fix", severity="low", path=STRANGE["path"])
EVIL_A = finding("EVIL-1", EVIL, severity="negligible", title=HOSTILE, remediation=HOSTILE, command=HOSTILE,
                 severity_source=HOSTILE, references=["javascript:alert(1)", HOSTILE], cwe=[HOSTILE], path=HOSTILE,
                 layer=1)
IGNORED = {**finding("CVE-2022-0001", LODASH, severity="high", path=LODASH["path"], layer=1),
           "ignored_by": "ignore rule 1 (CVE-2022-0001, owner web): not reachable"}


def full():
    """An image with everything."""
    return {
        "schema_version": 1, "tool": {"name": "seawall", "version": "0"}, "created": "2024-08-01T12:00:00Z",
        "target": {"name": "registry.example/team/app:1.2", "kind": "image", "digest": "sha256:" + "ab" * 32,
                   "platform": "linux/amd64", "tags": ["registry.example/team/app:1.2"], "base_image": "debian:12",
                   "base_guessed": True,
                   "layers": [{"digest": "sha256:" + "01" * 32, "diff_id": "sha256:" + "02" * 32,
                               "created_by": "/bin/sh -c #(nop) ADD file:1", "size": 29126000, "base_image": True},
                              {"digest": "sha256:" + "03" * 32, "diff_id": "sha256:" + "04" * 32,
                               "created_by": HOSTILE, "size": 120, "base_image": False}]},
        "distro": {"id": "debian", "version": "12", "codename": "bookworm",
                   "pretty": "Debian GNU/Linux 12 (bookworm)"},
        "notices": [{"level": "partial", "what": "layer 2 (sha256:0303...): corrupt gzip data"},
                    {"level": "warning", "what": "no advisories for debian 12"},
                    {"level": "info", "what": "ignore rule 1 (CVE-2022-0001) expires on 2024-08-03"}],
        "partial": True,
        "database": {"built": "2024-07-20T00:00:00Z", "age_days": 12, "starter": True,
                     "newest": "2024-07-19T00:00:00Z", "sources": ["debian", "osv"]},
        "summary": {"findings": 6, "critical": 1, "high": 2, "medium": 1, "low": 1, "negligible": 1, "unknown": 0,
                    "fixable": 4, "known_exploited": 1, "ignored": 1},
        "upgrades": [
            {"package": "openssl", "from": "3.0.9-1", "to": "3.0.13-1~deb12u1",
             "command": "apt-get install --only-upgrade libssl3 openssl", "ids": ["CVE-2023-5678"]},
            {"package": "lodash", "from": "4.17.20", "to": "4.17.21", "command": "npm install lodash@4.17.21",
             "ids": ["CVE-2021-23337"]}],
        "findings": [LOG4SHELL, OPENSSL_A, OPENSSL_B, LODASH_A, STRANGE_A, EVIL_A],
        "ignored": [IGNORED],
        "packages": [OPENSSL, OPENSSL_TOOL, LOG4J, LODASH, STRANGE, EVIL, CLEAN],
    }


def clean():
    """A directory in which nothing is wrong."""
    return {
        "schema_version": 1, "tool": {"name": "seawall", "version": "0"}, "created": "2024-08-01T12:00:00Z",
        "target": {"name": "./project", "kind": "directory"}, "distro": None, "notices": [], "partial": False,
        "database": {"built": "2024-07-31T00:00:00Z", "age_days": 1, "starter": False, "sources": ["osv"]},
        "summary": {"findings": 0, "critical": 0, "high": 0, "medium": 0, "low": 0, "negligible": 0, "unknown": 0,
                    "fixable": 0, "known_exploited": 0, "ignored": 0},
        "upgrades": [], "findings": [], "ignored": [], "packages": [CLEAN],
    }


def inventory():
    """Packages only, as `seawall sbom` gives."""
    report = full()
    for key in ("database", "summary", "upgrades", "findings", "ignored"):
        del report[key]
    report["notices"] = []
    report["partial"] = False
    return report


def several():
    return {"schema_version": 1, "reports": [full(), clean()]}
