"""seawall cel: one expression on one input, its explanation, type and cost, and the prompt."""
import json
import os
import pty
import select
import stat
import subprocess
import time

import pytest

POD = """
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels: {app.kubernetes.io/name: web}
spec:
  hostNetwork: false
  replicas: 4
  containers:
    - name: a
      image: reg/a:1
      securityContext: {privileged: false}
    - name: b
      image: reg/b:1
    - name: c
      image: other/c:1
      securityContext: {privileged: true}
"""


@pytest.fixture
def cel(seawall, tmp_path):
    (tmp_path / "pod.yaml").write_text(POD)

    def call(*arguments, **options):
        if "stdin" in options and isinstance(options["stdin"], str):
            options["stdin"] = options["stdin"].encode()
        return seawall("cel", *arguments, **options)

    call.pod = tmp_path / "pod.yaml"
    call.folder = tmp_path
    call.seawall = seawall
    return call


# Values and inputs


VALUES = {  # expression: as CEL writes it, as JSON
    "1 + 1": ("2", 2), "1.0": ("1.0", 1.0), "18446744073709551615u": ("18446744073709551615u", 18446744073709551615),
    "'a\"b\\n'": ('"a\\"b\\n"', 'a"b\n'), "b'\\xff'": ('b"\\xff"', "/w=="), "null": ("null", None), "[dyn(1), 'a', 2u]": ('[1, "a", 2u]', [1, "a", 2]),
    "{'a': [true], 'b': 0.5}": ('{"a": [true], "b": 0.5}', {"a": [True], "b": 0.5}), "{1: 2}": ("{1: 2}", {"1": 2}),
    "duration('90s')": ('duration("90s")', "90s"), "timestamp('2024-02-29T00:00:00Z')": ('timestamp("2024-02-29T00:00:00Z")', "2024-02-29T00:00:00Z"),
    "double('NaN')": ("NaN", "NaN"), "-1.0 / 0.0": ("-Infinity", "-Infinity"), "type(1)": ("int", "int"),
    "optional.of(3)": ("optional.of(3)", 3), "optional.none()": ("optional.none()", None), "9007199254740993": ("9007199254740993", 9007199254740993)}


@pytest.mark.parametrize("expression", VALUES)
def test_a_value_is_printed_as_cel_or_as_json(cel, expression):
    text, value = VALUES[expression]
    assert cel("--", expression).out == text + "\n"
    assert cel("-o", "json", "--", expression).json() == value


ON_THE_POD = {"object.spec.containers.all(c, has(c.image))": "true", "spec.replicas > 3": "true", "metadata.labels['app.kubernetes.io/name']": '"web"',
              "kind == 'Pod' && object.kind == kind": "true", "spec.containers.map(c, c.name)": '["a", "b", "c"]',
              "spec.containers.filter(c, c.?securityContext.privileged.orValue(false)).size()": "1",
              "quantity('1Gi').isGreaterThan(quantity('900Mi'))": "true", "math.greatest(1, spec.replicas)": "4", "type(kind) == string": "true",
              "cel.bind(n, spec.replicas, n * n)": "16", "base64.encode(b'a')": '"YQ=="', "ip('10.0.0.1').family()": "4",
              "'%s/%d'.format([kind, 2])": '"Pod/2"', "spec.containers.transformMap(i, c, c.name)": '{0: "a", 1: "b", 2: "c"}'}


@pytest.mark.parametrize("expression", ON_THE_POD)
def test_the_input_is_object_and_its_members_go_by_their_names(cel, expression):
    done = cel(expression, "--input", cel.pod)
    assert (done.code, done.out) == (0, ON_THE_POD[expression] + "\n"), done.err


