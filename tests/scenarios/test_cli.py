"""The command line itself: exit codes, settings, ignore rules, help, completion, manual pages, terminals."""
import json
import os
import pty
import re
import select
import shutil
import socket
import subprocess
import time

import pytest

import support
from support import APPLICATION, DEBIAN_BASE, ids_of, image_in, layer, names_of, notices_of, os_release, package_lock

GOOD_LAYER = layer(APPLICATION, "COPY app /app")


def commands_of(seawall):
    """Every command that --help lists."""
    text = seawall("--help").out.split("Commands:\n")[1].split("\n\n")[0]
    return [re.split(r"\s{2,}", line.strip())[0] for line in text.splitlines()]


@pytest.fixture
def image(tmp_path):
    return image_in(tmp_path / "image", layer(DEBIAN_BASE, "ADD file:abc in /"), layer(APPLICATION, "COPY app /app"))


def write_config(seawall, text):
    (seawall.work / ".seawall.yaml").write_text(text)


# Exit codes


GATES = {  # conditions: does it stop the image of four findings?
    "critical": 1, "high": 1, "low": 1, "any": 1, "kev": 1, "ransomware": 1, "network": 1, "fixable": 1, "exploit": 1,
    "epss>=0.1": 1, "epss>=0.95": 0, "cvss>=9": 1, "cvss>9.8": 0, "age>30d": 1, "age<30d": 0, "age>30000d": 0,
    "critical+fixable": 1, "low+fixable": 1, "kev+epss<0.5": 0, "epss>=0.95,kev": 1, "epss>=0.95, cvss>9.8": 0}


@pytest.mark.parametrize("conditions", GATES)
def test_a_gate_stops_what_fulfils_it(seawall, image, conditions):
    done = seawall("scan", "--fail-on", conditions, image)
    assert done.code == GATES[conditions], done.err
    assert "CVE-2024-1004" in done.out


@pytest.mark.parametrize("conditions", ["hihg", "epss", "epss>=", "epss>=x", "cvss>=eleven", "age>30x", "high,", "+", "kev+"])
def test_a_gate_that_is_none_is_wrong_usage(seawall, image, conditions):
    done = seawall("scan", "--fail-on", conditions, image)
    assert done.code == 2 and "--fail-on" in done.err and not done.out


WRONG = [["scan"], ["scan", "--no-such", "x"], ["no-such"], ["scan", "--severity", "terrible", "x"], ["scan", "-o", "no-such", "x"],
         ["scan", "--timeout", "soon", "x"], ["scan", "--type", "both", "x"], ["db", "build"], ["db", "no-such"], ["completion", "tcsh"],
         ["scan", "--severity", "low", "--severity", "high", "x"], ["cache", "status", "more"], ["version", "compare", "--scheme", "x", "1", "2"],
         ["scan", "--config", "absent.yaml", "x"], ["scan", "-o"]]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_usage_is_two_and_says_what_is_wrong(seawall, arguments):
    done = seawall(*arguments)
    assert done.code == 2 and done.err.startswith("seawall: ") and done.out == ""


def test_a_target_that_cannot_be_read_is_three_and_shows_no_report(seawall, tmp_path):
    done = seawall("scan", "-o", "json", f"-osarif={tmp_path}/out.sarif", "docker-archive:absent.tar")
    assert done.code == 3 and done.out == "" and not (tmp_path / "out.sarif").exists()


def test_an_absent_or_broken_database_could_not_complete(seawall, image, tmp_path):
    assert seawall("scan", "--db", tmp_path / "absent.db", image).code == 3
    (tmp_path / "text.db").write_text("no database")
    done = seawall("scan", "--db", tmp_path / "text.db", image)
    assert done.code == 3 and "text.db" in done.err and done.out == ""


