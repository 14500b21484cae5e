#include <doctest/doctest.h>

#include "base/text.h"
#include "fakes/oci_content.h"
#include "oci/registry.h"

using namespace seawall;
using namespace seawall::oci;
using fakes::Blob;
using fakes::descriptor_json;
using fakes::HttpServer;
using fakes::Reply;
using fakes::Script;
using fakes::Waits;

namespace {

std::string platform_json(std::string_view text) {
  auto platform = Platform::parse(text).value();
  return R"(,"platform":{"os":")" + platform.os + R"(","architecture":")" + platform.architecture + R"(","variant":")" +
         platform.variant + R"("})";
}

// An index over small images that differ by platform; the layer of each is its platform's name.
struct SmallIndex {
  std::vector<fakes::SmallImage> images;
  Blob index;

  explicit SmallIndex(const std::vector<std::string>& platforms, const std::string& more = {}) {
    std::string list;
    for (auto& name : platforms) {
      auto architecture = Platform::parse(name).value().architecture;
      images.push_back(fakes::small_image(name, architecture));
      list += descriptor_json(images.back().manifest, fakes::oci_manifest_type, platform_json(name)) + ",";
    }
    list.append(more);
    if (list.ends_with(',')) list.pop_back();
    index.text = R"({"schemaVersion":2,"manifests":[)" + list + "]}";
  }

  HttpServer::Handler handler() const {
    Script script;
    script.on("/v2/app/manifests/1", {fakes::manifest_reply(index, fakes::oci_index_type)});
    for (auto& image : images) fakes::serve(script, image);
    return script.handler();
  }
};

std::string layer_of(const Image& image) {
  auto source = image.open_layer(0);
  return source ? read_all(**source, 1000).value_or("") : "";
}

const std::string attestation = R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:)" +
                                std::string(64, '0') +
                                R"(","size":1,"annotations":{"vnd.docker.reference.type":"attestation-manifest"},)"
                                R"("platform":{"os":"unknown","architecture":"unknown"}})";

}  // namespace

TEST_CASE("an index gives the image that fits best") {
  struct Case {
    std::string_view name;
    std::vector<std::string> has;
    std::string_view wanted, gets;  // gets: empty for none
  };
  const Case cases[] = {
      {"exact", {"linux/amd64", "linux/arm64"}, "linux/arm64", "linux/arm64"},
      {"other system", {"windows/amd64"}, "linux/amd64", ""},
      {"arm64 is v8", {"linux/arm/v7", "linux/arm64/v8"}, "linux/arm64", "linux/arm64/v8"},
      {"v8 is arm64", {"linux/arm64"}, "linux/arm64/v8", "linux/arm64"},
      {"newest arm without a wish", {"linux/arm/v5", "linux/arm/v7", "linux/arm/v6"}, "linux/arm", "linux/arm/v7"},
      {"older arm runs on newer", {"linux/arm/v5", "linux/arm/v6"}, "linux/arm/v7", "linux/arm/v6"},
      {"newer arm does not run on older", {"linux/arm/v7"}, "linux/arm/v6", ""},
      {"plain amd64 before v3", {"linux/amd64/v3", "linux/amd64"}, "linux/amd64", "linux/amd64"},
      {"lowest amd64 level without a plain one", {"linux/amd64/v3", "linux/amd64/v2"}, "linux/amd64", "linux/amd64/v2"},
      {"none", {"linux/amd64"}, "linux/s390x", ""},
  };
  for (auto& c : cases) {
    CAPTURE(c.name);
    SmallIndex index(c.has, attestation);
    HttpServer server(index.handler());
    Waits waits;
    auto registry = fakes::connect(server, waits.options());
    REQUIRE(registry);
    auto image = registry->image(Platform::parse(c.wanted).value());
    CHECK(image.has_value() == !c.gets.empty());
    if (image)
      CHECK(layer_of(**image) == c.gets);
    else
      CHECK(image.error().code == Code::not_found);
  }
}

TEST_CASE("all platforms come in order, without attestations") {
  SmallIndex index({"linux/amd64", "linux/arm64", "linux/s390x"}, attestation);
  HttpServer server(index.handler());
  Waits waits;
  auto registry = fakes::connect(server, waits.options());
  REQUIRE(registry);
  auto images = registry->images({.platforms = Choice::Platforms::all}, "as given");
  REQUIRE(images);
  std::vector<std::string> layers;
  for (auto& image : *images) layers.push_back(layer_of(*image));
  CHECK(layers == std::vector<std::string>{"linux/amd64", "linux/arm64", "linux/s390x"});
  CHECK(images->front()->name() == "as given");
  auto platforms = registry->platforms();
  REQUIRE(platforms);
  CHECK(platforms->size() == 3);
}