def test_input_is_json_or_yaml_by_content_from_a_file_or_standard_input(cel):
    for text in (POD, json.dumps({"spec": {"replicas": 4}}), "{spec: {replicas: 4}}", "\ufeff" + '{"spec": {"replicas": 4}}'):
        assert cel("object.spec.replicas", "-i", "-", stdin=text).out == "4\n"
    assert cel("object", "-i", "-", stdin='"a\\/b"').out == '"a/b"\n'
    assert cel("object[1]", "-i", "-", stdin="[1, 2.5]").out == "2.5\n"


def test_names_that_mean_something_else_stay_as_they_are(cel):
    text = "type: Opaque\nint: 3\nin: 1\nobject: 2\na-b: 1\nsize: 7\nmap: 5\n'': 1\n'a.b': 1\n"
    assert cel("type(1) == int && size([1]) == 1 && size == 7 && object.map == 5", "-i", "-", stdin=text).out == "true\n"
    assert cel("[object.type, object.int, object.object, object['in'], object['a-b']].size()", "-i", "-", stdin=text).out == "5\n"


def test_how_yaml_and_json_map_to_cel(cel):
    text = "[1, 1.5, yes, 'yes', true, ~, 1e3, 0x10, 2024-01-01, 9223372036854775807, 9223372036854775808, '1']"
    assert cel("object.map(x, type(x) == int ? 'i' : type(x) == double ? 'd' : type(x) == string ? 's' : type(x) == bool ? 'b' : 'n').join()",
               "-i", "-", stdin=text).out == '"idssbndisids"\n'


def test_variables_of_the_command_line(cel):
    assert cel("--var", "limit=3", "--var", 'names=["a", "b"]', "[1, 2, 3, 4].filter(x, x < limit).size() == names.size()").out == "true\n"
    assert cel("--var", "kind='Mine'", "-i", cel.pod, "kind + object.kind").out == '"MinePod"\n'
    for wrong in ("limit", "a b=1", "=1", "int=1", "x={", 'x={"a":1,"a":2}', "in=1"):
        done = cel("--var", wrong, "1")
        assert done.code == 2 and "--var" in done.err and done.out == "", wrong


def test_one_of_several_documents(cel):
    text = "# nothing\n---\na: 1\n---\n# nothing\n"
    assert cel("object.a", "-i", "-", stdin=text).out == "1\n"
    done = cel("object.a", "-i", "-", stdin="a: 1\n---\na: 2\n")
    assert done.code == 3 and "--document" in done.err
    assert cel("object.a", "-i", "-", "--document", "2", stdin="a: 1\n---\na: 2\n").out == "2\n"
    assert cel("object.a", "-i", "-", "--document", "3", stdin="a: 1\n---\na: 2\n").code == 3


BAD_INPUTS = {"not utf-8": (b"a: \xff\n", "byte 4"), "duplicate key": (b"a: {b: [{c: 1, c: 2}]}", "a: b: 0: the key \"c\""), "json cut": (b'{"a": [1, 2', "column"),
              "yaml": (b"a: [1\nb: 2", "line 2"), "deep json": (b"[" * 5000, "deep"), "deep yaml": (b"- " * 5000 + b"1", "deep"),
              "alias bomb": (b"a: &a [x,x,x,x,x,x,x,x,x,x]\n" + b"".join(b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 10)) for i in range(9)), "values"),
              "nul": (b"a: b\0c", "")}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_an_input_that_cannot_be_read_is_three_and_says_why(cel, name):
    content, says = BAD_INPUTS[name]
    done = cel("true", "-i", "-", stdin=content)
    assert done.code == 3 and done.out == "" and "standard input" in done.err and says in done.err, done.err
    assert len(done.err) < 1000


def test_an_absent_input_and_an_empty_one(cel):
    assert cel("true", "-i", cel.folder / "absent").code == 3
    assert cel("true", "-i", cel.folder).code == 3
    assert cel("object", "-i", "-", stdin="").out == "null\n"
    assert cel("object", "-i", "/dev/null").out == "null\n"
    done = cel("object.a")
    assert done.code == 3 and "--input" in done.err