@pytest.mark.parametrize("keep", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_database_is_refused(seawall, image, tmp_path, database, keep):
    whole = database.read_bytes()
    (tmp_path / "part.db").write_bytes(whole[:int(len(whole) * keep)])
    done = seawall("scan", "--db", tmp_path / "part.db", image)
    assert done.code == 3 and "part.db" in done.err


def test_nothing_to_scan_is_a_warning_or_four(seawall, tmp_path):
    empty = image_in(tmp_path / "empty", layer({"etc/x": "y"}))
    done = seawall("scan", empty)
    assert done.code == 0 and "no packages" in done.err
    assert seawall("scan", "--fail-if-empty", empty).code == 4
    assert seawall("sbom", "--fail-if-empty", empty).code == 4
    (tmp_path / "folder").mkdir()
    assert seawall("scan", "--fail-if-empty", f"dir:{tmp_path}/folder").code == 4


def test_data_too_old_is_five(seawall, image):
    done = seawall("scan", "--max-db-age", "30d", image)
    assert done.code == 5 and "2024-02-20" in done.err and done.out == ""
    assert seawall("scan", "--max-db-age", "5000d", image).code == 0


def test_a_gate_that_is_reached_counts_more_than_a_part_that_is_missing(seawall, image):
    assert seawall("scan", "--fail-on", "critical", "docker-archive:absent.tar", image).code == 1


def test_a_closed_standard_output_could_not_complete(seawall, image):
    with open("/dev/full", "w") as full:
        process = seawall.start("scan", image, stdout=full, stderr=subprocess.PIPE)
        assert "standard output" in process.communicate(timeout=20)[1].decode() and process.returncode == 3


# Choosing what is shown


def test_severity_is_a_floor(seawall, image):
    assert ids_of(seawall.scan("--severity", "high", image)) == {"CVE-2024-1004", "CVE-2021-1001"}
    assert ids_of(seawall.scan("--severity", "critical", image)) == {"CVE-2024-1004"}
    assert len(ids_of(seawall.scan("--severity", "negligible", image))) == 4


def test_only_fixed_leaves_out_what_has_no_fix(seawall, image):
    report = seawall.scan("--only-fixed", image)
    assert ids_of(report) == {"CVE-2024-1004", "CVE-2021-1001"} and report["summary"]["findings"] == 2


def test_upgrades_speak_only_of_what_is_shown(seawall, image):
    assert [u["package"] for u in seawall.scan("--severity", "critical", image)["upgrades"]] == ["libssl3"]


def test_what_is_left_out_does_not_reach_the_gate(seawall, image):
    assert seawall("scan", "--severity", "critical", "--fail-on", "low+epss<0.5", image).code == 0


def test_type_chooses_packages_of_the_system_or_of_languages(seawall, image):
    assert names_of(seawall.scan("--type", "os", image)) == {"libssl3", "bash"}
    assert names_of(seawall.scan("--type", "language", image)) == {"lodash", "leftish"}


@pytest.mark.parametrize("glob,left", [("app/**", {"libssl3", "bash"}), ("**/lodash/**", {"libssl3", "bash", "leftish"}),
                                       ("var/lib/dpkg/status", {"lodash", "leftish"}), ("nothing/**", {"libssl3", "bash", "lodash", "leftish"})])
def test_skip_leaves_paths_out_of_images_and_trees(seawall, image, tmp_path, glob, left):
    assert names_of(seawall.scan("--skip", glob, image)) == left
    for path, text in (DEBIAN_BASE | APPLICATION).items():
        (tmp_path / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / path).write_text(text)
    assert names_of(seawall.scan("--skip", glob, f"dir:{tmp_path}/tree")) == left
    assert names_of(seawall.scan(image)) == {"libssl3", "bash", "lodash", "leftish"}, "skipping must not reach the cache"


def test_distro_overrides_what_os_release_says(seawall, tmp_path):
    target = image_in(tmp_path / "i", layer(DEBIAN_BASE | {"etc/os-release": os_release("debian", "11")}))
    assert not ids_of(seawall.scan(target))
    report = seawall.scan("--distro", "debian:12", target)
    assert ids_of(report) == {"CVE-2024-1004", "CVE-2024-1005"} and report["distro"]["version"] == "12"


def test_quiet_leaves_only_results_and_errors(seawall, tmp_path):
    empty = image_in(tmp_path / "empty", layer({"etc/x": "y"}))
    done = seawall("scan", "-q", empty)
    assert done.code == 0 and done.err == "" and done.out
    assert seawall("scan", "-q", "docker-archive:absent").err


def test_a_timeout_is_no_sooner_than_it_says(seawall, image):
    for _ in range(8):
        assert seawall("scan", "--no-cache", "--timeout", "1s", image).code == 0


def test_a_timeout_bounds_a_registry_that_never_answers(seawall):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        done = seawall("scan", "--timeout", "1s", f"127.0.0.1:{silent.getsockname()[1]}/app:1")
        assert time.monotonic() - started < 5  # without it: four retries of 30 s each
    assert done.code == 3 and "--timeout 1s" in done.err


# Why


def test_why_tells_a_match_step_by_step(seawall, image):
    for name in ("CVE-2024-1004", "DEBIAN-CVE-2024-1004"):
        done = seawall("scan", "--why", name, image)
        assert done.code == 0
        for part in ("CVE-2024-1004", "libssl3", "3.0.1-1", "openssl", "3.0.2-1", "var/lib/dpkg/status"):
            assert part in done.out, part
        assert "lodash" not in done.out
    assert "lodash" in seawall("scan", "--why", "GHSA-aaaa-bbbb-cccc", image).out


def test_why_of_something_that_is_not_there(seawall, image):
    done = seawall("scan", "--why", "CVE-1999-0001", image)
    assert done.code == 0 and done.out == "" and "CVE-1999-0001" in done.err


def test_why_does_not_pass_over_what_could_not_be_read(seawall, image):
    done = seawall("scan", "--why", "CVE-1999-0001", image, "./absent")
    assert done.code == 3 and "absent" in done.err and "nothing here is affected" not in done.err


# Settings: flag, then environment, then file


def test_a_flag_counts_more_than_the_environment_and_that_more_than_the_file(seawall, image):
    write_config(seawall, "severity: low\nfail-on: critical\n")
    assert seawall("scan", image).code == 1
    assert seawall("scan", image, env={"SEAWALL_FAIL_ON": "epss>=0.95"}).code == 0
    assert seawall("scan", "--fail-on", "kev", image, env={"SEAWALL_FAIL_ON": "epss>=0.95"}).code == 1
    assert len(ids_of(seawall.scan(image, env={"SEAWALL_SEVERITY": "critical", "SEAWALL_FAIL_ON": "epss>=0.95"}))) == 1


def test_lists_and_flags_from_environment_and_file(seawall, image):
    write_config(seawall, "skip: [app/**, etc/**]\nonly-fixed: true\n")
    assert ids_of(seawall.scan(image)) == {"CVE-2024-1004"}
    assert ids_of(seawall.scan(image, env={"SEAWALL_SKIP": "var/**,nothing/**"})) == {"CVE-2021-1001"}
    assert len(ids_of(seawall.scan(image, env={"SEAWALL_SKIP": "x", "SEAWALL_ONLY_FIXED": "false"}))) == 4


def test_a_list_of_conditions_is_a_gate_of_all_of_them(seawall, image):
    for conditions in ("[critical, epss>=0.95]", "[epss>=0.95, critical]"):
        write_config(seawall, f"fail-on: {conditions}\n")
        assert seawall("scan", image).code == 1
    assert seawall("scan", "--fail-on", "critical", "--fail-on", "epss>=0.95", image).code == 1
    assert seawall("scan", image, env={"SEAWALL_FAIL_ON": "epss>=0.95, cvss>9.8"}).code == 0


def test_outputs_from_the_environment(seawall, image, tmp_path):
    done = seawall("scan", image, env={"SEAWALL_OUTPUT": f"json={tmp_path}/a.json,sarif={tmp_path}/b.sarif"})
    assert done.code == 0 and done.out == "" and (tmp_path / "a.json").exists() and (tmp_path / "b.sarif").exists()


def test_the_file_is_found_upward_or_named(seawall, image, tmp_path):
    write_config(seawall, "severity: critical\n")
    deep = seawall.work / "a" / "b"
    deep.mkdir(parents=True)
    assert len(ids_of(seawall.scan(image, cwd=deep))) == 1
    (tmp_path / "other.yaml").write_text("severity: high\n")
    assert len(ids_of(seawall.scan("--config", tmp_path / "other.yaml", image))) == 2
    assert len(ids_of(seawall.scan(f"--config={tmp_path}/other.yaml", image))) == 2
    assert len(ids_of(seawall.scan(image, env={"SEAWALL_CONFIG": str(tmp_path / "other.yaml")}))) == 2


@pytest.mark.parametrize("text", ["serverity: high\n", "severity: terrible\n", "- a\n- b\n", "a: [\n", "ignore: 3\n", "only-fixed: maybe\n",
                                  "timeout: soon\n", "ignore:\n  - id: CVE-1\n", "ignore:\n  - reason: because\n",
                                  "ignore:\n  - id: CVE-1\n    reason: x\n    untill: 2030-01-01\n",
                                  "ignore:\n  - id: CVE-1\n    reason: x\n    until: someday\n", "severity:\n  a: b\n", "severity: [low, high]\n", "skip: {a: b}\n", "skip: [[a]]\n"])
def test_a_wrong_file_is_an_error_that_names_it(seawall, image, text):
    write_config(seawall, text)
    done = seawall("scan", image)
    assert done.code == 2 and ".seawall.yaml" in done.err and done.out == ""


@pytest.mark.parametrize("name,value", [("SEVERITY", "terrible"), ("ONLY_FIXED", "maybe"), ("TIMEOUT", "soon"), ("OUTPUT", "no-such")])
def test_a_wrong_value_in_the_environment_is_an_error_that_names_it(seawall, image, name, value):
    done = seawall("scan", image, env={f"SEAWALL_{name}": value})
    assert done.code == 2 and value in done.err


def test_help_and_version_work_beside_a_broken_file(seawall):
    write_config(seawall, "a: [\n")
    assert seawall("--help").code == 0 and seawall("--version").code == 0


def test_options_lists_every_option_with_its_environment_variable(seawall):
    text = seawall("options").out
    for option in ("fail-on", "severity", "only-fixed", "type", "skip", "distro", "timeout", "quiet", "show-ignored", "max-db-age", "db"):
        assert f"--{option}\n" in text and "SEAWALL_" + option.upper().replace("-", "_") in text


# Ignore rules


RULES = """
ignore:
  - id: CVE-2024-1004
    reason: not reachable
    owner: platform-team
    until: 2199-12-31
  - package: lodash
    reason: build time only
  - id: CVE-2022-*
    reason: was to be looked at
    until: 2020-01-01
  - id: CVE-1999-0001
    reason: of another image
"""


def test_ignored_findings_leave_the_report_and_the_gate(seawall, image):
    write_config(seawall, RULES)
    report = seawall.scan("--fail-on", "kev,high", image)
    assert ids_of(report) == {"CVE-2024-1005", "CVE-2022-1002"}
    assert ids_of(report, "ignored") == {"CVE-2024-1004", "CVE-2021-1001"}
    assert any("expired" in text for text in notices_of(report))
    assert "CVE-2024-1004" not in {i for u in report["upgrades"] for i in u["ids"]}


def test_show_ignored_lists_what_is_silenced_and_why(seawall, image):
    write_config(seawall, RULES)
    assert "CVE-2024-1004" not in seawall("scan", image).out
    shown = seawall("scan", "--show-ignored", image).out
    assert "CVE-2024-1004" in shown and "not reachable" in " ".join(shown.split())


@pytest.mark.parametrize("scope,ignored", [
    ("path: app/**", {"CVE-2021-1001", "CVE-2022-1002"}), ("path: var/**", {"CVE-2024-1004", "CVE-2024-1005"}),
    ("purl: pkg:npm/lodash@*", {"CVE-2021-1001"}), ("id: [CVE-2021-1001, CVE-2022-1002]", {"CVE-2021-1001", "CVE-2022-1002"}),
    ("id: GHSA-aaaa-bbbb-cccc", {"CVE-2021-1001"}), ("{id: CVE-*, image: 'oci:**'}", {"CVE-2021-1001", "CVE-2022-1002", "CVE-2024-1004", "CVE-2024-1005"}),
    ("{id: CVE-*, image: 'registry.example/*'}", set()), ("{id: CVE-*, package: bash}", {"CVE-2024-1005"})])
def test_the_scope_of_a_rule(seawall, image, scope, ignored):
    fields = scope.strip("{}").replace(", package", "\n    package").replace(", image", "\n    image") if scope.startswith("{") else scope
    write_config(seawall, f"ignore:\n  - {fields}\n    reason: x\n")
    assert ids_of(seawall.scan(image), "ignored") == ignored


def test_audit_tells_used_unused_and_expired_rules(seawall, image, tmp_path):
    write_config(seawall, RULES)
    assert seawall("scan", f"-ojson={tmp_path}/report.json", image).code == 0
    done = seawall("exceptions", "audit", tmp_path / "report.json")
    states = [line.split()[0] for line in done.out.splitlines()]
    assert done.code == 0 and states == ["used", "used", "expired", "unused"]
    assert "platform-team" in done.out and "CVE-1999-0001" in done.out
    assert seawall("exceptions", "audit", "--fail-on-stale", tmp_path / "report.json").code == 1


def test_audit_of_what_is_no_report(seawall, tmp_path):
    write_config(seawall, RULES)
    (tmp_path / "x.json").write_text("[1, 2]")
    assert seawall("exceptions", "audit", tmp_path / "x.json").code in (2, 3)
    assert seawall("exceptions", "audit", tmp_path / "absent.json").code == 3


# Help, manual pages, completion


def test_every_command_has_help_with_an_example(seawall):
    for command in commands_of(seawall):
        done = seawall(*command.split(), "--help")
        assert done.code == 0 and done.err == "", command
        assert f"Usage: seawall {command}" in done.out and "\nExamples:\n  seawall " in done.out, command
        assert max(map(len, done.out.splitlines())) <= 120, command
        assert seawall("help", *command.split()).out == done.out


def test_help_lists_the_exit_codes(seawall):
    text = seawall("--help").out
    for code in range(6):
        assert re.search(rf"^  {code}  ", text, re.M)


def test_version(seawall):
    assert re.fullmatch(r"seawall \d+\.\d+\.\d+\n", seawall("--version").out)


@pytest.fixture(scope="module")
def pages(tmp_path_factory, database):
    folder = tmp_path_factory.mktemp("man")
    assert support.Caller(folder / "home")("man", "--directory", folder / "man1").code == 0
    return folder / "man1"


def test_every_command_has_a_manual_page(seawall, pages):
    assert {p.name for p in pages.iterdir()} == {"seawall.1"} | {f"seawall-{c.replace(' ', '-')}.1" for c in commands_of(seawall)}
    assert seawall("man", "scan").out == (pages / "seawall-scan.1").read_text()


@pytest.mark.skipif(not shutil.which("groff"), reason="no groff")
def test_manual_pages_have_no_warnings(pages):
    for page in sorted(pages.iterdir()):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", page], capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == "", page.name


@pytest.mark.skipif(not shutil.which("mandoc"), reason="no mandoc")
def test_manual_pages_pass_mandoc(pages):
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *sorted(pages.iterdir())], capture_output=True, text=True)
    assert not [line for line in done.stdout.splitlines() if "missing date" not in line]


