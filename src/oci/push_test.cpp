#include "oci/push.h"

#include <doctest/doctest.h>

#include <map>

#include "base/text.h"
#include "fakes/oci_content.h"

using namespace seawall;
using namespace seawall::oci;
using fakes::HttpServer;
using fakes::Reply;
using fakes::Request;
using fakes::Waits;

namespace {

enum class ReferrersApi : bool { no, yes };

// As much of a registry as a push needs, with a few ways to go wrong.
struct Registrar {
  ReferrersApi api = ReferrersApi::yes;
  int broken_chunks = 0;  // PATCH requests answered 500 after half of their bytes were kept
  std::string mountable;  // a digest that the other repository has
  std::map<std::string, std::string> blobs, manifests;
  std::string upload;
  int uploads = 0;

  Reply created(const std::string& digest) const {
    return {.status = 201, .headers = {{"Docker-Content-Digest", digest}}};
  }
  Reply accepted() const { return {.status = 202, .headers = {{"Location", "/v2/app/blobs/uploads/u1?state=s"}}}; }

  Reply answer(const Request& r) {
    auto path = r.target.substr(0, r.target.find('?'));
    if (path == "/v2/") return {};
    auto query = r.target.substr(std::min(path.size() + 1, r.target.size()));
    if (path == "/v2/app/blobs/uploads/") return begin(query);
    if (path == "/v2/app/blobs/uploads/u1") return go_on(r, query);
    auto name = path.substr(path.rfind('/') + 1);
    if (path.starts_with("/v2/app/manifests/")) return manifest(r, name);
    auto& kept = blobs;
    return {.status = kept.contains(name) ? 200 : 404};
  }

  Reply begin(const std::string& query) {
    upload.clear();
    if (!mountable.empty() && query == "mount=" + replace_all(mountable, ":", "%3A") + "&from=base") {
      blobs[mountable] = "mounted";
      return created(mountable);
    }
    ++uploads;
    return accepted();
  }

  Reply go_on(const Request& r, const std::string& query) {
    if (r.method == "GET")
      return {.status = 204,
              .headers = {{"Location", "/v2/app/blobs/uploads/u1?state=s"},
                          {"Range", "0-" + std::to_string(upload.empty() ? 0 : upload.size() - 1)}}};
    if (r.method == "PATCH" && broken_chunks-- > 0) {
      upload += r.body.substr(0, r.body.size() / 2);
      return {.status = 500};
    }
    upload += r.body;
    if (r.method == "PATCH") return accepted();
    auto digest = crypto::Digest::of(upload).text();
    if (query.find(replace_all(digest, ":", "%3A")) == std::string::npos) return {.status = 400};
    blobs[digest] = upload;
    return created(digest);
  }

  Reply manifest(const Request& r, const std::string& name) {
    if (r.method != "PUT") {
      if (!manifests.contains(name)) return {.status = 404};
      return {.headers = {{"Content-Type", fakes::oci_index_type}}, .body = manifests[name]};
    }
    manifests[name] = r.body;
    auto reply = created(crypto::Digest::of(r.body).text());
    if (api == ReferrersApi::yes && r.body.find("\"subject\"") != std::string::npos)
      reply.headers.emplace_back("OCI-Subject", "sha256:x");
    return reply;
  }
};

struct Fixture {
  explicit Fixture(Registrar given = {}) : registrar(std::move(given)) {}
  Registrar registrar;
  Waits waits;
  HttpServer server{[this](const Request& request) { return registrar.answer(request); }};

  Pusher pusher(const PushOptions& options = {}) {
    auto registry = fakes::connect(server, waits.options());
    REQUIRE(registry);
    return Pusher(*registry, options);
  }
};

Descriptor described(std::string_view bytes) {
  return {.media_type = "application/octet-stream", .digest = crypto::Digest::of(bytes), .size = bytes.size()};
}

}  // namespace

