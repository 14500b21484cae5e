"""Makes CEL expressions over Pods: most of them well-typed, all operators, macros and libraries of the API server.

    python3 cel_expressions.py [SEED [COUNT]]      the lines that cel_probe and cel_go read
"""
import json
import random
import sys

INPUTS = [
    {"apiVersion": "v1", "kind": "Pod",
     "metadata": {"name": "web-7d4b9c", "namespace": "shop", "generation": 3, "creationTimestamp": "2024-02-29T23:59:59.5Z",
                  "labels": {"app": "web", "tier": "front", "a/b": "Ä"}, "annotations": {"team": "payments", "n": "12"},
                  "finalizers": ["b", "a", "b"], "ownerReferences": []},
     "spec": {"hostNetwork": False, "restartPolicy": "Always", "priority": -7, "weight": 1.5, "big": 9223372036854775807,
              "nodeSelector": None, "version": "1.2.3-rc.1", "podIP": "10.1.2.3", "range": "10.0.0.0/8", "timeout": "1h2m3s",
              "site": "https://user@host.example:8443/a%20b/c?q=1&q=2#f", "numbers": [3, 1, 2, 2], "mixed": [1, "a", None, 2.0, True],
              "containers": [
                  {"name": "app", "image": "registry.example/shop/web:1.4.2", "ports": [{"containerPort": 8080, "name": "http"}],
                   "resources": {"limits": {"memory": "256Mi", "cpu": "500m"}, "requests": {"memory": "128Mi"}},
                   "securityContext": {"privileged": False, "runAsUser": 1000}, "args": []},
                  {"name": "proxy", "image": "registry.example/mesh/proxy", "args": ["--quiet", "-v"],
                   "resources": {"limits": {"memory": "1.5Gi"}}, "securityContext": {"privileged": True}},
                  {"name": "log", "image": "lög:2", "resources": {"limits": {"memory": "32M"}}}]}},
    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "", "labels": {}, "generation": 0, "finalizers": ["x"]},
     "spec": {"containers": [], "hostNetwork": True, "weight": -0.0, "numbers": [], "mixed": [[1], {"a": 1}], "version": "2.0.0",
              "podIP": "::1", "range": "fe80::/10", "timeout": "-1.5s", "site": "/only/a/path", "priority": "high"}},
]

# Where values of a type stand in the inputs.
PATHS = {
    "bool": ["object.spec.hostNetwork", "object.spec.containers[0].securityContext.privileged",
             "object.spec.containers[2].securityContext.privileged"],
    "int": ["object.metadata.generation", "object.spec.priority", "object.spec.big", "object.spec.containers[0].ports[0].containerPort",
            "object.spec.numbers[1]", "object.spec.containers[0].securityContext.runAsUser"],
    "double": ["object.spec.weight"],
    "string": ["object.metadata.name", "object.metadata.namespace", "object.kind", "object.metadata.labels.app", "object.metadata.labels['a/b']",
               "object.spec.containers[0].image", "object.spec.containers[1].image", "object.spec.version", "object.spec.podIP",
               "object.spec.range", "object.spec.timeout", "object.spec.site", "object.metadata.creationTimestamp",
               "object.spec.containers[0].resources.limits.memory", "object.metadata.annotations['n']"],
    "null": ["object.spec.nodeSelector"],
    "list string": ["object.metadata.finalizers", "object.spec.containers[1].args", "object.spec.containers.map(c, c.name)"],
    "list int": ["object.spec.numbers"],
    "list dyn": ["object.spec.containers", "object.spec.mixed", "object.metadata.ownerReferences", "object.spec.containers[0].ports"],
    "map string string": ["object.metadata.labels", "object.metadata.annotations", "object.spec.containers[0].resources.limits"],
    "map string dyn": ["object", "object.metadata", "object.spec", "object.spec.containers[0]", "object.spec.containers[2]"],
}