def with_program(seawall):
    """The environment of a shell that finds the program: some values only it can tell."""
    return seawall.environment | {"PATH": f"{seawall.program.parent}:{os.environ['PATH']}"}


def complete(seawall, *line):
    """What a real bash offers at the end of the line."""
    script = ('source /dev/stdin\nCOMP_WORDS=("$@")\nCOMP_CWORD=$(($# - 1))\nspec=$(complete -p seawall)\n'
              'fn=${spec##*-F }; ${fn%% *} seawall "${COMP_WORDS[COMP_CWORD]}"\nprintf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "--noprofile", "--norc", "-c", script, "bash", "seawall", *line], capture_output=True, text=True,
                          input=seawall("completion", "bash").out, cwd=seawall.work, env=with_program(seawall))
    assert done.returncode == 0 and done.stderr == ""
    return set(done.stdout.split())


def test_bash_completes_commands_options_values_and_files(seawall):
    assert {"scan", "sbom", "db", "cache"} <= complete(seawall, "")
    assert complete(seawall, "sc") == {"scan"}
    assert {"build", "status"} <= complete(seawall, "db", "")
    assert complete(seawall, "exceptions", "") == {"audit"}
    assert "--fail-on" in complete(seawall, "scan", "--f") and "--db" in complete(seawall, "scan", "--d")
    assert "--severity" not in complete(seawall, "sbom", "--")
    assert "--from" in complete(seawall, "db", "build", "--f")
    assert complete(seawall, "scan", "--severity", "c") == {"critical"}
    assert "json" in complete(seawall, "scan", "-o", "js") | complete(seawall, "scan", "--output", "js")
    assert complete(seawall, "completion", "b") == {"bash"}
    assert complete(seawall, "scan", "--log-level", "d") == {"debug"}
    (seawall.work / "image.tar").touch()
    assert complete(seawall, "scan", "ima") == {"image.tar"}
    assert complete(seawall, "rules", "show", "workload/privileged") == {"workload/privileged"}
    assert complete(seawall, "rules", "list", "ima") == {"image.tar"}
    assert complete(seawall, "check", "-p", "pod-security/r") == {"pod-security/restricted"}


