// What it takes to read manifests with the place of every field: against libyaml's own parse of the same bytes (its
// events, thrown away), which is the bound of whoever reads by it.
// Rooms: base codec kube
// Usage: bench_manifest [FILE.yaml]. Without a file: about 10 MB of rendered manifests. Prints milliseconds and ratios.
#include <yaml.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "base/files.h"
#include "base/threads.h"
#include "codec/json.h"
#include "codec/yaml.h"
#include "kube/manifest.h"

using namespace seawall;

namespace {

constexpr int rounds = 7;

template <class Work>
double milliseconds(Work work) {
  double best = 1e18;
  for (int round = 0; round < rounds; ++round) {
    auto begin = std::chrono::steady_clock::now();
    work();
    std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count());
  }
  return best;
}

// A Deployment and its Service as Helm renders them, some 10 KiB with an environment as long as they are in practice.
std::string rendered(int number) {
  auto name = "app-" + std::to_string(number);
  std::string out =
      "---\n# Source: shop/templates/deployment.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " +
      name + "\n  labels:\n    app.kubernetes.io/name: " + name +
      "\n    helm.sh/chart: shop-1.2.3\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n";
  for (int c = 0; c < 3; ++c) {
    out +=
        "        - name: container-" + std::to_string(c) + "\n          image: \"registry.example/shop/" + name +
        ":1.2.3\"\n          securityContext:\n            allowPrivilegeEscalation: false\n            capabilities:\n"
        "              drop: [ALL]\n          ports:\n            - containerPort: 8080\n              protocol: TCP\n"
        "          env:\n";
    for (int e = 0; e < 24; ++e)
      out += "            - name: SETTING_" + std::to_string(e) + "\n              value: \"value of setting " +
             std::to_string(e) + "\"\n";
    out +=
        "          resources:\n            limits: {cpu: 500m, memory: 256Mi}\n            requests:\n"
        "              cpu: 100m\n              memory: 128Mi\n";
  }
  return out + "---\n# Source: shop/templates/service.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: " + name +
         "\nspec:\n  ports:\n    - port: 80\n      targetPort: 8080\n  selector:\n    app: " + name + "\n";
}

std::string input_of(int count, char** arguments) {
  if (count > 1) return read_file(arguments[1], std::uint64_t{1} << 30).value_or("");
  std::string text;
  for (int i = 0; text.size() < 10'000'000; ++i) text += rendered(i);
  return text;
}

void libyaml_events(const std::string& text) {
  yaml_parser_t parser;
  if (yaml_parser_initialize(&parser) == 0) return;
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  for (bool more = true; more;) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser, &event) == 0) break;
    more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
}

std::string as_json_list(const kube::Manifests& read) {
  codec::JsonWriter out;
  out.begin_object().field("apiVersion", "v1").field("kind", "List").key("items").begin_array();
  for (const auto& manifest : read.manifests) out.value(manifest.object);
  return out.end_array().end_object().take();
}

}  // namespace

int main(int count, char** arguments) {
  auto text = input_of(count, arguments);
  auto cores = processor_count();
  auto read = kube::read_manifests(text, "bench.yaml");
  auto json = as_json_list(read);
  std::printf("%.1f MB of YAML, %zu objects, %zu mistakes; %.1f MB as JSON\n", static_cast<double>(text.size()) / 1e6,
              read.manifests.size(), read.mistakes.size(), static_cast<double>(json.size()) / 1e6);
  auto bound = milliseconds([&] { libyaml_events(text); });
  auto report = [&](const char* name, double taken) {
    std::printf("%-44s %8.1f ms  %5.2f x libyaml\n", name, taken, taken / bound);
  };
  report("libyaml, events only", bound);
  report("parse_yaml_all", milliseconds([&] { return codec::parse_yaml_all(text).has_value(); }));
  report("manifests with places, one thread", milliseconds([&] { return kube::read_manifests(text, "f"); }));
  report("manifests with places, all cores",
         milliseconds([&] { return kube::read_manifests(text, "f", {.limits = {}, .workers = cores}); }));
  report("the same as one List in JSON: parse_json", milliseconds([&] { return codec::parse_json(json).has_value(); }));
  report("the same as one List in JSON, with places", milliseconds([&] { return kube::read_manifests(json, "f"); }));
  return 0;
}
