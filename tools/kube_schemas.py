#!/usr/bin/env python3
"""Writes data/kubernetes-schemas.txt: the kinds that a Kubernetes API server serves and the types of their fields.

    tools/kube_schemas.py SWAGGER_JSON VERSION > data/kubernetes-schemas.txt

SWAGGER_JSON is api/openapi-spec/swagger.json of the Go module k8s.io/kubernetes at that version:
`go mod download -json k8s.io/kubernetes@v1.37.2` names its folder. src/kube/README.md has the format. Only facts are
kept (names, types, what is required), no prose; types that no kind needs are left out."""
import json
import re
import sys

PREFIX = "#/definitions/"
# Types that are no objects in JSON. Their schemas say less than Kubernetes' own code: which texts are quantities, say.
SPECIAL = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
}
PLAIN = {"string": "string", "integer": "int", "number": "number", "boolean": "bool"}
FORMATS = {"date-time": "time", "byte": "bytes", "int-or-string": "int-or-string"}


def short(definition):
    """io.k8s.api.core.v1.Pod is core/v1.Pod; the version keeps the names apart."""
    *_, package, version, name = definition.split(".")
    return f"{package}/{version}.{name}"


class Types:
    def __init__(self, definitions):
        self.definitions = definitions
        self.needed = {}

    def need(self, definition):
        name = short(definition)
        if self.needed.setdefault(name, definition) != definition:
            sys.exit(f"{definition} and {self.needed[name]} would both be {name}")
        return name

    def text(self, schema):
        if "$ref" in schema:
            return self.of_definition(schema["$ref"].removeprefix(PREFIX))
        kind = schema.get("type")
        if kind == "array":
            return f"[{self.text(schema['items'])}]"
        if kind == "object":
            values = schema.get("additionalProperties")
            return f"{{{self.text(values)}}}" if values else "object"
        if kind is None:
            return "any"
        return FORMATS.get(schema.get("format"), PLAIN[kind])

    def of_definition(self, definition):
        schema = self.definitions[definition]
        if definition in SPECIAL:
            return SPECIAL[definition]
        return self.need(definition) if "properties" in schema else self.text(schema)

    def lines(self):
        """Every needed type, and those that they need."""
        written = {}
        while missing := sorted(set(self.needed) - set(written)):
            for name in missing:
                schema = self.definitions[self.needed[name]]
                required = set(schema.get("required", ()))
                written[name] = [
                    f" {field}{'!' if field in required else ''} {self.text(of)}"
                    for field, of in sorted(schema["properties"].items())
                ]
        for name in sorted(written):
            yield f"type {name}"
            yield from written[name]


RESOURCE = re.compile(r"/api(?:s/[^/]+)?/[^/]+/(namespaces/\{namespace\}/)?([a-z]+)(/\{name\})?$")


def resources(paths):
    """(group, version, kind) -> (plural name, scope). A kind is namespaced where one of its paths has the namespace;
    the paths without it list all namespaces."""
    found = {}
    for path, operations in paths.items():
        match = RESOURCE.match(path)
        if not match:
            continue
        for operation in operations.values():
            kind = operation.get("x-kubernetes-group-version-kind") if isinstance(operation, dict) else None
            if not kind:
                continue
            key = (kind["group"], kind["version"], kind["kind"])
            scope = "namespaced" if match[1] or found.get(key, ("", ""))[1] == "namespaced" else "cluster"
            found[key] = (match[2], scope)
    return found


def main():
    document = json.load(open(sys.argv[1], encoding="utf-8"))
    definitions = document["definitions"]
    types = Types(definitions)
    by_kind = {}
    for name, schema in definitions.items():
        for kind in schema.get("x-kubernetes-group-version-kind", ()):
            by_kind.setdefault((kind["group"], kind["version"], kind["kind"]), name)
    print("# Facts of the Kubernetes API, written by tools/kube_schemas.py; not to be edited.")
    print(f"kubernetes {sys.argv[2]}")
    for (group, version, kind), (plural, scope) in sorted(resources(document["paths"]).items()):
        api_version = f"{group}/{version}" if group else version
        print(f"kind {api_version} {kind} {plural} {scope} {types.need(by_kind[group, version, kind])}")
    print("\n".join(types.lines()))


if __name__ == "__main__":
    main()
