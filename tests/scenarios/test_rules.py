"""seawall rules: what is shipped, and what people do with it."""
from conftest import ROOT


def test_every_shipped_rule_has_test_cases_and_they_pass(seawall):
    done = seawall("rules", "test", ROOT / "rules", timeout=120)
    assert done.code == 0, done.out + done.err
    assert done.err == "" and " 0 failed" in done.out
