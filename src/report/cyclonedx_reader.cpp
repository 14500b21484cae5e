// CycloneDX JSON, 1.2 to 1.7: components, nested to any depth, with what syft, trivy and we put into properties.
#include "base/text.h"
#include "report/detail/sbom_entry.h"

namespace seawall::report::detail {
namespace {

using codec::Value;

std::string_view property(Value component, std::string_view name) {
  for (auto item : component["properties"].items())
    if (item["name"].text() == name) return item["value"].text();
  return {};
}

std::vector<std::string> licenses_of(Value component) {
  std::vector<std::string> out;
  for (auto item : component["licenses"].items()) {
    auto license = item["license"];
    for (auto stated : {item["expression"].text(), license["id"].text(), license["name"].text()}) {
      if (stated.empty()) continue;
      out.emplace_back(stated);
      break;
    }
  }
  return out;
}

std::vector<model::Location> locations_of(Value component) {
  std::vector<model::Location> out;
  auto add = [&](std::string_view path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    if (!path.empty()) out.push_back({.path = std::string(path)});
  };
  for (auto item : component.path("evidence", "occurrences").items()) add(item["location"].text());
  for (auto item : component["properties"].items()) {
    auto name = item["name"].text();
    bool syft = name.starts_with("syft:location:") && name.ends_with(":path");
    if (syft || name == "aquasecurity:trivy:FilePath" || name == "seawall:location") add(item["value"].text());
  }
  return out;
}

// trivy keeps the source package's version in three properties.
std::string trivy_source_version(Value component) {
  auto epoch = property(component, "aquasecurity:trivy:SrcEpoch");
  auto release = property(component, "aquasecurity:trivy:SrcRelease");
  std::string version(property(component, "aquasecurity:trivy:SrcVersion"));
  if (!epoch.empty() && epoch != "0") version = std::string(epoch) + ":" + version;
  if (!release.empty()) version += "-" + std::string(release);
  return version;
}

std::string full_name(Value component) {
  auto group = component["group"].text();
  auto name = std::string(component["name"].text());
  return group.empty() ? name : std::string(group) + "/" + name;
}

SbomEntry entry_from(Value component) {
  return {
      .name = full_name(component),
      .version = std::string(component["version"].text()),
      .purl = std::string(component["purl"].text()),
      .cpe = std::string(component["cpe"].text()),
      .source_name = std::string(property(component, "aquasecurity:trivy:SrcName")),
      .source_version = trivy_source_version(component),
      .module = std::string(property(component, "aquasecurity:trivy:Modularitylabel")),
      .licenses = licenses_of(component),
      .locations = locations_of(component),
  };
}

}  // namespace

model::Report read_cyclonedx(Value root) {
  SbomCollector collector("cyclonedx");
  // An explicit stack: hostile documents nest deeper than ours.
  std::vector<Value> waiting;
  auto push_all = [&](Value list) {
    std::vector<Value> children;
    for (auto item : list.items()) children.push_back(item);
    waiting.insert(waiting.end(), children.rbegin(), children.rend());
  };
  push_all(root["components"]);
  while (!waiting.empty()) {
    auto component = waiting.back();
    waiting.pop_back();
    push_all(component["components"]);
    auto type = component["type"].text();
    if (type == "operating-system") {
      collector.set_distro(component["name"].text(), component["version"].text());
      continue;
    }
    // Files and the containers of packages (trivy's lock files, our targets) are no packages of their own.
    bool nameless = component["purl"].text().empty() && component["version"].text().empty();
    if (type == "file" || (nameless && component["cpe"].text().empty())) continue;
    collector.add(entry_from(component));
  }
  auto report = std::move(collector).take();
  auto target = root.path("metadata", "component");
  report.target.name = target["name"].text();
  report.created = parse_instant(root.path("metadata", "timestamp").text()).value_or(0);
  return report;
}

}  // namespace seawall::report::detail
