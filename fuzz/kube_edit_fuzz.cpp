// Patches put into foreign text: where that is not refused, the text afterwards has the patched objects, and the other
// objects as they were.
#include "fuzz.h"

#include <algorithm>
#include <cstdlib>

#include "codec/json.h"
#include "kube/manifest.h"
#include "kube/manifest_edit.h"

namespace {

using namespace seawall;

constexpr kube::ManifestOptions options{.limits = {.bytes = 1 << 20, .nodes = 5'000, .depth = 64}};

void expect(bool condition) {
  if (!condition) std::abort();
}

// Members in order of their names: what overrides a merged member stands elsewhere.
std::string canonical(codec::Value value) {
  std::string out;
  if (value.is_array()) {
    for (auto item : value.items()) out += "," + canonical(item);
    return "[" + out + "]";
  }
  if (value.is_object()) {
    std::vector<std::string> members;
    for (auto member : value.members()) {
      codec::JsonWriter key;
      members.push_back(key.text(member.key).take() + ":" + canonical(member.value));
    }
    std::ranges::sort(members);
    for (const auto& member : members) out += "," + member;
    return "{" + out + "}";
  }
  codec::JsonWriter json;
  return json.value(value).take();
}

std::string canonical(const std::string& json) {
  auto document = codec::parse_json(json);
  expect(document.has_value());
  return canonical(document->root());
}

// Fields in the order of the text, some of the many.
void list_paths(codec::Value value, kube::FieldPath& path, std::vector<kube::FieldPath>& out) {
  constexpr std::size_t most = 40;
  auto list = [&](codec::Value child, kube::FieldStep step) {
    if (out.size() == most) return;
    path.steps.push_back(std::move(step));
    out.push_back(path);
    list_paths(child, path, out);
    path.steps.pop_back();
  };
  for (std::size_t i = 0; i < std::min(value.items().size(), most); ++i) list(value.at(i), {.name = {}, .index = i});
  for (auto member : value.members()) list(member.value, {.name = std::string(member.key)});
}

bool is_identity(const kube::FieldPath& path) {
  return path.steps.size() == 1 && (path.steps[0].name == "kind" || path.steps[0].name == "apiVersion" ||
                                    path.steps[0].name == "items" || path.steps[0].name == "request");
}

constexpr std::size_t variants = 5;

// The fixed patches: one of every kind of wish, on fields that the object has.
kube::Patch patch_of(codec::Value object, std::size_t variant) {
  if (variant == variants - 1) {
    auto all = kube::together(object, std::vector{patch_of(object, 0), patch_of(object, 1), patch_of(object, 3)});
    return all.value_or(kube::Patch());  // they may contradict each other
  }
  kube::ObjectPatch patch(object);
  kube::FieldPath root;
  std::vector<kube::FieldPath> paths;
  list_paths(object, root, paths);
  // A wish that doesn't fit changes nothing.
  if (variant == 0) {
    (void)patch.set({{{.name = "spec"}, {.name = "securityContext"}, {.name = "runAsNonRoot"}}}, "true");
    (void)patch.append({{{.name = "spec"}, {.name = "drop"}}}, "\"ALL\"");
  }
  for (std::size_t i = variant; i < paths.size(); i += 3 + variant) {
    if (is_identity(paths[i])) continue;
    auto below = paths[i];
    below.steps.push_back({.name = "added"});
    if (variant == 1) (void)patch.set(paths[i], i % 2 == 0 ? "{\"a\":[1,{\"b\":\"x: y\"}]}" : "\"yes\"");
    if (variant == 2) (void)patch.remove(paths[i]);
    if (variant == 3) (void)patch.set(below, "{\"a\":[]}");
    if (variant == 3) (void)patch.append(paths[i], "[\"x\",{\"y\":null}]");
  }
  return patch.operations();
}

void check(const kube::Manifests& read, const std::vector<kube::ObjectEdit>& edits, const kube::EditedFile& file) {
  auto again = kube::read_manifests(file.text, "f");
  expect(again.manifests.size() == read.manifests.size());
  for (std::size_t i = 0; i < read.manifests.size(); ++i) {
    const auto& manifest = read.manifests[i];
    auto expected = canonical(manifest.object);
    bool is_refused = std::ranges::any_of(file.refused, [&](const auto& it) { return it.manifest == &manifest; });
    for (const auto& edit : edits)
      if (edit.manifest == &manifest && !is_refused)
        expected = canonical(kube::patched(manifest.object, edit.operations).value());
    expect(canonical(again.manifests[i].object) == expected);
  }
}

}  // namespace

SW_FUZZ(kube_edit,
        "spec/clusters/app-*.json "
        "={\\n\\s\"apiVersion\":\\s\"v1\",\\n\\s\"kind\":\\s\"List\",\\n\\s\"items\":\\s[{\"kind\":\"Pod\"}]\\n} "
        "=apiVersion:\\sv1\\nkind:\\sPod\\nspec:\\n-\\sa:\\sb\\s#\\sx\\n\\s\\sc:\\s[d,\\s{e:\\s1}]\\nx:\\s&x\\n\\s\\sy:"
        "\\s1\\nz:\\s*x\\n "
        "=apiVersion:\\sv1\\nkind:\\sPod\\na:\\s|+\\n\\sx\\n\\nb:\\s\\n\\s<<:\\s{c:\\s1}\\n---\\n{apiVersion:\\sv1,"
        "\\skind:\\sA,\\sd:\\s}") {
  auto read = kube::read_manifests(std::string(data), "f", options);
  for (std::size_t variant = 0; variant < variants; ++variant) {
    std::vector<kube::ObjectEdit> edits;
    for (const auto& manifest : read.manifests)
      if (edits.size() < 20) edits.push_back({&manifest, patch_of(manifest.object, variant)});
    for (const auto& file : kube::edit_files(edits, options.limits)) check(read, edits, file);
  }
}