LITERALS = {
    "bool": ["true", "false"],
    "int": ["0", "1", "-1", "2", "3", "7", "10", "-5", "100", "1000", "0x1f", "9223372036854775807", "-9223372036854775808", "4611686018427387904"],
    "uint": ["0u", "1u", "2u", "3u", "10u", "18446744073709551615u", "9223372036854775808u"],
    "double": ["0.0", "-0.0", "1.0", "1.5", "-2.25", "1e10", "1e-7", "9.223372036854775e18", "1e308", "3.0", "0.1"],
    "string": ["''", "'a'", "'b'", "'web'", "'shop'", "'app'", "'registry.example/'", "'Hello, World'", "'äöü€😀'", "'1'", "'-12'", "'1.5'", "'true'",
               "'a,b,c'", "'  x '", "'\\n'", "'aaa'", "'name'", "'spec'", "'%s and %d'", "'x' + 'y'", "'abcdefghijklmnopqrstuvwxyz'", "'İK'"],
    "bytes": ["b''", "b'a'", "b'abc'", "b'\\xff\\x00'", "b'äöü'"],
    "timestamp": ["timestamp('2024-02-29T12:30:45.678Z')", "timestamp(0)", "timestamp('1969-12-31T23:59:59.999999999Z')",
                  "timestamp('9999-12-31T23:59:59Z')", "timestamp('0001-01-01T00:00:00Z')", "timestamp('2024-06-01T00:00:00+05:30')"],
    "duration": ["duration('0s')", "duration('1h')", "duration('-1.5s')", "duration('100ms')", "duration('2562047h')", "duration('1h30m5.25s')"],
    "null": ["null"],
    "type": ["int", "string", "bool", "list", "map", "null_type", "type", "uint", "double", "bytes", "google.protobuf.Timestamp"],
    "quantity": ["quantity('1Gi')", "quantity('500m')", "quantity('-3')", "quantity('1.5')", "quantity('100k')", "quantity('1e3')", "quantity('0.1Ki')",
                 "quantity('9223372036854775807')", "quantity('12E')", "quantity('1n')"],
    "semver": ["semver('1.2.3')", "semver('0.0.1-alpha.1')", "semver('v1.2', true)", "semver('2.0.0-rc.1+build.5')", "semver('1.2.3-alpha')"],
    "url": ["url('https://host.example:80/a?x=1&x=2&y')", "url('/path/only')", "url('http://[::1]:8080/')", "url('https://a.b/%20c')"],
    "ip": ["ip('127.0.0.1')", "ip('::1')", "ip('10.1.2.3')", "ip('fe80::1')", "ip('224.0.0.1')", "ip('8.8.8.8')"],
    "cidr": ["cidr('10.0.0.0/8')", "cidr('10.1.2.3/16')", "cidr('::/0')", "cidr('fe80::/10')", "cidr('192.168.0.0/24')"],
    "pattern": ["'^[a-z]+$'", "'a|b'", "'.*'", "'[0-9]+'", "'(web|app)'", "'^registry\\\\.example/'", "'\\\\w+'", "'ü'", "'a{2}'", "''", "'('"],
    "zone": ["'UTC'", "'+05:30'", "'-08:00'", "'America/New_York'", "'Europe/Berlin'", "'Asia/Kolkata'", "'Nowhere'", "'23:59'"],
    "text of quantity": ["'1Gi'", "'500m'", "'1.5'", "'x'", "''", "'1e3'", "'10Mi'", "'+1'", "'1 Gi'"],
    "text of semver": ["'1.2.3'", "'1.2'", "'v1.2.3'", "'01.2.3'", "'1.2.3-a..b'"],
    "text of url": ["'https://a.b/c'", "'a b'", "'../x'", "'http://[::1'", "'mailto:a@b'", "''"],
    "text of ip": ["'127.0.0.1'", "'::ffff:1.2.3.4'", "'1.2.3'", "'fe80::1%eth0'", "'0:0:0:0:0:0:0:1'", "'256.1.1.1'"],
    "text of cidr": ["'10.0.0.0/8'", "'10.0.0.0/33'", "'::/0'", "'10.0.0.0'", "'10.1.2.3/8'"],
    "text of duration": ["'1h'", "'-3s'", "'1.5h2us'", "'1'", "''", "'9999999h'", "'1d'"],
    "text of timestamp": ["'2024-02-30T00:00:00Z'", "'2024-02-29T00:00:00Z'", "'2024-02-29'", "'2024-02-29T00:00:00.1234567891Z'", "'x'"],
    "text of number": ["'12'", "'-5'", "'1.5'", "'1e3'", "'0x1f'", "' 1'", "'NaN'", "'Infinity'", "'9223372036854775808'", "'+1'", "'1_0'", "''"],
    "text of base64": ["'YWJj'", "'YQ'", "'YQ=='", "'*'", "''"],
    "format": ["'%s'", "'%d'", "'%s and %s'", "'%.2f'", "'%x'", "'%X %b'", "'%%'", "'%o'", "'%e'", "'%5s'", "'%.3e %s'", "'plain'", "'%'"],
    "named format": ["'dns1123Label'", "'dns1123Subdomain'", "'dns1035Label'", "'qualifiedName'", "'labelValue'", "'uri'", "'uuid'", "'byte'", "'date'",
                     "'datetime'", "'dns1123LabelPrefix'", "'nothing'"],
    "small": ["0", "1", "2", "3", "-1", "5", "20"],
}

