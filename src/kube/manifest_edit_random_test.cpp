// Random changes of the objects of the shared data, in every way to write them: the text says what the patched object
// says, and what is not changed is still there.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "base/files.h"
#include "base/text.h"
#include "codec/json.h"
#include "kube/detail/value_text.h"
#include "kube/manifest_edit.h"

namespace seawall::kube {
namespace {

using codec::Value;
using Random = std::mt19937_64;

std::string folder() {
  const char* shared = std::getenv("SEAWALL_SHARED");
  return path_join(shared != nullptr ? shared : "../shared", "spec");
}

std::string as_json(Value value, codec::JsonWriter::Style style = codec::JsonWriter::Style::compact) {
  codec::JsonWriter out(style);
  return out.value(value).take();
}

std::size_t below(Random& random, std::size_t limit) { return static_cast<std::size_t>(random() % limit); }

void collect(Value value, std::vector<codec::Value>& out) {
  if (value["kind"].is_text() && value["apiVersion"].is_text()) {
    // Reviews and lists are files with objects, not objects.
    if (!value.text_or("kind").ends_with("List") && value.text_or("kind") != "AdmissionReview") out.push_back(value);
  }
  for (auto item : value.items()) collect(item, out);
  for (auto member : value.members()) collect(member.value, out);
}

// Comments behind some lines and between others; JSON has none.
std::string commented(const std::string& yaml, Random& random) {
  std::string out;
  for (auto line : lines(yaml)) {
    if (below(random, 6) == 0) out += std::string(below(random, 9), ' ') + "# over it\n";
    out.append(line).append(below(random, 6) == 0 ? "  # behind it\n" : "\n");
    if (below(random, 9) == 0) out += "\n";
  }
  return out;
}

std::vector<std::string> written(Value object, Random& random) {
  std::vector<std::string> out = {as_json(object), as_json(object, codec::JsonWriter::Style::pretty) + "\n"};
  detail::BlockStyle styles[] = {{}, {.list_offset = 2}, {.step = 4, .list_offset = 4}, {.step = 4, .dash_width = 4}};
  for (const auto& style : styles) out.push_back(detail::block_text(object, 0, style) + "\n");
  out.push_back(commented(out.back(), random));
  out.push_back(commented(detail::block_text(object, 0, {}), random));
  out.push_back(replace_all(out.back(), "\n", "\r\n"));
  out.push_back(detail::flow_text(object, {}));
  out.push_back(detail::flow_text(object, {.many_lines = true}) + "\n");
  out.push_back("---\napiVersion: v1\nkind: List\nitems:\n- " + detail::block_text(object, 2, {}) + "\n---\n");
  return out;
}

struct Place {
  FieldPath path;
  Value value;
};

void list_places(Value value, FieldPath& path, std::vector<Place>& out) {
  out.push_back({path, value});
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    path.steps.push_back({.name = {}, .index = i});
    list_places(value.at(i), path, out);
    path.steps.pop_back();
  }
  for (auto member : value.members()) {
    path.steps.push_back({.name = std::string(member.key)});
    list_places(member.value, path, out);
    path.steps.pop_back();
  }
}

constexpr std::string_view values[] = {"true",
                                       "null",
                                       "17",
                                       "\"ALL\"",
                                       "\"a: b # c\"",
                                       "\"yes\"",
                                       "{}",
                                       "[]",
                                       R"({"a":{"b":[1,{"c":"d"}]},"e":[]})",
                                       R"([["x","y"],{"z":null}])",
                                       R"("two\nlines")",
                                       "\"\""};
constexpr std::string_view names[] = {"securityContext", "a.b/c", "on", "zz", "with blank", "#", "x:"};

// What makes the text longer and nothing else: children of containers that have some.
Result<> add(ObjectPatch& patch, const Place& place, Random& random) {
  if (place.value.size() == 0) return {};
  auto value = values[below(random, std::size(values))];
  if (place.value.is_array()) return patch.append(place.path, value);
  auto path = place.path;
  path.steps.push_back({.name = std::string(names[below(random, std::size(names))])});
  return find(place.value, {{path.steps.back()}}) ? Result<>() : patch.set(path, value);
}

Result<> change(ObjectPatch& patch, const Place& place, Random& random) {
  if (place.path.steps.empty()) return {};
  bool is_identity = place.path.steps.front().name == "kind" || place.path.steps.front().name == "apiVersion";
  if (is_identity) return {};
  if (below(random, 3) == 0) return patch.remove(place.path);
  return patch.set(place.path, values[below(random, std::size(values))]);
}

using Step = Result<> (*)(ObjectPatch&, const Place&, Random&);

Patch random_patch(Value object, std::span<const Step> steps, Random& random) {
  ObjectPatch patch(object);
  std::vector<Place> places;
  FieldPath root;
  list_places(object, root, places);
  // Some no longer exist when it is their turn.
  for (auto left = 1 + below(random, 6); left > 0; --left)
    (void)steps[below(random, steps.size())](patch, places[below(random, places.size())], random);
  return patch.operations();
}

bool is_subsequence(std::string_view less, std::string_view more) {
  std::size_t found = 0;
  for (char c : more)
    if (found < less.size() && less[found] == c) ++found;
  return found == less.size();
}

struct Outcome {
  std::size_t edits = 0, refused = 0, wrong = 0, lost = 0;
};

void edit(const std::string& text, std::span<const Step> steps, bool only_adds, Random& random, Outcome& outcome) {
  auto read = read_manifests(text, "f");
  REQUIRE(read.manifests.size() == 1);
  const auto& manifest = read.manifests[0];
  auto patch = random_patch(manifest.object, steps, random);
  if (patch.empty()) return;
  ++outcome.edits;
  ObjectEdit edit{&manifest, patch};
  auto after = edited(std::span(&edit, 1));
  if (!after) {
    CAPTURE(text);
    CAPTURE(json_patch(patch));
    if (++outcome.refused <= 3) FAIL_CHECK(after.error().what);
    return;
  }
  auto read_again = read_manifests(*after, "f");
  auto expected = patched(manifest.object, patch);
  REQUIRE(expected);
  bool same = read_again.manifests.size() == 1 && as_json(read_again.manifests[0].object) == *expected;
  bool kept = !only_adds || is_subsequence(text, *after);
  outcome.wrong += same ? 0 : 1;
  outcome.lost += kept ? 0 : 1;
  if (same && kept) return;
  CAPTURE(json_patch(patch));
  if (outcome.wrong + outcome.lost <= 3) CHECK(*after == text);  // to see them
}

TEST_CASE("random changes of the shared data are found in the text, and nothing else") {
  constexpr std::string_view files[] = {"clusters/app-bookinfo-istio-samples.json", "clusters/app-kubernetes-goat.json",
                                        "clusters/app-online-boutique.json", "clusters/k3s-troubleshoot.json",
                                        "pss/restricted.jsonl"};
  if (!exists(folder())) {
    MESSAGE("no shared data at " << folder());
    return;
  }
  Random random(4);
  Outcome outcome;
  constexpr Step adding[] = {add}, all[] = {add, change, change};
  for (auto file : files) {
    auto text = read_file(path_join(folder(), file), 64 << 20);
    REQUIRE(text);
    for (auto line : lines(*text)) {
      auto document = codec::parse_json(line);
      REQUIRE(document);
      std::vector<Value> objects;
      collect(document->root(), objects);
      for (auto object : objects)
        for (const auto& form : written(object, random)) {
          edit(form, adding, true, random, outcome);
          edit(form, all, false, random, outcome);
        }
    }
  }
  MESSAGE(outcome.edits << " edits");
  CHECK(outcome.edits > 5000);
  CHECK(outcome.refused == 0);
  CHECK(outcome.wrong == 0);
  CHECK(outcome.lost == 0);
}

}  // namespace
}  // namespace seawall::kube