TEST_CASE("the only image is taken without a wish, and refused against one") {
  SmallIndex index({"linux/s390x"});
  HttpServer server(index.handler());
  Waits waits;
  auto registry = fakes::connect(server, waits.options());
  REQUIRE(registry);
  CHECK(registry->image().has_value());
  CHECK_FALSE(registry->image(Platform{}).has_value());
  auto plain = fakes::small_image("x", "s390x");
  Script script;
  HttpServer other(fakes::serve(script, plain).handler());
  auto plain_registry = fakes::connect(other, waits.options());
  REQUIRE(plain_registry);
  CHECK(plain_registry->image().has_value());
  auto refused = plain_registry->image(Platform{});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::not_found);
  CHECK(plain_registry->platforms()->front().platform->architecture == "s390x");
}

TEST_CASE("indexes in indexes are opened three deep and no deeper") {
  for (int depth : {2, 3, 5}) {
    CAPTURE(depth);
    auto image = fakes::small_image("deep");
    Script script;
    Blob inner = image.manifest;
    std::string type = fakes::oci_manifest_type, platform = platform_json("linux/amd64");
    for (int i = 0; i < depth; ++i) {
      inner.text = R"({"manifests":[)" + descriptor_json(inner, type, platform) + "]}";
      type = fakes::oci_index_type;
      platform.clear();
      script.on("/v2/app/manifests/" + inner.digest(), {fakes::manifest_reply(inner, type)});
    }
    script.on("/v2/app/manifests/1", {fakes::manifest_reply(inner, type)});
    HttpServer server(fakes::serve(script, image).handler());
    Waits waits;
    auto pulled = fakes::pull(server, waits.options());
    CHECK(pulled.has_value() == (depth <= 3));
    if (!pulled) CHECK(pulled.error().code == Code::exhausted);
  }
}

TEST_CASE("referrers come from the API, page by page, and are filtered even where it does not") {
  auto image = fakes::small_image("x");
  auto entry = [&](const std::string& type) {
    return descriptor_json({type}, fakes::oci_manifest_type, R"(,"artifactType":")" + type + "\"");
  };
  const auto path = "/v2/app/referrers/" + image.manifest.digest();
  const std::vector<std::pair<std::string, std::string>> index_header = {{"Content-Type", fakes::oci_index_type}};
  auto first_header = index_header;
  first_header.emplace_back("Link", "<" + path + "/2>; rel=\"next\"");
  HttpServer server(
      Script()
          .on(path, {{.headers = first_header, .body = R"({"manifests":[)" + entry("a/sig") + "]}"}})
          .on(path + "/2",
              {{.headers = index_header, .body = R"({"manifests":[)" + entry("a/sbom") + "," + entry("a/sig") + "]}"}})
          .handler());
  Waits waits;
  auto registry = fakes::connect(server, waits.options());
  REQUIRE(registry);
  auto subject = crypto::Digest::of(image.manifest.text);
  CHECK(registry->referrers(subject)->size() == 3);
  CHECK(registry->referrers(subject, "a/sig")->size() == 2);
  CHECK(server.requests().at(3).target.ends_with("?artifactType=a%2Fsig"));
}

TEST_CASE("without the API the fallback tag is read, and without that there are none") {
  auto image = fakes::small_image("x");
  auto subject = crypto::Digest::of(image.manifest.text);
  const auto tag = "/v2/app/manifests/" + replace_all(subject.text(), ":", "-");
  Blob index{R"({"manifests":[)" + descriptor_json({"s"}, fakes::oci_manifest_type, R"(,"artifactType":"a/sig")") +
             "]}"};
  struct Case {
    std::string_view name;
    Reply api, tagged;
    std::size_t count;
  };
  const Case cases[] = {
      {"tag", {.status = 404}, fakes::manifest_reply(index, fakes::oci_index_type), 1},
      {"a page that answers everything", {.body = "<html>"}, fakes::manifest_reply(index, fakes::oci_index_type), 1},
      {"no tag", {.status = 404}, {.status = 404}, 0},
  };
  for (auto& c : cases) {
    CAPTURE(c.name);
    HttpServer server(Script().on("/v2/app/referrers/" + subject.text(), {c.api}).on(tag, {c.tagged}).handler());
    Waits waits;
    auto registry = fakes::connect(server, waits.options());
    REQUIRE(registry);
    auto referrers = registry->referrers(subject, "a/sig");
    REQUIRE_MESSAGE(referrers, referrers.error().what);
    CHECK(referrers->size() == c.count);
  }
}
