#include "oci/registry.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "fakes/oci_content.h"

using namespace seawall;
using namespace seawall::oci;
using fakes::After;
using fakes::HttpServer;
using fakes::Reply;
using fakes::Script;
using fakes::Waits;
using std::chrono::milliseconds;

namespace {

std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (auto& c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return text;
}

const std::string& layer_bytes() {
  static const std::string bytes = noise(700'000);
  return bytes;
}

std::string blob_path(const fakes::Blob& blob) { return "/v2/app/blobs/" + blob.digest(); }

std::size_t count(const HttpServer& server, std::string_view path) {
  std::size_t n = 0;
  for (auto& request : server.requests())
    if (std::string_view(request.target).substr(0, request.target.find('?')) == path) ++n;
  return n;
}

std::string changed(std::string text) {
  text[text.size() / 2] ^= 1;
  return text;
}

Reply partial(const std::string& whole, std::size_t from, std::uint64_t total) {
  return {.status = 206,
          .headers = {{"Content-Range", "bytes " + std::to_string(from) + "-" + std::to_string(whole.size() - 1) + "/" +
                                            std::to_string(total)}},
          .body = whole.substr(from)};
}

Reply cut_at(const std::string& whole, std::size_t at) {
  return {.body = whole.substr(0, at), .claimed_length = whole.size(), .after = After::close};
}

}  // namespace

TEST_CASE("an image comes with its manifest, config, history and a verified layer") {
  auto image = fakes::small_image(layer_bytes());
  Script script;
  HttpServer server(fakes::serve(script, image).handler());
  Waits waits;
  auto registry = fakes::connect(server, waits.options());
  REQUIRE(registry);
  auto pulled = registry->image();
  REQUIRE_MESSAGE(pulled, pulled.error().what);
  CHECK((*pulled)->manifest_digest().text() == image.manifest.digest());
  CHECK((*pulled)->manifest_text() == image.manifest.text);
  CHECK((*pulled)->config().platform.text() == "linux/amd64");
  REQUIRE((*pulled)->layers().size() == 1);
  CHECK((*pulled)->layers()[0].history == 1);
  CHECK((*pulled)->repo_tags() == std::vector<std::string>{server.host() + "/app:1"});
  auto layer = (*pulled)->open_layer(0);
  REQUIRE(layer);
  CHECK(read_all(**layer, layer_bytes().size()).value_or("") == layer_bytes());
  CHECK(waits.slept.empty());
}

TEST_CASE("what a registry lies about is corrupt, whatever the lie") {
  auto image = fakes::small_image(layer_bytes());
  auto lying_digest = fakes::manifest_reply(image.manifest);
  lying_digest.headers[1].second = image.config.digest();
  struct Case {
    std::string_view name, path;
    Reply reply;
    std::string_view reference;
  };
  const std::string by_digest = "/app@" + image.manifest.digest();
  const auto manifest_path = "/v2/app/manifests/" + image.manifest.digest();
  const auto config_path = blob_path(image.config), layer_path = blob_path(image.layer);
  const Case cases[] = {
      {"another manifest than the digest asked for", manifest_path, fakes::manifest_reply({image.manifest.text + " "}),
       by_digest},
      {"a manifest that is not the header's", "/v2/app/manifests/1", lying_digest, "/app:1"},
      {"a changed config", config_path, {.body = changed(image.config.text)}, "/app:1"},
      {"a config of another size", config_path, {.body = image.config.text + " "}, "/app:1"},
      {"a changed layer", layer_path, {.body = changed(layer_bytes())}, "/app:1"},
      {"a shorter layer", layer_path, {.body = layer_bytes().substr(1)}, "/app:1"},
      {"a longer layer", layer_path, {.body = layer_bytes() + "x"}, "/app:1"},
      {"a longer layer without a length", layer_path, {.body = layer_bytes() + "x", .chunked = true}, "/app:1"},
      {"a shorter layer without a length", layer_path, {.body = layer_bytes().substr(9), .chunked = true}, "/app:1"},
      {"a manifest that is not JSON", "/v2/app/manifests/1", fakes::manifest_reply({"<html>"}), "/app:1"},
      {"an index and a manifest at once", "/v2/app/manifests/1",
       fakes::manifest_reply({R"({"manifests":[],"layers":[],"config":{}})"}), "/app:1"},
  };
  for (auto& c : cases) {
    CAPTURE(c.name);
    Script script;
    script.on(std::string(c.path), {c.reply});
    HttpServer server(fakes::serve(script, image).handler());
    Waits waits;
    auto pulled = fakes::pull(server, waits.options(), std::string(c.reference));
    REQUIRE_FALSE(pulled);
    CHECK_MESSAGE(pulled.error().code == Code::corrupt, pulled.error().what);
    CHECK(waits.slept.empty());
  }
}

TEST_CASE("what is no image that we can read is unsupported, and says so") {
  auto image = fakes::small_image("x");
  auto helm = fakes::small_image("x");
  helm.manifest.text = replace_all(helm.manifest.text, "image.config.v1", "helm.config.v1");
  auto odd = fakes::small_image("x", "amd64", "", "application/vnd.oci.image.layer.v1.tar+encrypted");
  fakes::SmallImage schema_1{.manifest = {R"({"schemaVersion":1,"fsLayers":[]})"}};
  for (auto* one : {&helm, &odd, &schema_1}) {
    CAPTURE(one->manifest.text);
    Script script;
    HttpServer server(fakes::serve(script, *one).handler());
    Waits waits;
    auto pulled = fakes::pull(server, waits.options());
    REQUIRE_FALSE(pulled);
    CHECK_MESSAGE(pulled.error().code == Code::unsupported, pulled.error().what);
  }
}

TEST_CASE("a broken blob goes on where it broke") {
  auto image = fakes::small_image(layer_bytes());
  const auto path = blob_path(image.layer);
  const auto& bytes = layer_bytes();
  struct Case {
    std::string_view name;
    std::vector<Reply> replies;
  };
  const Case cases[] = {
      {"by Range", {cut_at(bytes, 300'000), partial(bytes, 300'000, bytes.size())}},
      {"though the server ignores Range", {cut_at(bytes, 300'000), {.body = bytes}}},
      {"though a little earlier is sent", {cut_at(bytes, 300'000), partial(bytes, 299'000, bytes.size())}},
      {"after a 503 in between", {cut_at(bytes, 300'000), {.status = 503}, partial(bytes, 300'000, bytes.size())}},
      {"after a stall",
       {{.body = bytes.substr(0, 300'000), .claimed_length = bytes.size(), .after = After::stall},
        partial(bytes, 300'000, bytes.size())}},
      {"when only the end was not said", {{.body = bytes, .chunked = true, .after = After::close}}},
  };
  for (auto& c : cases) {
    CAPTURE(c.name);
    Script script;
    script.on(path, c.replies);
    HttpServer server(fakes::serve(script, image).handler());
    Waits waits;
    auto pulled = fakes::pull(server, waits.options());
    REQUIRE_MESSAGE(pulled, pulled.error().what);
    CHECK(*pulled == bytes);
    CHECK(count(server, path) == c.replies.size());
    if (c.replies.size() > 1) CHECK(server.requests().back().header("range") == "bytes=300000-");
  }
}

TEST_CASE("a blob that breaks again and again ends, and so does one of another size") {
  auto image = fakes::small_image(layer_bytes());
  const auto path = blob_path(image.layer);
  const auto& bytes = layer_bytes();
  struct Case {
    std::string_view name;
    std::vector<Reply> replies;
    Code code;
  };
  const Case cases[] = {
      {"no byte more", {cut_at(bytes, 300'000), partial(bytes, 300'000, bytes.size() + 1)}, Code::corrupt},
      {"no progress", {cut_at(bytes, 10)}, Code::unavailable},
      {"another range than asked for", {cut_at(bytes, 10), partial(bytes, 11, bytes.size())}, Code::unavailable},
      {"gone", {cut_at(bytes, 10), {.status = 404}}, Code::not_found},
  };
  for (auto& c : cases) {
    CAPTURE(c.name);
    Script script;
    script.on(path, c.replies);
    HttpServer server(fakes::serve(script, image).handler());
    Waits waits;
    auto pulled = fakes::pull(server, waits.options());
    REQUIRE_FALSE(pulled);
    CHECK_MESSAGE(pulled.error().code == c.code, pulled.error().what);
    CHECK(waits.slept.size() < 6);
  }
}

TEST_CASE("a busy registry is asked again after the wait that it names, or one that doubles") {
  auto image = fakes::small_image("layer");
  struct Case {
    std::string_view name;
    std::vector<Reply> busy;
    std::vector<milliseconds> waits;
  };
  const Case cases[] = {
      {"seconds", {{.status = 429, .headers = {{"Retry-After", "7"}}}}, {milliseconds(7000)}},
      {"a date",
       {{.status = 503, .headers = {{"Retry-After", "Tue, 14 Nov 2023 22:13:29 GMT"}}}},
       {milliseconds(9000)}},
      {"doubling",
       {{.status = 502}, {.status = 500}, {.status = 504}},
       {milliseconds(250), milliseconds(500), milliseconds(1000)}},
      {"nonsense", {{.status = 429, .headers = {{"Retry-After", "soon"}}}}, {milliseconds(250)}},
  };
  for (auto& c : cases) {
    CAPTURE(c.name);
    auto replies = c.busy;
    replies.push_back(fakes::manifest_reply(image.manifest));
    Script script;
    script.on("/v2/app/manifests/1", replies);
    HttpServer server(fakes::serve(script, image).handler());
    Waits waits;
    auto pulled = fakes::pull(server, waits.options());
    REQUIRE_MESSAGE(pulled, pulled.error().what);
    CHECK(waits.slept == c.waits);
  }
}

TEST_CASE("a registry that stays busy, or asks for an hour, is given up") {
  auto image = fakes::small_image("layer");
  for (std::string_view asked : {"0", "3600"}) {
    CAPTURE(asked);
    Script script;
    script.on("/v2/app/manifests/1", {{.status = 429, .headers = {{"Retry-After", std::string(asked)}}}});
    HttpServer server(fakes::serve(script, image).handler());
    Waits waits;
    auto pulled = fakes::pull(server, waits.options());
    REQUIRE_FALSE(pulled);
    CHECK(pulled.error().code == Code::unavailable);
    CHECK(waits.slept.size() == (asked == "0" ? 4 : 0));
  }
}

TEST_CASE("statuses say what the caller can do") {
  struct Case {
    int status;
    Code code;
  };
  for (auto c :
       {Case{404, Code::not_found}, Case{403, Code::denied}, Case{400, Code::invalid}, Case{418, Code::unavailable}}) {
    CAPTURE(c.status);
    HttpServer server(Script().on("/v2/app/manifests/1", {{.status = c.status}}).handler());
    Waits waits;
    auto pulled = fakes::pull(server, waits.options());
    REQUIRE_FALSE(pulled);
    CHECK(pulled.error().code == c.code);
  }
}

TEST_CASE("mirrors are tried in order, then the registry itself") {
  auto image = fakes::small_image(layer_bytes());
  const auto& bytes = layer_bytes();
  Script whole, half;
  HttpServer origin(fakes::serve(whole, image).handler());
  HttpServer down([](const fakes::Request&) { return Reply{.status = 500}; });
  HttpServer lying([](const fakes::Request&) { return Reply{.body = "{}"}; });
  half.on("/v2/hub/app/manifests/1", {fakes::manifest_reply(image.manifest)})
      .on("/v2/hub/app/blobs/" + image.layer.digest(), {cut_at(bytes, 1000)});
  HttpServer breaking(half.handler());
  Waits waits;
  auto options = waits.options();
  options.credentials = {.user = "ann", .password = "secret"};
  options.mirrors = {{.registry = {}, .location = down.host()},
                     {.registry = origin.host(), .location = "http://" + breaking.host() + "/hub"},
                     {.registry = "other.example", .location = "none.invalid"}};
  auto pulled = fakes::pull(origin, options);
  REQUIRE_MESSAGE(pulled, pulled.error().what);
  CHECK(*pulled == bytes);
  CHECK(count(breaking, "/v2/hub/app/manifests/1") == 1);
  CHECK(count(origin, "/v2/app/manifests/1") == 0);
  CHECK(origin.requests().back().header("range") == "bytes=1000-");
  options.mirrors = {{.registry = {}, .location = lying.host()}};
  CHECK(fakes::pull(origin, options, "/app@" + image.manifest.digest()).has_value());
}

TEST_CASE("mirrors are read from text") {
  CHECK(Mirror::parse("cache.example:5000/hub")->registry.empty());
  auto one = Mirror::parse("docker.io=http://127.0.0.1:5000");
  REQUIRE(one);
  CHECK(one->registry == "docker.io");
  CHECK(one->location == "http://127.0.0.1:5000");
  for (std::string_view bad : {"", "a b", "docker.io=", "ftp://host", "host/UPPER", "x=http://"}) {
    CAPTURE(bad);
    CHECK_FALSE(Mirror::parse(bad));
  }
}

TEST_CASE("foreign layers are fetched where they say, but only when the registry has none") {
  HttpServer elsewhere(Script().on("/layer", {{.body = "foreign"}}).handler());
  auto image_with = [](const std::string& url) {
    return fakes::small_image("foreign", "amd64", R"(,"urls":[")" + url + R"("])",
                              "application/vnd.docker.image.rootfs.foreign.diff.tar");
  };
  auto held = image_with(elsewhere.url("/layer"));
  {
    Script script;
    HttpServer server(fakes::serve(script, held).handler());
    Waits waits;
    CHECK(fakes::pull(server, waits.options()).value_or("") == "foreign");
    CHECK(elsewhere.requests().empty());
  }
  struct Case {
    std::string url;
    Code code;
    int registry_status;
  };
  const Case cases[] = {{"http://foreign.invalid/layer", Code::denied, 404},
                        {"file:///etc/passwd", Code::invalid, 404},
                        {elsewhere.url("/none"), Code::not_found, 404},
                        {elsewhere.url("/layer"), Code::denied, 403}};
  for (auto& c : cases) {
    CAPTURE(c.url);
    auto image = image_with(c.url);
    Script script;
    script.on(blob_path(image.layer), {{.status = c.registry_status}});
    HttpServer server(fakes::serve(script, image).handler());
    Waits waits;
    auto pulled = fakes::pull(server, waits.options());
    REQUIRE_FALSE(pulled);
    CHECK_MESSAGE(pulled.error().code == c.code, pulled.error().what);
  }
  Script script;
  script.on(blob_path(held.layer), {{.status = 404}});
  HttpServer server(fakes::serve(script, held).handler());
  Waits waits;
  CHECK(fakes::pull(server, waits.options()).value_or("") == "foreign");
  CHECK(elsewhere.requests().back().header("authorization").empty());
}

TEST_CASE("tags come page by page") {
  HttpServer server(Script()
                        .on("/v2/app/tags/list", {{.headers = {{"Link", "</v2/app/more?n=2>; rel=\"next\""}},
                                                   .body = R"({"tags":["a","b","not a tag"]})"}})
                        .on("/v2/app/more", {{.body = R"({"tags":["c"]})"}})
                        .handler());
  Waits waits;
  auto registry = fakes::connect(server, waits.options());
  REQUIRE(registry);
  CHECK(registry->tags().value() == std::vector<std::string>{"a", "b", "c"});
}
