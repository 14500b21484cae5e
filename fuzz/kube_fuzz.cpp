// Manifests and field paths on foreign bytes: every field of what is read is looked up by its path, as a rule would.
#include "fuzz.h"

#include <cstdlib>

#include "kube/field_path.h"
#include "kube/manifest.h"
#include "kube/pod_spec.h"

namespace {

using namespace seawall;

constexpr kube::ManifestOptions options{.limits = {.bytes = 1 << 20, .nodes = 5'000, .depth = 64}};

void expect(bool condition) {
  if (!condition) std::abort();
}

void check_place(const kube::Manifest& manifest, const kube::FieldPath& path) {
  auto found = manifest.find_place(path);
  expect(found.steps_found <= path.steps.size());
  expect(found.where.line > 0 && found.where.column > 0);
  expect(found.place.value.begin <= found.place.value.end && found.place.value.end <= manifest.text().size());
  if (found.steps_found == path.steps.size()) expect(found.value.node() == kube::find(manifest.object, path).node());
}

void check_fields(const kube::Manifest& manifest, codec::Value value, kube::FieldPath& path, int& left) {
  auto check = [&](codec::Value child, kube::FieldStep step) {
    if (--left < 0) return;
    path.steps.push_back(std::move(step));
    check_place(manifest, path);
    expect(kube::FieldPath::parse(path.text()).value() == path);
    check_fields(manifest, child, path, left);
    path.steps.pop_back();
  };
  for (std::size_t i = 0; i < value.items().size(); ++i) check(value.at(i), {.name = {}, .index = i});
  for (auto member : value.members()) check(member.value, {.name = std::string(member.key)});
}

}  // namespace

SW_FUZZ(kube_manifest,
        "spec/clusters/app-*.json ={\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"kind\":\"Pod\"}]} "
        "=apiVersion:\\sv1\\nkind:\\sPod\\n---\\n{kind:AdmissionReview}") {
  auto read = kube::read_manifests(std::string(data), "f", options);
  kube::PodTemplates templates;
  int left = 200;  // fields to look up
  for (const auto& manifest : read.manifests) {
    kube::FieldPath path;
    check_place(manifest, path);
    check_fields(manifest, manifest.object, path, left);
    if (auto pod = templates.of(manifest.object, manifest.api_version, manifest.kind))
      for (const auto& container : kube::containers_of(*pod))
        expect(kube::find(manifest.object, kube::FieldPath::parse(container.path).value()).node() ==
               container.value.node());
  }
  for (const auto& mistake : read.mistakes) expect(!mistake.what.empty() && !mistake.text().empty());
}

SW_FUZZ(kube_field_path, "=spec.containers[1].image =metadata.annotations['a.b/c']") {
  auto path = kube::FieldPath::parse(data);
  if (path) expect(kube::FieldPath::parse(path->text()).value() == *path);
}