def test_bash_completion_is_offered_at_a_real_prompt(seawall, tmp_path):
    (tmp_path / "completion").write_text(seawall("completion", "bash").out)
    master, slave = pty.openpty()
    process = subprocess.Popen(["bash", "--noprofile", "--norc", "-i"], stdin=slave, stdout=slave, stderr=slave, close_fds=True,
                               env=seawall.environment | {"PS1": "", "PATH": f"{seawall.program.parent}:{os.environ['PATH']}"})
    os.close(slave)
    os.write(master, f"source {tmp_path}/completion; echo re''ady\n".encode())
    text = read_until(master, b"ready")
    os.write(master, b"seawall exc\t\t\n")
    text = read_until(master, b"exceptions")
    process.kill()
    process.wait()
    os.close(master)
    assert b"exceptions" in text


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
def test_fish_completes_commands_options_and_values(seawall, tmp_path):
    (tmp_path / "seawall.fish").write_text(seawall("completion", "fish").out)

    def offered(line):
        script = f"source {tmp_path}/seawall.fish; complete -C {json.dumps(line)}"
        done = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, cwd=seawall.work,
                              env=with_program(seawall))
        assert done.returncode == 0 and done.stderr == ""
        return {one.split("\t")[0] for one in done.stdout.splitlines()}

    assert offered("seawall exc") == {"exceptions"} and offered("seawall exceptions ") == {"audit"}
    assert {"build", "status"} <= offered("seawall db ") and "build" not in offered("seawall db status ")
    assert offered("seawall scan --sev") == {"--severity"} and "--from" in offered("seawall db build --f")
    assert offered("seawall scan --severity c") == {"critical"} and offered("seawall scan --log-level d") == {"debug"}
    assert "json" in offered("seawall scan -o js") and offered("seawall completion b") == {"bash"}
    assert "workload/privileged" in offered("seawall rules show workload/priv")
    assert "pod-security/restricted" in offered("seawall check --policy pod-security/r")


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
@pytest.mark.parametrize("load", ["source {folder}/_seawall", "fpath=({folder} $fpath); compinit -u -D"], ids=["sourced", "found"])
def test_zsh_completes_at_a_real_prompt(seawall, tmp_path, load):
    folder = tmp_path / "functions"
    folder.mkdir()
    (folder / "_seawall").write_text(seawall("completion", "zsh").out)
    (seawall.work / "image.tar").touch()
    master, slave = pty.openpty()
    process = subprocess.Popen(["zsh", "-f", "-i"], stdin=slave, stdout=slave, stderr=slave, close_fds=True, cwd=seawall.work,
                               env=seawall.environment | {"TERM": "dumb", "PATH": f"{seawall.program.parent}:{os.environ['PATH']}"})
    os.close(slave)
    os.write(master, f"PS1=; autoload -U compinit; compinit -u -D; {load.format(folder=folder)}; echo re''ady\n".encode())
    read_until(master, b"ready")
    for typed, wanted in (("seawall exc\t", "exceptions"), ("seawall db bui\t", "build"), ("seawall scan --sev\t", "--severity"),
                          ("seawall scan --severity cr\t", "critical"), ("seawall scan -o sar\t", "sarif"),
                          ("seawall completion fi\t", "fish"), ("seawall scan ima\t", "image.tar"),
                          ("seawall rules show pod-security/r\t", "restricted"), ("seawall check --policy pod-security/b\t", "baseline")):
        os.write(master, typed.encode())
        assert wanted.encode() in read_until(master, wanted.encode(), 5), typed
        os.write(master, b"\x15")
    process.kill()
    process.wait()
    os.close(master)