# "result: template". In templates <x> is a value of type x; T and K stand for one type each within a line.
SIGNATURES = """
bool: <bool> && <bool>
bool: <bool> || <bool>
bool: !<bool>
bool: <T> == <T>
bool: <T> != <T>
bool: <ordered> < <ordered>
bool: <ordered> <= <ordered>
bool: <ordered> > <ordered>
bool: <ordered> >= <ordered>
bool: <number> < <number2>
bool: <number> == dyn(<number2>)
bool: <T> in <list T>
bool: <K> in <map K T>
bool: <string>.contains(<string>)
bool: <string>.startsWith(<string>)
bool: <string>.endsWith(<string>)
bool: <string>.matches(<pattern>)
bool: matches(<string>, <string>)
bool: bool(<string>)
bool: has(object.<path>)
bool: <list T>.includes(<T>)
bool: <T>.includes(<T>)
bool: <list ordered>.isSorted()
bool: sets.contains(<list T>, <list T>)
bool: sets.equivalent(<list T>, <list T>)
bool: sets.intersects(<list T>, <list T>)
bool: isQuantity(<text of quantity>)
bool: isSemver(<text of semver>)
bool: isSemver(<text of semver>, <bool>)
bool: isURL(<text of url>)
bool: isIP(<text of ip>)
bool: isCIDR(<text of cidr>)
bool: ip.isCanonical(<text of ip>)
bool: <quantity>.isInteger()
bool: <quantity>.isGreaterThan(<quantity>)
bool: <quantity>.isLessThan(<quantity>)
bool: <semver>.isGreaterThan(<semver>)
bool: <semver>.isLessThan(<semver>)
bool: <ip>.isLoopback()
bool: <ip>.isGlobalUnicast()
bool: <ip>.isLinkLocalUnicast()
bool: <ip>.isLinkLocalMulticast()
bool: <ip>.isUnspecified()
bool: <cidr>.containsIP(<ip>)
bool: <cidr>.containsIP(<text of ip>)
bool: <cidr>.containsCIDR(<cidr>)
bool: <cidr>.containsCIDR(<text of cidr>)
bool: <optional T>.hasValue()
bool: <list dyn>.all($x, <bool>)
bool: type(<T>) == <type>
int: <int> + <int>
int: <int> - <int>
int: <int> * <int>
int: <int> / <int>
int: <int> % <int>
int: -<int>
int: int(<number>)
int: int(<text of number>)
int: int(<timestamp>)
int: int(<duration>)
int: size(<string>)
int: size(<bytes>)
int: size(<list T>)
int: <map K T>.size()
int: <string>.size()
int: <list T>.size()
int: <string>.indexOf(<string>)
int: <string>.indexOf(<string>, <small>)
int: <string>.lastIndexOf(<string>)
int: <string>.lastIndexOf(<string>, <small>)
int: <list T>.indexOf(<T>)
int: <list T>.lastIndexOf(<T>)
int: <quantity>.compareTo(<quantity>)
int: <quantity>.asInteger()
int: sign(<quantity>)
int: <semver>.compareTo(<semver>)
int: <semver>.major()
int: <semver>.minor()
int: <semver>.patch()
int: <ip>.family()
int: <cidr>.prefixLength()
int: <timestamp>.getFullYear()
int: <timestamp>.getMonth(<zone>)
int: <timestamp>.getDate(<zone>)
int: <timestamp>.getDayOfMonth()
int: <timestamp>.getDayOfWeek(<zone>)
int: <timestamp>.getDayOfYear(<zone>)
int: <timestamp>.getHours(<zone>)
int: <timestamp>.getMinutes(<zone>)
int: <timestamp>.getSeconds()
int: <timestamp>.getMilliseconds()
int: <duration>.getHours()
int: <duration>.getMinutes()
int: <duration>.getSeconds()
int: <duration>.getMilliseconds()
uint: <uint> + <uint>
uint: <uint> - <uint>
uint: <uint> * <uint>
uint: <uint> / <uint>
uint: <uint> % <uint>
uint: uint(<number>)
uint: uint(<text of number>)
double: <double> + <double>
double: <double> - <double>
double: <double> * <double>
double: <double> / <double>
double: -<double>
double: double(<number>)
double: double(<text of number>)
double: <quantity>.asApproximateFloat()
summed: <list summed>.sum()
ordered: <list ordered>.min()
ordered: <list ordered>.max()
string: <string> + <string>
string: string(<number>)
string: string(<bool>)
string: string(<bytes>)
string: string(<timestamp>)
string: string(<duration>)
string: string(<ip>)
string: string(<cidr>)
string: <string>.charAt(<small>)
string: <string>.lowerAscii()
string: <string>.upperAscii()
string: <string>.trim()
string: <string>.substring(<small>)
string: <string>.substring(<small>, <small>)
string: <string>.replace(<string>, <string>)
string: <string>.replace(<string>, <string>, <small>)
string: <string>.find(<pattern>)
string: <list string>.join()
string: <list string>.join(<string>)
string: strings.quote(<string>)
string: <format>.format([<T>])
string: <format>.format([<dyn>, <dyn>])
string: <url>.getHost()
string: <url>.getHostname()
string: <url>.getPort()
string: <url>.getScheme()
string: <url>.getEscapedPath()
bytes: <bytes> + <bytes>
bytes: bytes(<string>)
bytes: base64.decode(<text of base64>)
string: base64.encode(<bytes>)
timestamp: <timestamp> + <duration>
timestamp: <duration> + <timestamp>
timestamp: <timestamp> - <duration>
timestamp: timestamp(<text of timestamp>)
timestamp: timestamp(<int>)
duration: <timestamp> - <timestamp>
duration: <duration> + <duration>
duration: <duration> - <duration>
duration: duration(<text of duration>)
duration: duration(object.spec.timeout)
type: type(<T>)
quantity: <quantity>.add(<quantity>)
quantity: <quantity>.add(<int>)
quantity: <quantity>.sub(<quantity>)
quantity: <quantity>.sub(<int>)
quantity: quantity(<text of quantity>)
quantity: quantity(object.spec.containers[0].resources.limits.memory)
semver: semver(<text of semver>)
semver: semver(object.spec.version)
url: url(<text of url>)
url: url(object.spec.site)
ip: ip(<text of ip>)
ip: ip(object.spec.podIP)
ip: <cidr>.ip()
cidr: cidr(<text of cidr>)
cidr: cidr(object.spec.range)
cidr: <cidr>.masked()
list T: [<T>, <T>]
list T: [<T>, <T>, <T>, <T>]
list T: [<T>, ?<optional T>]
list T: <list T> + <list T>
list T: <list T>.slice(<small>, <small>)
list T: <list T>.reverse()
list T: <list T>.distinct()
list ordered: <list ordered>.sort()
list T: [<list T>, <list T>].flatten()
list int: lists.range(<small>)
list string: <string>.split(<string>)
list string: <string>.split(<string>, <small>)
list string: <string>.findAll(<pattern>)
list string: <string>.findAll(<pattern>, <small>)
list dyn: <list dyn>.flatten(<small>)
list T: optional.unwrap([<optional T>, <optional T>])
list T: [<optional T>].unwrapOpt()
map K T: {<K>: <T>}
map K T: {<K>: <T>, <K>: <T>}
map K T: {<K>: <T>, ?<K>: <optional T>}
map string list string: <url>.getQuery()
optional T: optional.of(<T>)
optional T: optional.none()
optional T: optional.ofNonZeroValue(<T>)
optional T: <list T>[?<small>]
optional T: <map K T>[?<K>]
optional T: <optional T>.or(<optional T>)
optional dyn: object.?<name>.<name>
optional dyn: object.?<name>.?<name>
optional dyn: object.spec.containers[?<small>].?securityContext.?privileged
optional list string: format.named(<named format>).value().validate(<string>)
optional list string: format.dns1123Label().validate(<string>)
T: <optional T>.orValue(<T>)
T: <optional T>.value()
T: <list T>[<small>]
T: <map K T>[<K>]
T: <bool> ? <T> : <T>
T: dyn(<T>)
dyn: <T>
dyn: object.<path>
dyn: object[<string>]
"""

