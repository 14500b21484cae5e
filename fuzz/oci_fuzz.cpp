#include "fuzz.h"
#include "oci/credentials.h"
#include "oci/detail/challenge.h"
#include "oci/detail/manifest.h"
#include "oci/detail/manifest_write.h"
#include "oci/detail/retry.h"
#include "oci/reference.h"
#include "oci/registry.h"

using namespace seawall;

namespace {
// An invariant of the reader that the fuzzer is to break.
void must(bool holds) {
  if (!holds) __builtin_trap();
}
}  // namespace

SW_FUZZ(reference,
        "=alpine:3.11 =[::1]:5000/a/b__c@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") {
  auto reference = oci::Reference::parse(data);
  if (!reference) return;
  auto again = oci::Reference::parse(reference->text());
  must(again && *again == *reference);
}

SW_FUZZ(platform, "=linux/arm64/v8 =Linux/x86_64") {
  auto platform = oci::Platform::parse(data);
  if (!platform) return;
  auto again = oci::Platform::parse(platform->text());
  must(again && *again == *platform);
}

SW_FUZZ(mirror, "=docker.io=http://127.0.0.1:5000/hub") { (void)oci::Mirror::parse(data); }

SW_FUZZ(manifest,
        "fixtures/images/*/*/testdata/*/blobs/sha256/* fixtures/images/*/*/testdata/*/index.json "
        "fixtures/images/trivy/*.oci/index.json fixtures/images/trivy/*.oci/blobs/sha256/*") {
  auto parsed = oci::detail::parse_manifest(data);
  if (!parsed) return;
  auto* manifest = std::get_if<oci::detail::Manifest>(&*parsed);
  if (manifest == nullptr) return;
  // What we write of it reads back as the same.
  auto again = oci::detail::parse_manifest(oci::detail::manifest_text(*manifest));
  must(again && std::get<oci::detail::Manifest>(*again).config.digest == manifest->config.digest);
  must(std::get<oci::detail::Manifest>(*again).layers.size() == manifest->layers.size());
}

SW_FUZZ(image_config, "fixtures/images/*/*/testdata/*/blobs/sha256/* fixtures/images/trivy/*.oci/blobs/sha256/*") {
  (void)oci::detail::parse_config(data);
}

SW_FUZZ(challenge, "=Negotiate,Basic =Bearer,realm=\"https://a/t\",service=\"s\",scope=\"x:y:pull\"") {
  for (auto& challenge : oci::detail::parse_challenges(data)) must(!challenge.scheme.empty());
}

SW_FUZZ(retry_after, "=120 =GMT") {
  auto wait = oci::detail::retry_after(data, 784'111'767);
  must(!wait || (wait->count() >= 0 && wait->count() <= 86'400'000));
}

SW_FUZZ(docker_config,
        "={\"auths\":{\"ghcr.io/"
        "team\":{\"auth\":\"YW5uOnBhc3M=\"}},\"credHelpers\":{\"a.b\":\"x\"},\"credsStore\":\"y\"}") {
  auto helper = [](const std::string&, const std::string&) -> Result<std::string> {
    return R"({"Username":"u","Secret":"s"})";
  };
  (void)oci::credentials_in(data, "ghcr.io", "team/app", helper);
  (void)oci::credentials_in(data, "docker.io", "library/alpine", {});
}