# Terminals


def read_until(master, mark, seconds=10):
    """What the terminal shows until `mark` does, or its other end closes."""
    text, end = b"", time.monotonic() + seconds
    while mark not in text and time.monotonic() < end:
        if not select.select([master], [], [], 0.1)[0]:
            continue
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    return text


def at_terminal(seawall, *arguments, columns=100, **environment):
    """Runs with a terminal for standard output and error; gives what it shows."""
    master, slave = pty.openpty()
    environment = {"TERM": "xterm", **environment}
    import fcntl
    import struct
    import termios
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = seawall.start(*arguments, env=environment, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    text = read_until(master, b"\0")
    assert process.wait(timeout=20) == 0
    os.close(master)
    return text.decode()


def test_colours_only_at_a_terminal_that_wants_them(seawall, image):
    assert "\x1b[" in at_terminal(seawall, "scan", image)
    assert "\x1b[" not in at_terminal(seawall, "scan", image, NO_COLOR="1")
    assert "\x1b[" not in at_terminal(seawall, "scan", image, TERM="dumb")
    assert "\x1b" not in seawall("scan", image).out
    assert "\x1b[" in seawall("scan", image, env={"CLICOLOR_FORCE": "1"}).out
    assert "\x1b" not in seawall("scan", image, env={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}).out


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_the_table_keeps_to_the_width_of_the_terminal(seawall, image, columns):
    shown = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", at_terminal(seawall, "scan", image, columns=columns))
    assert "CVE-2024-1004" in shown
    rows = [line for line in shown.splitlines() if "apt-get" not in line and "oci:" not in line]
    assert max(len(line.rstrip("\r")) for line in rows) <= columns


def test_there_is_no_progress_where_no_terminal_is(seawall, tmp_path):
    target = image_in(tmp_path / "i", layer({f"f{i}": bytes(1 << 20) for i in range(8)}))
    for options in ((), ("--no-progress",), ("-q",)):
        done = seawall("scan", *options, target)
        assert "\r" not in done.err and "layer 1" not in done.err


def test_progress_is_shown_at_a_terminal_and_is_gone_at_the_end(seawall, tmp_path):
    target = image_in(tmp_path / "i", *[layer({"f": bytes(48 << 20)})] * 60)  # a second or more of zeros
    shown = at_terminal(seawall, "scan", "--no-cache", target)
    assert re.search(r"\r\x1b\[Klayer \d+ of 60", shown)
    assert not at_terminal(seawall, "scan", "--no-cache", "-q", target).count("\x1b[K")


def test_standard_output_holds_only_results(seawall, tmp_path, image):
    done = seawall("scan", "-o", "json", "docker-archive:absent.tar", image)
    assert done.code == 3 and json.loads(done.out) and "absent.tar" in done.err
    done = seawall("scan", "--log-level", "debug", "-o", "json", image)
    assert json.loads(done.out)
    lock = tmp_path / "package-lock.json"
    lock.write_text(package_lock(lodash="4.17.20"))
    done = seawall("scan", f"-ojson={tmp_path}/out.json", lock)
    assert done.out == "" and json.loads((tmp_path / "out.json").read_text())


def test_names_from_images_cannot_steer_the_terminal(seawall, tmp_path):
    evil = layer({"app/node_modules/x/package.json": json.dumps({"name": "x\x1b]0;owned\x07", "version": "1.0\x1b[2J"}),
                  "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="\x1b[31mred"\n'})
    target = image_in(tmp_path / "i", evil)
    for form in ("table", "markdown", "html"):
        assert "\x1b" not in seawall("sbom", "-o", form, target).out
    shown = at_terminal(seawall, "sbom", "-o", "table", target)
    assert "\x1b]0" not in shown and "\x1b[2J" not in shown


def test_messages_cannot_steer_the_terminal_either(seawall, tmp_path):
    (tmp_path / "bad.json").write_text('{"bomFormat": "CycloneDX", "specVersion": "9\\u001b[2J"}')
    done = seawall("scan", f"sbom:{tmp_path}/bad.json", "a\x1b[2J")
    assert done.code in (2, 3) and "\x1b" not in done.err and "x1b[2J" in done.err
    done = seawall("scan", "--why", "CVE-\x1b[2J", image_in(tmp_path / "i", GOOD_LAYER))
    assert "\x1b" not in done.err
