"""seawall rules: what is shipped, and what people do with it."""
import re
import textwrap

import pytest

from conftest import ROOT


def test_every_shipped_rule_has_test_cases_and_they_pass(seawall):
    done = seawall("rules", "test", "--strict", ROOT / "rules", timeout=120)
    assert done.code == 0, done.out + done.err
    assert done.err == "" and " 0 failed" in done.out


# Lists


def test_a_list_has_id_severity_and_title_and_counts(seawall):
    done = seawall("rules", "list", "pod-security")
    assert done.code == 0 and done.err == ""
    lines = done.out.splitlines()
    assert lines[0].split() == ["RULE", "SEVERITY", "WHAT", "HOLDS", "WHERE", "IT", "PASSES"]
    assert [line.split()[0] for line in lines[1:3]] == ["pod-security/baseline", "pod-security/restricted"]
    assert lines[-1].startswith("2 rules: ")


def test_words_narrow_a_list(seawall):
    every = seawall("rules", "list", "-o", "json").json()
    found = seawall("rules", "list", "-o", "json", "kyverno", "INGRESS").json()
    assert 0 < len(found) < len(every) > 700
    assert all("kyverno" in rule["sets"] for rule in found)
    assert all("ingress" in f"{rule['id']} {rule['title']} {rule['description']} {rule['knownAs']}".lower() for rule in found)


def test_other_tools_ids_find_the_rule(seawall):
    assert "trivy/KSV-0017" in seawall("rules", "list", "-o", "json", "trivy/KSV-0017").json()[0]["knownAs"]


def test_sets_are_counted(seawall):
    sets = {each["set"]: each["rules"] for each in seawall("rules", "list", "--sets", "-o", "json").json()}
    assert len(sets["all"]) == len(seawall("rules", "list", "-o", "json").json())
    assert sets["pod-security"] == ["pod-security/baseline", "pod-security/restricted"]
    assert {"cis-1.12", "nsa", "trivy", "kubescape"} <= set(sets)


def test_a_list_keeps_to_the_width_of_a_terminal_and_is_whole_in_a_pipe(seawall):
    narrow = seawall("rules", "list", env={"COLUMNS": "70"}).out.splitlines()
    assert max(map(len, narrow)) <= 70
    assert "…" not in seawall("rules", "list").out


@pytest.mark.parametrize("call", [["rules", "list", "workload/priviledged"], ["rules", "show", "workload/priviledged"],
                                  ["check", "-f", "pod.json", "-p", "workload/priviledged"], ["rules", "docs", "workload/priviledged"]])
def test_a_misspelt_name_is_wrong_usage_and_gets_suggestions(seawall, call):
    (seawall.work / "pod.json").write_text('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}')
    done = seawall(*call)
    assert done.code == 2 and done.out == "" and "'workload/privileged'" in done.err


# A rule


def test_a_rule_is_shown_for_people(seawall):
    done = seawall("rules", "show", "trivy/KSV-0017")
    assert done.code == 0 and done.err == ""
    for heading in ("Why", "What to do", "Judges", "Passes where", "Known as", "In the sets", "Test cases", "Written in"):
        assert heading in done.out.splitlines()


def test_a_rule_as_yaml_is_its_file_and_works_as_one(seawall):
    done = seawall("rules", "show", "workload/privileged", "-o", "yaml")
    assert done.out == (ROOT / "rules/admission/workload/privileged.yaml").read_text()
    (seawall.work / "own.yaml").write_text(done.out)
    assert seawall("rules", "list", "own.yaml", "-o", "json").json()[0]["id"] == "workload/privileged"
    assert seawall("rules", "show", "own.yaml", "-o", "json").json()[0]["kind"] == "Policy"


def test_own_rules_with_mistakes_are_shown_and_the_mistakes_told(seawall):
    (seawall.work / "own.yaml").write_text("apiVersion: seawall.dev/v1\nkind: Policy\nmetadata: {name: Bad}\nspec: {title: t}\n")
    done = seawall("rules", "show", "own.yaml")
    assert done.code == 3 and "own.yaml:3:18" in done.err and "Bad" in done.out


# A new rule


@pytest.mark.parametrize("options", [[], ["--kind", "Service"], ["--kind", "networking.k8s.io/Ingress"], ["--kind", "ClusterRole"]])
def test_a_new_rule_works_and_passes_its_tests(seawall, options):
    assert seawall("rules", "new", "acme/first", "-d", "policies", *options).code == 0
    done = seawall("rules", "test", "--strict", "policies")
    assert done.code == 0 and done.err == "" and done.out.startswith("1 rule: ")


def test_a_new_rule_never_overwrites(seawall):
    for name in ("first.yaml", "second.test.yaml"):
        (seawall.work / name).write_text("mine")
    for name in ("first", "second"):
        done = seawall("rules", "new", f"acme/{name}")
        assert done.code == 2 and "is there already" in done.err
    assert sorted(path.name for path in seawall.work.iterdir()) == ["first.yaml", "second.test.yaml"]


@pytest.mark.parametrize("call", [["first"], ["Acme/First"], ["acme/"], ["workload/privileged"], ["acme/x", "--kind", "Nothing"], []])
def test_what_no_new_rule_can_be_called_is_wrong_usage(seawall, call):
    assert seawall("rules", "new", *call).code == 2
    assert list(seawall.work.iterdir()) == []


def test_mistakes_of_type_are_warnings_and_strictness_counts_them(seawall):
    seawall("rules", "new", "acme/first")
    rule = seawall.work / "first.yaml"
    rule.write_text(rule.read_text().replace("variables.containers.all(c, ", "variables.pod.spec.nothing == 1 || variables.containers.all(c, "))
    done = seawall("rules", "test", "first.yaml")
    assert "warning: first.yaml:15:" in done.err and "1 warning" in done.out
    assert seawall("rules", "test", "--strict", "first.yaml").code == (3 if " 0 failed" in done.out else 1)


def test_the_first_rule_of_the_manual_works(seawall):
    manual = (ROOT / "docs" / "rules.md").read_text()
    section = manual[manual.index("## A first rule"):manual.index("## `kind: Policy`")]
    rule, tests, *_ = (textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n)+", section, re.MULTILINE))
    (seawall.work / "no-latest-tag.yaml").write_text(rule)
    (seawall.work / "no-latest-tag.test.yaml").write_text(tests)
    done = seawall("rules", "test", "--strict", ".")
    assert done.code == 0 and done.out == "1 rule: 2 cases passed, 0 failed\n" and done.err == ""


# Pages


def test_pages_link_to_what_is_there(seawall):
    done = seawall("rules", "docs", "-o", "pages")
    assert done.code == 0, done.err
    pages = {path.name: path.read_text() for path in (seawall.work / "pages").iterdir()}
    assert {"README.md", "known-as.md", "workload.md", "pod-security.md"} <= set(pages)
    anchors = {file: set(re.findall(r'<a id="([^"]+)">', content)) for file, content in pages.items()}
    for name, text in pages.items():
        links = re.findall(r"\]\(([a-z-]+\.md)?(?:#([a-z0-9-]+))?\)", text)
        assert links
        for file, anchor in links:
            assert not anchor or anchor in anchors[file or name]
            assert not file or file in pages