def test_huge_numbers(cel):
    assert cel("object.a", "-i", "-", stdin='{"a": 123456789012345678901234567890}').out == "1.2345678901234568e+29\n"
    assert cel("object.a > 1.0", "-i", "-", stdin='{"a": 1e400}').code in (0, 3)


# Mistakes, undecided results, limits


def test_every_mistake_is_told_with_its_place_and_is_two(cel):
    done = cel("1 + 'a' == undefined_name && foo(3)")
    assert done.code == 2 and done.out == ""
    assert "undefined_name" in done.err and "foo" in done.err and done.err.count("line 1, column") == 3 and "^" in done.err
    done = cel("(1 + ")
    assert done.code == 2 and "line 1, column" in done.err and "^" in done.err


@pytest.mark.parametrize("mode", [[], ["--explain"], ["--cost"], ["-o", "json"], ["--exit-status"]], ids=" ".join)
def test_an_undecided_result_is_three_with_place_and_reason(cel, mode):
    done = cel("spec.containers.size() > 1 &&\n spec.nothing == 3", "-i", cel.pod, *mode)
    assert done.code == 3 and done.out == "" and "nothing" in done.err and "^" in done.err and "line 2, column" in done.err, done.err


def test_exit_status_is_one_for_false(cel):
    assert cel("spec.replicas > 3", "-i", cel.pod, "--exit-status").code == 0
    done = cel("spec.replicas > 4", "-i", cel.pod, "--exit-status")
    assert done.code == 1 and done.out == "false\n"
    assert cel("spec.replicas > 4", "-i", cel.pod).code == 0
    assert cel("spec.replicas > 4", "-i", cel.pod, "--exit-status", "--explain").code == 1
    assert cel("spec.replicas", "-i", cel.pod, "--exit-status").code == 3


LONG = "object.all(a, object.all(b, !(a + b in object) || true))"  # as many turns as the limit allows, each slow


@pytest.fixture
def long_list(cel):
    path = cel.folder / "long.json"
    path.write_text(json.dumps(list(range(3000))))
    return path


def test_limits_of_cost_and_time(cel, long_list):
    done = cel("[1, 2, 3].all(x, x > 0)", "--limit-cost", "5")
    assert done.code == 3 and "cost" in done.err
    assert cel("[1, 2, 3].all(x, x > 0)", "--limit-cost", "500").out == "true\n"
    assert cel("1", "--limit-cost", "-1").code == 2
    started = time.monotonic()
    for mode in ([], ["--explain"], ["--cost"]):
        done = cel(LONG, "-i", long_list, "--timeout", "1s", *mode)
        assert done.code == 3 and "--timeout 1s" in done.err and done.out == "", mode
    assert time.monotonic() - started < 10


def test_an_expression_bomb_is_refused(cel):
    assert cel("(" * 5000 + "1" + ")" * 5000).code in (2, 3)
    done = cel("'a'.matches('(a*)*(')")
    assert done.code in (2, 3) and done.out == ""


# Views


def test_explain_tells_what_decided(cel):
    done = cel("spec.containers.all(c, !has(c.securityContext) || !c.securityContext.privileged)", "-i", cel.pod, "--explain")
    assert done.code == 0 and done.out.splitlines()[0] == "false"
    assert "spec.containers[2].securityContext.privileged  true" in done.out and "containers[1]" not in done.out
    assert "spec.containers[2].securityContext.privileged  true" in cel("spec.containers[2].?securityContext.privileged", "-i", cel.pod, "--explain").out
    assert "(absent)" in cel("has(spec.hostPID) && spec.hostPID", "-i", cel.pod, "--explain").out
    told = cel("has(object.spec.hostPID)", "-i", cel.pod, "--explain", "-o", "json").json()
    assert told == {"value": False, "decided_by": [{"path": "object.spec.hostPID", "present": False}], "more": 0}
    assert "no part of the input" in cel("1 + 1", "--explain").out