TEST_CASE("a blob is sent once, whole or in chunks, and arrives as it was") {
  const std::string bytes(1000, 'b');
  for (std::uint64_t chunk :
       {std::uint64_t{1}, std::uint64_t{300}, std::uint64_t{500}, std::uint64_t{1000}, std::uint64_t{100'000}}) {
    if (chunk == 1) continue;
    CAPTURE(chunk);
    Fixture fixture;
    auto pusher = fixture.pusher({.chunk = chunk});
    REQUIRE(pusher.blob(described(bytes), bytes));
    CHECK(fixture.registrar.blobs[described(bytes).digest.text()] == bytes);
    REQUIRE(pusher.blob(described(bytes), bytes));
    CHECK(fixture.registrar.uploads == 1);
  }
}

TEST_CASE("a stream of unknown size is digested on the way") {
  Fixture fixture;
  const std::string bytes(1000, 'c');
  MemorySource source(bytes);
  auto stored = fixture.pusher({.chunk = 100}).stream(source, "text/plain");
  REQUIRE(stored);
  CHECK(stored->digest == crypto::Digest::of(bytes));
  CHECK(stored->size == bytes.size());
  CHECK(fixture.registrar.blobs.size() == 1);
}

TEST_CASE("a chunk that broke off goes on where the registry says it stopped") {
  Fixture fixture({.broken_chunks = 3});
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += std::to_string(i);
  MemorySource source(bytes);
  auto stored = fixture.pusher({.chunk = 700}).stream(source, "text/plain");
  REQUIRE_MESSAGE(stored, stored.error().what);
  CHECK(fixture.registrar.blobs[crypto::Digest::of(bytes).text()] == bytes);
  CHECK(fixture.waits.slept.size() == 3);
}

TEST_CASE("a blob of another repository is mounted instead of sent") {
  Fixture fixture({.mountable = described("base").digest.text()});
  auto pusher = fixture.pusher({.mount_from = "base"});
  REQUIRE(pusher.blob(described("base"), "base"));
  CHECK(fixture.registrar.uploads == 0);
  REQUIRE(pusher.blob(described("own"), "own"));
  CHECK(fixture.registrar.uploads == 1);
}

TEST_CASE("content that is not what its descriptor says is not sent") {
  Fixture fixture;
  auto pusher = fixture.pusher();
  auto wrong = pusher.blob(described("one"), "two");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == Code::corrupt);
  MemorySource source("two");
  CHECK_FALSE(pusher.blob(described("one"), source));
  CHECK(fixture.registrar.blobs.empty());
}

TEST_CASE("a registry that stored something else is found out") {
  Waits waits;
  HttpServer server([](const Request&) {
    return Reply{.status = 201, .headers = {{"Docker-Content-Digest", crypto::Digest::of("else").text()}}};
  });
  auto registry = fakes::connect(server, waits.options());
  REQUIRE(registry);
  auto stored = Pusher(*registry).manifest("{}", fakes::oci_manifest_type);
  REQUIRE_FALSE(stored);
  CHECK(stored.error().code == Code::corrupt);
}

TEST_CASE("an artifact is listed by the API, or in the fallback tag where there is none") {
  auto subject = described("subject");
  const auto tag = replace_all(subject.digest.text(), ":", "-");
  for (auto api : {ReferrersApi::yes, ReferrersApi::no}) {
    CAPTURE((api == ReferrersApi::yes));
    Fixture fixture({.api = api});
    auto pusher = fixture.pusher();
    Artifact artifact{.type = "a/sig", .subject = subject, .blobs = {{described("s"), "s"}}};
    REQUIRE(pusher.artifact(artifact));
    REQUIRE(pusher.artifact(artifact));  // again: still one entry
    artifact.type = "a/sbom";
    REQUIRE(pusher.artifact(artifact));
    CHECK(fixture.registrar.manifests.contains(tag) == (api == ReferrersApi::no));
    if (api == ReferrersApi::yes) continue;
    auto registry = fakes::connect(fixture.server, fixture.waits.options());
    REQUIRE(registry);
    CHECK(registry->referrers(subject.digest)->size() == 2);
    CHECK(registry->referrers(subject.digest, "a/sbom")->size() == 1);
  }
}
