// What the oci room sees and does, as JSON lines on standard output: for scenario tests against real registries.
//
//   oci_probe image TARGET      manifest digest, config and every layer read to its end
//   oci_probe platforms REF     oci_probe tags REF     oci_probe referrers REF DIGEST [TYPE]
//   oci_probe push TARGET REF   oci_probe attach REF DIGEST TYPE TEXT
//
// Options come from the environment: PROBE_PLATFORM, PROBE_CA, PROBE_CERT, PROBE_KEY, PROBE_CERTS_D, PROBE_MIRROR,
// PROBE_PLAIN_HTTP, PROBE_CHUNK, PROBE_MOUNT.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "base/text.h"
#include "codec/json.h"
#include "oci/open.h"
#include "oci/push.h"

namespace {

using namespace seawall;
using codec::JsonWriter;

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

Result<oci::OpenOptions> options_from_environment() {
  oci::OpenOptions options;
  auto platform = setting("PROBE_PLATFORM");
  if (platform == "all")
    options.platforms = oci::Choice::Platforms::all;
  else if (!platform.empty())
    options.platform = SW_TRY(oci::Platform::parse(platform));
  auto& registry = options.registry;
  registry.client.ca_file = setting("PROBE_CA");
  registry.client.client_certificate = setting("PROBE_CERT");
  registry.client.client_key = setting("PROBE_KEY");
  if (auto folder = setting("PROBE_CERTS_D"); !folder.empty()) registry.certificate_folders = {folder};
  if (auto mirror = setting("PROBE_MIRROR"); !mirror.empty())
    registry.mirrors.push_back(SW_TRY(oci::Mirror::parse(mirror)));
  if (!setting("PROBE_PLAIN_HTTP").empty()) registry.plain_http = oci::PlainHttp::allowed;
  registry.store = std::make_shared<oci::CredentialStore>(oci::CredentialStore::from_environment());
  return options;
}

void print(JsonWriter& json) {
  auto line = json.take();
  std::printf("%s\n", line.c_str());
}

void write(JsonWriter& json, const oci::Descriptor& descriptor) {
  json.begin_object()
      .field("digest", descriptor.digest.text())
      .field("mediaType", descriptor.media_type)
      .field("artifactType", descriptor.artifact_type)
      .field("size", static_cast<std::int64_t>(descriptor.size));
  if (descriptor.platform) json.field("platform", descriptor.platform->text());
  json.end_object();
}

Result<std::uint64_t> read_to_end(Source& source) {
  std::string buffer(std::size_t{1} << 20, '\0');
  std::uint64_t bytes = 0;
  for (;;) {
    auto n = SW_TRY(source.read(buffer));
    if (n == 0) return bytes;
    bytes += n;
  }
}

Result<> print_image(const oci::Image& image) {
  JsonWriter json;
  json.begin_object()
      .field("name", image.name())
      .field("manifest", image.manifest_digest().text())
      .field("platform", image.config().platform.text())
      .field("config", crypto::Digest::of(image.config_text()).text());
  json.key("layers").begin_array();
  for (std::size_t i = 0; i < image.layers().size(); ++i) {
    auto source = SW_TRY(image.open_layer(i));
    auto began = std::chrono::steady_clock::now();
    auto bytes = SW_TRY(read_to_end(*source));
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    auto& layer = image.layers()[i];
    json.begin_object()
        .field("digest", layer.blob.digest.text())
        .field("diffId", layer.diff_id)
        .field("mediaType", layer.blob.media_type)
        .field("history", static_cast<std::int64_t>(layer.history))
        .field("bytes", static_cast<std::int64_t>(bytes))
        .key("seconds")
        .number(took.count())
        .end_object();
  }
  json.end_array().end_object();
  print(json);
  return {};
}

Result<oci::Registry> connect(const std::string& reference, const oci::OpenOptions& options) {
  return oci::Registry::connect(SW_TRY(oci::Reference::parse(reference)), options.registry);
}

oci::PushOptions push_options() {
  oci::PushOptions options{.mount_from = setting("PROBE_MOUNT")};
  if (auto chunk = to_u64(setting("PROBE_CHUNK"))) options.chunk = *chunk;
  return options;
}

using Arguments = std::span<const std::string>;

Result<> image(const oci::OpenOptions& options, Arguments arguments) {
  for (auto& one : SW_TRY(oci::open_image(arguments[0], options))) SW_TRY(print_image(*one));
  return {};
}

Result<> list(const std::vector<oci::Descriptor>& all) {
  for (auto& one : all) {
    JsonWriter json;
    write(json, one);
    print(json);
  }
  return {};
}

Result<> platforms(const oci::OpenOptions& options, Arguments arguments) {
  auto registry = SW_TRY(connect(arguments[0], options));
  return list(SW_TRY(registry.platforms()));
}

Result<> referrers(const oci::OpenOptions& options, Arguments arguments) {
  auto registry = SW_TRY(connect(arguments[0], options));
  auto subject = SW_TRY(crypto::Digest::parse(arguments[1]));
  return list(SW_TRY(registry.referrers(subject, arguments.size() > 2 ? arguments[2] : "")));
}

Result<> tags(const oci::OpenOptions& options, Arguments arguments) {
  auto registry = SW_TRY(connect(arguments[0], options));
  for (auto& tag : SW_TRY(registry.tags())) std::printf("%s\n", tag.c_str());
  return {};
}

Result<> push(const oci::OpenOptions& options, Arguments arguments) {
  auto registry = SW_TRY(connect(arguments[1], options));
  oci::Pusher pusher(registry, push_options());
  auto images = SW_TRY(oci::open_image(arguments[0], options));
  const auto& tag = registry.reference().tag;
  std::vector<oci::Descriptor> pushed;
  for (auto& one : images) pushed.push_back(SW_TRY(pusher.image(*one, images.size() == 1 ? tag : "")));
  if (images.size() > 1) pushed = {SW_TRY(pusher.index(pushed, tag))};
  return list(pushed);
}

Result<> attach(const oci::OpenOptions& options, Arguments arguments) {
  auto registry = SW_TRY(connect(arguments[0], options));
  auto subject = SW_TRY(crypto::Digest::parse(arguments[1]));
  const auto& text = arguments[3];
  oci::Descriptor blob{.media_type = "text/plain", .digest = crypto::Digest::of(text), .size = text.size()};
  oci::Artifact artifact{
      .type = arguments[2], .subject = SW_TRY(registry.described(subject)), .blobs = {{blob, text}}, .annotations = {}};
  return list({SW_TRY(oci::Pusher(registry, push_options()).artifact(artifact))});
}

struct Command {
  std::string_view name;
  std::size_t arguments;
  Result<> (*run)(const oci::OpenOptions&, Arguments);
};

constexpr Command commands[] = {{"image", 1, image},         {"platforms", 1, platforms}, {"tags", 1, tags},
                                {"referrers", 2, referrers}, {"push", 2, push},           {"attach", 4, attach}};

Result<> run(const std::vector<std::string>& words) {
  auto options = SW_TRY(options_from_environment());
  for (auto& command : commands)
    if (!words.empty() && words[0] == command.name && words.size() > command.arguments)
      return command.run(options, Arguments(words).subspan(1));
  return fail(Code::invalid, "usage: oci_probe image|platforms|tags|referrers|push|attach ARGUMENTS");
}

}  // namespace

int main(int count, char** arguments) {
  auto done = run({arguments + 1, arguments + count});
  if (done) return 0;
  auto code = text(done.error().code);
  std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(code.size()), code.data(), done.error().what.c_str());
  return 1;
}
