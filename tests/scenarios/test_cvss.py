"""CVSS scores against the PyPI package `cvss`: all base vectors of versions 2 and 3, random ones of version 4."""
import itertools
import random

import pytest

V2 = {"AV": "LAN", "AC": "HML", "Au": "MSN", "C": "NPC", "I": "NPC", "A": "NPC"}
V3 = {"AV": "NALP", "AC": "LH", "PR": "NLH", "UI": "NR", "S": "UC", "C": "HLN", "I": "HLN", "A": "HLN"}
V4 = {"AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA", "VC": "HLN", "VI": "HLN", "VA": "HLN",
      "SC": "HLN", "SI": "HLN", "SA": "HLN"}
V4_OPTIONAL = {"E": "XAPU", "CR": "XHML", "IR": "XHML", "AR": "XHML", "MAV": "XNALP", "MAC": "XLH", "MAT": "XNP",
               "MPR": "XNLH", "MUI": "XNPA", "MVC": "XHLN", "MVI": "XHLN", "MVA": "XHLN", "MSC": "XHLN",
               "MSI": "XSHLN", "MSA": "XSHLN", "S": "XNP", "AU": "XNY", "R": "XAUI", "V": "XDC", "RE": "XLMH"}


def every(metrics, prefix=""):
    for values in itertools.product(*metrics.values()):
        yield prefix + "/".join(f"{name}:{value}" for name, value in zip(metrics, values))


def some_of_version_4(count):
    chance = random.Random(4)
    for _ in range(count):
        chosen = {name: chance.choice(values) for name, values in V4.items()}
        if chance.random() < 0.5:
            chosen.update({n: chance.choice(v) for n, v in V4_OPTIONAL.items() if chance.random() < 0.4})
        yield "CVSS:4.0/" + "/".join(f"{name}:{value}" for name, value in chosen.items())


def test_scores_equal_those_of_another_implementation(probe):
    cvss = pytest.importorskip("cvss")
    vectors = [(cvss.CVSS2, vector) for vector in every(V2)]
    vectors += [(cvss.CVSS3, vector) for prefix in ("CVSS:3.0/", "CVSS:3.1/") for vector in every(V3, prefix)]
    vectors += [(cvss.CVSS4, vector) for vector in some_of_version_4(10000)]
    scores = probe("cvss", text="\n".join(vector for _, vector in vectors)).split()
    assert len(scores) == len(vectors)
    wrong = [(vector, score) for (kind, vector), score in zip(vectors, scores)
             if float(score) != float(kind(vector).scores()[0])]
    assert wrong == []
