"""Our CEL against cel-go in the API server's environment: generated expressions, the same answers down to the cost."""
import collections
import json
import os
import pathlib
import subprocess

import pytest

import cel_expressions
from conftest import ROOT, built

COUNT = int(os.environ.get("SEAWALL_CEL_EXPRESSIONS", "4000"))
SEED = int(os.environ.get("SEAWALL_CEL_SEED", "1"))


@pytest.fixture(scope="module")
def cel_go():
    done = subprocess.run([ROOT / "tests/realparts/build.sh", "cel-go"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("cel-go is not built: " + done.stderr[-300:])
    return pathlib.Path(done.stdout.split()[-1])


FORMATTING = ("formatting", "string.format", "unexpected end of string")


def answers(program, lines):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([program], input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcome(answer):
    return next((kind for kind in ("compile_error", "error") if kind in answer), "value")


def known(expression, theirs, ours):
    """The reason of docs/decisions/0005 why the two may differ, or nothing."""
    pair = (outcome(theirs), outcome(ours))
    refusal, failure = theirs.get("compile_error", ""), ours.get("error", "")
    if "reference to undefined type" in refusal:
        return "a variable that holds a type"
    if refusal.startswith("panic") or "internal error" in theirs.get("error", ""):
        return "a panic of cel-go"
    if "invalid qualifier type" in refusal + theirs.get("error", ""):
        return "keys that can be none"
    if pair[1] == "error" and failure.startswith(("duplicate key", "unsupported key")):
        return "keys of maps"
    if pair[0] == "compile_error" and "format(" in expression and any(word in refusal for word in FORMATTING):
        return "types in a constant format"
    if "+05:30" in expression and "string(" in expression + "format(" and pair[1] == "value":
        return "offsets of timestamps"
    if "sub(-9223372036854775808)" in expression:
        return "overflow of sub"
    if pair == ("value", "value") and theirs["type"] == ours["type"] and theirs["value"] == ours["value"]:
        if any(word in expression for word in ("&&", "||", ".all(", ".exists(")):
            return "cost of absorbed errors"
        if "containsIP(" in expression or "containsCIDR(" in expression:
            return "cost of dyn addresses"
        if ("[?" in expression or ".?" in expression) and theirs["cost"] < ours["cost"]:
            return "keys behind what is missing"
    if pair == ("value", "value") and sorted(theirs["value"]) == sorted(ours["value"]):
        return "order of maps"
    if pair[0] == "value" and ", ?" in expression and "{" in expression:
        return "keys of maps"
    if theirs.get("value") == "none" and "[" in expression:
        return "keys behind what is missing"
    if "quantity(" in expression and "=" in expression and theirs.get("error") == "no such overload":
        return "equality of computed quantities"
    if "unsupported index value" in theirs.get("error", ""):
        return "indexes past any list"
    if pair[0] == pair[1] != "compile_error" and theirs["type"] != ours["type"]:
        return "joined types"
    return None


def difference(theirs, ours):
    """What differs, or nothing."""
    if outcome(theirs) != outcome(ours):
        return f"{outcome(theirs)} and {outcome(ours)}"
    kinds = {"compile_error": (), "error": ("type",), "value": ("type", "value", "cost")}[outcome(theirs)]
    return next((kind for kind in kinds if theirs[kind] != ours[kind]), None)


def test_expressions_mean_the_same_to_cel_go(cel_go):
    lines = list(cel_expressions.questions(SEED, COUNT))
    expressions = [line["expr"] for line in lines if "expr" in line]
    theirs, ours = answers(cel_go, lines), answers(built("cel_probe"), lines)
    assert len(theirs) == len(ours) == len(expressions)
    seen, unexplained, excused = collections.Counter(), [], collections.Counter()
    for expression, their, our in zip(expressions, theirs, ours, strict=True):
        seen[outcome(our)] += 1
        if "disagreement" in our:
            unexplained.append(("our own ways", expression, their, our))
        if (what := difference(their, our)) is not None:
            reason = known(expression, their, our)
            excused[reason] += 1
            if reason is None:
                unexplained.append((what, expression, their, our))
        elif outcome(our) == "value":
            assert "optimized_error" in their or their["optimized_cost"] <= our["cost"], expression
    print(len(expressions), dict(seen), dict(excused))
    assert not unexplained, "\n".join(json.dumps(each) for each in sorted(unexplained, key=lambda each: len(each[1]))[:20])
    assert min(seen.values()) > COUNT / 10, "the generator makes expressions of every outcome"
    assert excused.total() < COUNT / 50, excused
