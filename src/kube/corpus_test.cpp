// Every object of the shared case files and cluster dumps: read as JSON and as YAML it is what it is to codec, and each
// of its fields has a place that reads as the field again.
#include <doctest/doctest.h>

#include <cstdlib>

#include "base/files.h"
#include "base/text.h"
#include "codec/json.h"
#include "kube/manifest.h"

namespace seawall::kube {
namespace {

std::string folder() {
  const char* shared = std::getenv("SEAWALL_SHARED");
  return path_join(shared != nullptr ? shared : "../shared", "spec");
}

std::string as_json(codec::Value value) {
  codec::JsonWriter out;
  out.value(value);
  return out.take();
}

bool is_manifest(codec::Value value) { return value["kind"].is_text() && value["apiVersion"].is_text(); }

// Objects in a case, wherever they are; those within others belong to them.
void collect(codec::Value value, std::vector<codec::Value>& out) {
  if (is_manifest(value)) return out.push_back(value);
  for (auto item : value.items()) collect(item, out);
  for (auto member : value.members()) collect(member.value, out);
}

std::vector<codec::Value> unfolded(codec::Value object) {
  if (!object.text_or("kind").ends_with("List") || !object["items"].is_array()) return {object};
  std::vector<codec::Value> out;
  for (auto item : object["items"].items())
    for (auto inner : unfolded(item)) out.push_back(inner);
  return out;
}

void append_text(std::string& out, std::string_view text) {
  codec::JsonWriter writer;
  out += writer.text(text).take();
}

// Blocks as people write them, keys and texts in double quotes.
void append_yaml(std::string& out, codec::Value value, std::string indent) {
  if (value.size() == 0) {
    out += " " + as_json(value) + "\n";
    return;
  }
  out += "\n";
  for (auto item : value.items()) {
    out += indent + "-";
    append_yaml(out, item, indent + "  ");
  }
  for (auto member : value.members()) {
    out += indent;
    append_text(out, member.key);
    out += ":";
    append_yaml(out, member.value, indent + "  ");
  }
}

// Scalars whose text is not that of their place, and fields that are not found by their path.
std::size_t wrong_places(const Manifest& manifest, codec::Value value, FieldPath& path) {
  std::size_t wrong = 0;
  auto check = [&](codec::Value child, FieldStep step) {
    path.steps.push_back(std::move(step));
    auto place = manifest.find_place(path);
    auto range = place.place.value;
    auto text = manifest.text().substr(range.begin, range.end - range.begin);
    bool same = place.steps_found == path.steps.size() && place.value.node() == child.node();
    if (child.size() == 0) same = same && text == as_json(child);
    wrong += same ? 0 : 1;
    wrong += wrong_places(manifest, child, path);
    path.steps.pop_back();
  };
  for (std::size_t i = 0; i < value.items().size(); ++i) check(value.at(i), {.name = {}, .index = i});
  for (auto member : value.members()) check(member.value, {.name = std::string(member.key)});
  return wrong;
}

struct Outcome {
  std::size_t objects = 0, lost = 0, wrong_places = 0, mistakes = 0;
};

void compare(const Manifests& read, const std::vector<codec::Value>& objects, Outcome& outcome) {
  outcome.mistakes += read.mistakes.size();
  outcome.lost += read.manifests.size() == objects.size() ? 0 : objects.size();
  for (std::size_t i = 0; i < std::min(objects.size(), read.manifests.size()); ++i) {
    const auto& manifest = read.manifests[i];
    auto expected = manifest.request ? objects[i].path("request", "object") : objects[i];
    if (manifest.request && !expected) expected = objects[i].path("request", "oldObject");
    ++outcome.objects;
    outcome.lost += as_json(manifest.object) == as_json(expected) ? 0 : 1;
    FieldPath path;
    outcome.wrong_places += wrong_places(manifest, manifest.object, path);
  }
}

void read_back(codec::Value object, Outcome& outcome) {
  auto objects = unfolded(object);
  compare(read_manifests(as_json(object), "f"), objects, outcome);
  std::string yaml = "---";
  append_yaml(yaml, object, "");
  compare(read_manifests(yaml, "f"), objects, outcome);
}

TEST_CASE("the objects of the shared data are read without loss") {
  struct Case {
    std::string_view file;
    std::size_t least;  // objects
  };
  constexpr Case cases[] = {{"pss/baseline.jsonl", 13},
                            {"pss/restricted.jsonl", 83},
                            {"gatekeeper-samples/general.jsonl", 39},
                            {"gatekeeper-samples/pod-security-policy.jsonl", 36},
                            {"posture/kubescape-cases.jsonl", 302},
                            {"posture/trivy-cases.jsonl", 200},
                            {"posture/kyverno-cases.jsonl", 156},
                            {"posture/polaris-cases.jsonl", 88},
                            {"clusters/app-bookinfo-istio-samples.json", 20},
                            {"clusters/app-kubernetes-goat.json", 20},
                            {"clusters/app-online-boutique.json", 20},
                            {"clusters/k3s-troubleshoot.json", 193},
                            {"clusters/kind-v1.21-sonobuoy.json", 746}};
  if (!exists(folder())) {
    MESSAGE("no shared data at " << folder());
    return;
  }
  for (const auto& c : cases) {
    CAPTURE(c.file);
    auto text = read_file(path_join(folder(), c.file), 64 << 20);
    REQUIRE(text);
    Outcome outcome;
    for (auto line : lines(*text)) {
      auto document = codec::parse_json(line);
      REQUIRE(document);
      std::vector<codec::Value> objects;
      collect(document->root(), objects);
      for (auto object : objects) read_back(object, outcome);
    }
    MESSAGE(c.file << ": " << outcome.objects << " objects");
    CHECK(outcome.objects >= 2 * c.least);
    CHECK(outcome.lost == 0);
    CHECK(outcome.wrong_places == 0);
    CHECK(outcome.mistakes == 0);
  }
}

}  // namespace
}  // namespace seawall::kube