def test_type_needs_no_input(cel):
    assert cel("object.spec.replicas > 3", "--type").out == "bool\n"
    assert cel("[1].map(x, {'a': x})", "--type").out == "list(map(string, int))\n"
    assert cel("object.a", "--type", "-o", "json").json() == "dyn"


def test_cost_is_what_kubernetes_counts(cel):
    told = cel("'a' + 'b'", "--cost", "-o", "json").json()
    assert told == {"value": "ab", "cost": 1, "estimate": {"least": 1, "most": 1}}
    assert cel("object.spec.containers.all(c, has(c.image))", "--cost", "-o", "json", "-i", cel.pod).json()["estimate"]["most"] is None
    assert "no bound" in cel("object.spec.containers.all(c, has(c.image))", "--cost", "-i", cel.pod).out


def test_program_prints_instructions(cel):
    done = cel("object.a == 1", "--program")
    assert done.code == 0 and len(done.out.splitlines()) >= 2


def test_libraries_of_a_kubernetes_version(cel):
    assert cel("quantity('1').isInteger()", "--kubernetes-version", "1.37").out == "true\n"
    assert cel("math.greatest(1, 2)", "--kubernetes-version", "1.37").code == 2
    assert cel("semver('1.2.3').major()", "--kubernetes-version", "v1.32").code == 2
    assert cel("[1, 'a'].size()").code == 0 and cel("[1, 'a'].size()", "--kubernetes-version", "1.37").code == 2
    assert cel("1", "--kubernetes-version", "2.0").code == 2


@pytest.mark.parametrize("arguments", [["--type", "--cost", "1"], ["--type"], ["--exit-status"], ["-o", "json"], ["-i", "-"], ["1", "2"], ["-o", "table", "1"],
                                       ["--timeout", "soon", "1"], ["--limit-cost", "x", "1"]], ids=" ".join)
def test_wrong_usage_is_two(cel, arguments):
    done = cel(*arguments)
    assert done.code == 2 and done.err.startswith("seawall: ") and done.out == ""


def test_options_of_scan_do_not_reach_cel(cel):
    (cel.seawall.work / ".seawall.yaml").write_text("type: os\noutput: sarif\n")
    assert cel("1 + 1").out == "2\n"
    assert cel("1 + 1", env={"SEAWALL_TYPE": "os", "SEAWALL_OUTPUT": "sarif"}).out == "2\n"


def test_the_terminal_is_safe_from_values(cel):
    done = cel("object", "-i", "-", stdin=json.dumps("\u202eabc\x1b[31m\u0007"))
    assert "\x1b" not in done.out and "\u202e" not in done.out


# The prompt


def test_lines_from_a_pipe(cel):
    text = ("1 + 1\n\n// a remark\nspec.replicas\n:let limit = spec.replicas * 2\n:let limit = limit + 1\nlimit\n:type [limit]\n:explain limit > 3\n"
            ":cost 'a' + 'b'\n1 / 0\nnonsense(\n:nonsense\n:let x\n:let int = 3\n:type\n:vars more\n[1,\\\n 2]\n:vars\n:program 1\n:help\n:quit\n7777\n")
    done = cel("-i", cel.pod, stdin=text)
    lines = done.out.splitlines()
    assert done.code == 0 and lines[:6] == ["2", "4", "8", "9", "9", "list(int)"], done.out
    assert "  limit  9" in lines and "[1, 2]" in lines and ":quit" in done.out and "7777" not in done.out
    assert any(line.startswith("limit ") for line in lines) and any(line.startswith("object ") for line in lines)
    for said in ("divi", "column", ":nonsense", ":let NAME = EXPRESSION", '"int"', ":type EXPRESSION", ":vars takes nothing"):
        assert said in done.err, said


