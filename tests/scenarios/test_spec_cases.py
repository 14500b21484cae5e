"""The shared case files, judged by the shipped rules: what comes out otherwise than upstream says is listed with its reason."""
import importlib.util

import pytest
import yaml

import support
from conftest import ROOT

LISTED = ROOT / "tests" / "scenarios" / "spec_cases_expected.yaml"


def load_tool():
    """tools/spec_cases.py, which people who write rules call."""
    specification = importlib.util.spec_from_file_location("spec_cases", ROOT / "tools" / "spec_cases.py")
    tool = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(tool)
    return tool


def listed(name):
    """The ids of the set's cases that are known to differ."""
    groups = yaml.safe_load(LISTED.read_text()).get(name, [])
    assert all(group["reason"] for group in groups)
    return {case for group in groups for case in group["cases"]}


@pytest.mark.parametrize("name", ["trivy", "polaris", "kyverno", "kubescape", "gatekeeper", "pss"])
def test_shipped_rules_judge_the_shared_cases_as_upstream_does(name):
    support.shared("spec")
    tool = load_tool()
    judged = tool.judge_all(list(tool.SETS[name]()), str(support.program_path()))
    assert judged
    wrong = {case.name: what for case, what in judged if what}
    assert {case: what for case, what in wrong.items() if case not in listed(name)} == {}
    assert listed(name) - set(wrong) == set(), "these are listed as wrong and come out right, or are no cases"
