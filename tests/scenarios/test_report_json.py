"""Our JSON holds to api/schemas/report-1.json and survives a round trip."""
import json
import pathlib
import subprocess

import jsonschema
import pytest

import sample_reports

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "api/schemas/report-1.json").read_text())
SAMPLES = {name: getattr(sample_reports, name)() for name in ("full", "clean", "inventory", "several")}


@pytest.mark.parametrize("name", SAMPLES)
def test_json_is_valid_and_complete(name, probe):
    written = json.loads(probe("convert", "json", text=json.dumps(SAMPLES[name])))
    jsonschema.Draft202012Validator(SCHEMA).validate(written)
    jsonschema.Draft202012Validator(SCHEMA).validate(SAMPLES[name])
    for before, after in zip(SAMPLES[name].get("reports", [SAMPLES[name]]), written.get("reports", [written])):
        for key in set(before) - {"tool", "notices", "packages", "findings"}:
            assert after[key] == before[key], key
        for key in ("packages", "findings"):
            assert len(after.get(key, [])) == len(before.get(key, []))


def test_the_schema_itself_is_valid():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_written_json_reads_back_to_the_same_bytes(probe):
    once = probe("convert", "json", text=json.dumps(SAMPLES["several"]))
    assert probe("convert", "json", text=once) == once


def test_a_newer_schema_is_refused(probe):
    with pytest.raises(subprocess.CalledProcessError):
        probe("convert", "json", text='{"schema_version": 2, "packages": []}')