def test_an_input_loaded_later_replaces_the_one_before(cel):
    (cel.folder / "b.json").write_text('{"name": "b"}')
    done = cel("-i", cel.pod, stdin=f":let kept = metadata\n:load {cel.folder}/b.json\nname\nkept.name\nmetadata\n:load {cel.folder}/absent\nname\n:load -\n")
    assert done.code == 0 and done.out.splitlines() == ['{"name": "web", "namespace": "shop", "labels": {"app.kubernetes.io/name": "web"}}', '"b"', '"web"', '"b"']
    assert "absent" in done.err and "metadata" in done.err


def test_a_named_value_keeps_its_type(cel):
    done = cel(stdin=":let q = quantity('1Gi')\n:type q\n:let l = [{'a': 1}]\n:type l\nl[0].a + 1\nl[0].a + 'x'\n:type q.add(q)\n")
    assert done.out.splitlines()[1:4] == ["kubernetes.Quantity", '[{"a": 1}]', "list(map(string, int))"] and "2" in done.out.splitlines()
    assert "column" in done.err and done.out.splitlines()[-1] == "kubernetes.Quantity"


def test_long_lines_and_many_names(cel):
    done = cel(stdin="'" + "a" * (2 << 20) + "'\n1 + 1\n", timeout=60)
    assert done.code == 0 and done.out == "2\n" and "1 MiB" in done.err
    done = cel(stdin="".join(f":let a{i} = {i}\n" for i in range(1100)) + "1 + 1\n", timeout=60)
    assert done.code == 0 and done.out.endswith("999\n2\n") and "too many" in done.err


class Terminal:
    """The program at a terminal."""

    def __init__(self, seawall, *arguments):
        self.ours, theirs = pty.openpty()
        self.process = seawall.start("cel", *arguments, stdin=theirs, stdout=theirs, stderr=theirs, env={"TERM": "xterm"}, start_new_session=True,
                                     preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0))
        os.close(theirs)
        self.seen, self.read = "", 0  # all that was written; up to where a test has waited

    def type(self, text):
        os.write(self.ours, text.encode())

    def until(self, text, seconds=10):
        end = time.monotonic() + seconds
        while text not in self.seen[self.read:] and time.monotonic() < end:
            if select.select([self.ours], [], [], 0.1)[0]:
                self.seen += os.read(self.ours, 65536).decode(errors="replace")
        assert text in self.seen[self.read:], self.seen
        self.read = self.seen.index(text, self.read) + len(text)

    def leave(self):
        """Ctrl-D, until it is seen: typed before the program has taken the terminal over it means nothing."""
        self.until("cel> ")
        for _ in range(20):
            self.type("\x04")
            try:
                code = self.process.wait(0.5)
                break
            except subprocess.TimeoutExpired:
                pass
        os.close(self.ours)
        return code


def test_a_terminal_gets_a_prompt_and_a_history_of_its_own(cel, tmp_path):
    at = Terminal(cel.seawall, "-i", str(cel.pod))
    at.until("cel> ")
    at.type("spec.replicas * 100\n")
    at.until("400")
    at.until("cel> ")
    at.type("1 +")
    at.until("1 +")
    at.type("\x03")
    at.until("cel> ")
    at.type("20 + 22\n")
    at.until("42")
    assert at.leave() == 0
    history = tmp_path / "home" / ".local" / "state" / "seawall" / "cel_history"
    assert history.read_text() == "spec.replicas * 100\n20 + 22\n"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    at = Terminal(cel.seawall, "-i", str(cel.pod))
    at.until("cel> ")
    at.type("\x10\x10\n")
    at.until("400")
    assert at.leave() == 0


def test_an_interrupt_ends_the_evaluation_and_not_the_prompt(cel, long_list):
    at = Terminal(cel.seawall, "-i", str(long_list), "--timeout", "30s")
    at.until("cel> ")
    at.type(LONG + "\n")
    time.sleep(0.3)
    at.type("\x03")
    at.until("interrupted", 5)
    at.until("cel> ")
    at.type("20 + 22\n")
    at.until("42")
    assert at.leave() == 0
