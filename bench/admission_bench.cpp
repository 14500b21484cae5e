// What it takes to judge one Pod of 8 KiB, from its JSON text to the results: by Pod Security restricted and by all
// shipped rules; a Pod that restricted passes and one that it does not.
// Rooms: base codec kube rulebook admission
// Usage: bench_admission [RUNS]. Prints microseconds (p50, p99, largest) and allocations a run, after a warm-up.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "admission/manifest_check.h"
#include "allocation_count.h"
#include "base/text.h"
#include "codec/json.h"
#include "kube/manifest.h"

using namespace seawall;

namespace {

constexpr std::size_t pod_size = 8 << 10;

void write_probe(codec::JsonWriter& json, const char* name, const char* path) {
  json.key(name).begin_object().field("periodSeconds", std::int64_t{10}).field("failureThreshold", std::int64_t{3});
  json.key("httpGet").begin_object().field("path", path).field("port", "http").field("scheme", "HTTP").end_object();
  json.end_object();
}

void write_security(codec::JsonWriter& json, bool restricted) {
  json.key("securityContext").begin_object().flag("allowPrivilegeEscalation", !restricted);
  json.flag("readOnlyRootFilesystem", true).flag("runAsNonRoot", true).field("runAsUser", std::int64_t{10001});
  json.flag("privileged", !restricted).key("capabilities").begin_object().key("drop").begin_array();
  json.text(restricted ? "ALL" : "NET_RAW").end_array().end_object().end_object();
}

void write_container(codec::JsonWriter& json, int number, int settings, bool restricted) {
  auto name = "service-" + std::to_string(number);
  json.begin_object().field("name", name);
  json.field("image", "registry.example/shop/" + name + "@sha256:" + std::string(64, static_cast<char>('a' + number)));
  json.field("imagePullPolicy", "IfNotPresent").key("ports").begin_array().begin_object().field("name", "http");
  json.field("containerPort", std::int64_t{8080 + number}).field("protocol", "TCP").end_object().end_array();
  json.key("env").begin_array();
  for (int i = 0; i < settings; ++i) {
    json.begin_object().field("name", "SETTING_" + std::to_string(i));
    if (i % 4 != 0) {
      json.field("value", "value of setting " + std::to_string(i)).end_object();
      continue;
    }
    json.key("valueFrom").begin_object().key("configMapKeyRef").begin_object().field("name", "shop-settings");
    json.field("key", "setting." + std::to_string(i)).end_object().end_object().end_object();
  }
  json.end_array().key("resources").begin_object();
  for (const char* which : {"limits", "requests"})
    json.key(which).begin_object().field("cpu", "250m").field("memory", "256Mi").end_object();
  json.end_object();
  write_security(json, restricted);
  write_probe(json, "livenessProbe", "/healthz");
  write_probe(json, "readinessProbe", "/readyz");
  json.key("volumeMounts").begin_array();
  for (const char* volume : {"settings", "scratch", "certificates"})
    json.begin_object().field("name", volume).field("mountPath", std::string("/var/lib/") + volume).end_object();
  json.end_array().field("terminationMessagePath", "/dev/termination-log").end_object();
}

void write_volumes(codec::JsonWriter& json) {
  json.key("volumes").begin_array();
  json.begin_object().field("name", "settings").key("configMap").begin_object().field("name", "shop-settings");
  json.field("defaultMode", std::int64_t{420}).end_object().end_object();
  json.begin_object().field("name", "scratch").key("emptyDir").begin_object().field("sizeLimit", "64Mi");
  json.end_object().end_object();
  json.begin_object().field("name", "certificates").key("secret").begin_object().field("secretName", "shop-tls");
  json.end_object().end_object().end_array();
}

std::string pod(int settings, bool restricted) {
  codec::JsonWriter json;
  json.begin_object().field("apiVersion", "v1").field("kind", "Pod").key("metadata").begin_object();
  json.field("name", "shop-7c5ddbdf54-x2x4z").field("namespace", "shop").key("labels").begin_object();
  for (const char* label : {"app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "team"})
    json.field(label, "shop");
  json.end_object().key("annotations").begin_object();
  json.field("prometheus.io/scrape", "true").field("checksum/config", std::string(64, '7')).end_object().end_object();
  json.key("spec").begin_object().field("serviceAccountName", "shop").flag("automountServiceAccountToken", false);
  json.key("securityContext").begin_object().flag("runAsNonRoot", true).field("fsGroup", std::int64_t{10001});
  json.key("seccompProfile").begin_object().field("type", "RuntimeDefault").end_object().end_object();
  json.field("priorityClassName", "normal").field("terminationGracePeriodSeconds", std::int64_t{30});
  json.key("containers").begin_array();
  for (int i = 0; i < 3; ++i) write_container(json, i, settings, restricted);
  json.end_array();
  write_volumes(json);
  return json.end_object().end_object().take();
}

// The largest that is no larger than 8 KiB.
std::string pod_of_8_kib(bool restricted) {
  int settings = 1;
  while (pod(settings + 1, restricted).size() <= pod_size) ++settings;
  return pod(settings, restricted);
}

admission::ManifestCheck check_by(const std::string& name) {
  std::vector<std::string> unknown;
  std::vector<rulebook::Mistake> mistakes;
  auto book = rulebook::Rulebook::shipped({name}, unknown);
  auto policies = admission::bind(book, {.parameters_of = [](const auto&) { return std::string(); }}, mistakes);
  auto check = admission::ManifestCheck::compile(std::move(policies), {.listed = admission::Listed::applicable});
  if (!unknown.empty() || !mistakes.empty() || !check) std::abort();
  return std::move(*check);
}

void measure(const std::string& name, int runs, const std::function<void()>& once) {
  for (int i = 0; i < runs / 10; ++i) once();
  std::vector<double> taken;
  auto allocated = allocations;
  for (int i = 0; i < runs; ++i) {
    auto begin = std::chrono::steady_clock::now();
    once();
    taken.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  allocated = allocations - allocated;
  std::ranges::sort(taken);
  auto at = [&](double share) { return taken[static_cast<std::size_t>(share * static_cast<double>(runs - 1))]; };
  std::printf("%-58s p50 %7.1f  p99 %7.1f  max %8.1f us  %6.0f allocations\n", name.c_str(), at(0.5), at(0.99), at(1),
              static_cast<double>(allocated) / runs);
}

void measure_pod(const char* which, const std::string& text, int runs) {
  measure("JSON to document, " + std::string(which), runs, [&] { (void)codec::parse_json(text); });
  measure("JSON to manifest (places kept), " + std::string(which), runs,
          [&] { (void)kube::read_manifests(text, "pod.json"); });
  auto read = kube::read_manifests(text, "pod.json");
  for (const char* name : {"pod-security/restricted", "all"}) {
    auto check = check_by(name);
    auto results = check.check(read.manifests.front());
    auto failed = std::ranges::count(results, rulebook::Verdict::fail, &admission::CheckResult::verdict);
    std::printf("%s, %s: %zu policies, %zu apply, %td fail\n", which, name, check.policies().size(), results.size(),
                failed);
    for (auto reasons : {rulebook::Reasons::left_out, rulebook::Reasons::told}) {
      std::string told = reasons == rulebook::Reasons::told ? "messages, paths, fixes" : "verdicts";
      measure("  judged only, " + told, runs, [&] { (void)check.check(read.manifests.front(), reasons); });
      measure("  from JSON text to " + told, runs, [&] {
        auto manifests = kube::read_manifests(text, "pod.json");
        (void)check.check(manifests.manifests.front(), reasons);
      });
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  auto runs = static_cast<int>(to_u64(count > 1 ? arguments[1] : "").value_or(20000));
  for (bool restricted : {true, false}) {
    auto text = pod_of_8_kib(restricted);
    std::printf("a Pod of %zu bytes, 3 containers\n", text.size());
    measure_pod(restricted ? "restricted passes" : "restricted fails", text, runs);
  }
  return 0;
}