# "result: template" of macros: <x in T> is a value of type x where the variable $a has type T.
MACROS = """
bool: <list T>.all($a, <bool|T>)
bool: <list T>.exists($a, <bool|T>)
bool: <list T>.exists_one($a, <bool|T>)
bool: <map K T>.all($a, <bool|K>)
bool: <map K T>.exists($a, <bool|K>)
list T: <list T>.filter($a, <bool|T>)
list K: <map K T>.filter($a, <bool|K>)
list U: <list T>.map($a, <U|T>)
list U: <map K T>.map($a, <U|K>)
list U: <list T>.map($a, <bool|T>, <U|T>)
list T: <list T>.sortBy($a, <ordered|T>)
bool: <list T>.all($i, $a, <bool|int,T>)
bool: <list T>.exists($i, $a, <bool|int,T>)
bool: <list T>.existsOne($i, $a, <bool|int,T>)
bool: <map K T>.all($i, $a, <bool|K,T>)
bool: <map K T>.exists($i, $a, <bool|K,T>)
list U: <list T>.transformList($i, $a, <U|int,T>)
list U: <list T>.transformList($i, $a, <bool|int,T>, <U|int,T>)
list U: <map K T>.transformList($i, $a, <U|K,T>)
map int U: <list T>.transformMap($i, $a, <U|int,T>)
map K U: <map K T>.transformMap($i, $a, <U|K,T>)
map K U: <map K T>.transformMap($i, $a, <bool|K,T>, <U|K,T>)
map U T: <list T>.transformMapEntry($i, $a, {<U|int,T>: $a})
optional U: <optional T>.optMap($a, <U|T>)
optional U: <optional T>.optFlatMap($a, <optional U|T>)
bool: object.spec.containers.all($a, has($a.securityContext) && <bool|dyn>)
bool: object.spec.containers.exists($a, $a.image.startsWith(<string>))
bool: object.spec.containers.all($a, !has($a.securityContext.privileged) || $a.securityContext.privileged == <bool>)
bool: object.spec.containers.all($a, quantity($a.resources.limits.memory).compareTo(<quantity>) <= 0)
"""

PLAIN = ["bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration"]
GROUPS = {"ordered": PLAIN, "number": ["int", "uint", "double"], "number2": ["int", "uint", "double"],
          "summed": ["int", "uint", "double", "duration"], "K": ["string", "string", "int", "bool", "uint"]}
ANY = PLAIN + ["string", "int", "bool", "dyn", "null", "type", "list int", "list string", "map string int", "map string string",
               "optional int", "quantity", "ip"]
NAMES = ["metadata", "spec", "kind", "nothing", "labels", "containers", "name"]
FIELDS = ["metadata", "spec.containers", "metadata.labels", "metadata.nothing", "spec.nodeSelector", "nothing", "metadata.labels.app",
          "spec.nothing.deeper", "metadata.name", "spec.hostNetwork"]


def _templates():
    by_head = {}
    for line in (SIGNATURES + MACROS).strip().splitlines():
        if line:
            result, template = line.split(": ", 1)
            by_head.setdefault(result.split()[0], []).append((result.split(), template))
    return by_head


class Maker:
    """Expressions from one seed."""

    templates = _templates()

    def __init__(self, seed, mistakes=0.015):
        self.random = random.Random(seed)
        self.mistakes = mistakes  # how often a value has another type than is asked for
        self.names = 0

    def expression(self):
        self.names = 0
        return self.make(self.random.choice(["bool"] * 4 + ANY + ["list dyn", "map int string"]), self.random.randint(1, 4), {})

    def make(self, kind, depth, scope):
        """A value of that type; `scope` holds the types of the variables around it."""
        if self.random.random() < self.mistakes:
            kind = self.random.choice(ANY)
        kind = self.random.choice(GROUPS[kind]) if kind in GROUPS else kind
        if depth <= 0 or self.random.random() < 0.12:
            return self.leaf(kind, scope)
        if kind == "dyn":
            kind = self.random.choice(ANY) if self.random.random() < 0.3 else kind
        choices = self.matching(kind)
        if not choices:
            return self.leaf(kind, scope)
        bound, template = self.random.choice(choices)
        made = self.fill(template, dict(bound), depth - 1, scope)
        return f"({made})" if " " in made and not made.endswith((")", "]", "}")) or made.startswith(("-", "!")) or " " in made.split("(")[0] else made

    def matching(self, kind):
        """Templates whose result can be the type, with what that says of T, K and U."""
        words = kind.split()
        found = []
        for head in (words[0], "T", *(name for name, members in GROUPS.items() if kind in members and name != "K")):
            for result, template in self.templates.get(head, ()):
                bound = self.unify(result, words)
                if bound is not None and (head != "T" or self.random.random() < 0.3):
                    found.append((bound, template))
        return found

    @staticmethod
    def unify(result, words):
        bound, at = {}, 0
        for place, word in enumerate(result):
            if at >= len(words):
                return None
            if word in ("T", "K", "U") or word in GROUPS:
                last = place == len(result) - 1
                bound[word] = " ".join(words[at:]) if last else words[at]
                if word in GROUPS and bound[word] not in GROUPS[word]:
                    return None
                at = len(words) if last else at + 1
            elif word == words[at]:
                at += 1
            else:
                return None
        return bound if at == len(words) else None

    def fill(self, template, bound, depth, scope):
        variables = {}
        for mark in ("$i", "$a"):
            if mark in template:
                self.names += 1
                variables[mark] = f"{'xyzuvw'[self.names % 6]}{self.names}"
                template = template.replace(mark, variables[mark])
        out, rest = "", template
        while "<" in rest:
            before, after = rest.split("<", 1)
            if after[:1] in (" ", "="):  # the operator
                out, rest = out + before + "<", after
                continue
            inner, rest = after.split(">", 1)
            out += before + self.placeholder(inner, bound, depth, scope, variables)
        return out + rest

    def placeholder(self, inner, bound, depth, scope, variables):
        kind, _, of_variables = inner.partition("|")
        if kind == "path":
            return self.random.choice(FIELDS)
        if kind == "name":
            return self.random.choice(NAMES)
        if of_variables:
            kinds = [self.resolve(each, bound) for each in of_variables.split(",")]
            scope = scope | dict(zip(variables.values(), kinds))
        return self.make(self.resolve(kind, bound), depth, scope)

    def resolve(self, kind, bound):
        words = []
        for word in kind.split() if not kind.startswith("text of") else [kind]:
            if word in ("T", "K", "U", "ordered", "summed"):
                if word not in bound:
                    bound[word] = self.random.choice(GROUPS.get(word, ANY))
                word = bound[word]
            words.append(word)
        return " ".join(words)

    def leaf(self, kind, scope):
        fitting = [name for name, of in scope.items() if of == kind or of == "dyn" or kind == "dyn"]
        if fitting and self.random.random() < 0.6:
            return self.random.choice(fitting)
        if kind in GROUPS:
            kind = self.random.choice(GROUPS[kind])
        if kind in PATHS and (kind not in LITERALS or self.random.random() < 0.4):
            return self.random.choice(PATHS[kind])
        if kind in LITERALS:
            return self.random.choice(LITERALS[kind])
        words = kind.split()
        if words[0] == "list":
            element = " ".join(words[1:])
            return "[" + ", ".join(self.leaf(element, scope) for _ in range(self.random.randint(0, 3))) + "]"
        if words[0] == "map":
            pairs = (f"{self.leaf(words[1], scope)}: {self.leaf(' '.join(words[2:]), scope)}" for _ in range(self.random.randint(0, 2)))
            return "{" + ", ".join(pairs) + "}"
        if words[0] == "optional":
            return f"optional.of({self.leaf(' '.join(words[1:]), scope)})"
        return self.random.choice(["dyn(1)", "dyn('a')", "object.spec.mixed[0]", "object.spec.mixed[1]", "object.metadata.labels", "dyn([1, 'a'])", "dyn(2.0)"])


def questions(seed, count):
    """The lines of a run: each input, followed by its share of the expressions."""
    maker = Maker(seed)
    share = count // len(INPUTS)
    for document in INPUTS:
        yield {"input": document}
        for _ in range(share):
            yield {"expr": maker.expression()}


if __name__ == "__main__":
    for line in questions(int(sys.argv[1]) if len(sys.argv) > 1 else 1, int(sys.argv[2]) if len(sys.argv) > 2 else 1000):
        print(json.dumps(line))
