#include "oci/push.h"

#include <algorithm>

#include "base/text.h"
#include "oci/detail/manifest_write.h"
#include "oci/detail/retry.h"
#include "oci/detail/session.h"
#include "oci/detail/upload.h"
#include "oci/detail/verify.h"

namespace seawall::oci {
namespace {

using detail::Upload;

constexpr std::size_t max_answer = std::size_t{1} << 20;
constexpr std::uint64_t largest_chunk = std::uint64_t{256} << 20;

// Fills the text up to `size`, less only at the end of the stream.
Result<std::string> next_chunk(Source& source, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    auto n = SW_TRY(source.read(std::span(bytes).subspan(filled)));
    if (n == 0) break;
    filled += n;
  }
  bytes.resize(filled);
  return bytes;
}

// A source that belongs to somebody else, as one that we own.
class Borrowed final : public Source {
 public:
  explicit Borrowed(Source& source) : source_(source) {}
  Result<std::size_t> read(std::span<char> buffer) override { return source_.read(buffer); }

 private:
  Source& source_;
};

Result<bool> holds(const detail::Endpoint& endpoint, const std::string& path, std::string_view accept) {
  auto response =
      SW_TRY(endpoint.send({.request = {.method = "HEAD", .url = path, .headers = {{"Accept", std::string(accept)}}},
                            .access = detail::Access::push},
                           max_answer));
  if (response.status == 404) return false;
  if (response.status != 200) return std::unexpected(detail::error_of(response, {}).in(path));
  return true;
}

Result<net::Response> put_manifest(const detail::Endpoint& endpoint, std::string_view text, std::string_view media_type,
                                   const std::string& tag_or_digest) {
  auto response = SW_TRY(endpoint.send({.request = {.method = "PUT",
                                                    .url = "manifests/" + tag_or_digest,
                                                    .headers = {{"Content-Type", std::string(media_type)}},
                                                    .body = std::string(text)},
                                        .access = detail::Access::push},
                                       max_answer));
  if (response.status != 201 && response.status != 202)
    return std::unexpected(detail::error_of(response, response.body).in("manifest " + tag_or_digest));
  return response;
}

Descriptor described_as(std::string_view text, std::string_view media_type) {
  return {.media_type = std::string(media_type), .digest = crypto::Digest::of(text), .size = text.size()};
}

Result<Descriptor> stored(const net::Response& response, Descriptor descriptor) {
  auto got = response.header("docker-content-digest");
  if (got && *got != descriptor.digest.text())
    return fail(Code::corrupt, "the registry stored " + to_utf8(got->substr(0, 200)));
  return descriptor;
}

bool lists(const std::vector<Descriptor>& all, const Descriptor& artifact) {
  return std::any_of(all.begin(), all.end(), [&](auto& one) { return one.digest == artifact.digest; });
}

Result<bool> shown_by_api(const detail::Session& session, const crypto::Digest& subject, const Descriptor& artifact) {
  auto listed = SW_TRY(session.listed_referrers(subject, {}));
  return listed && lists(*listed, artifact);
}

// Puts the artifact's descriptor into the index that stands for the missing API. Two who do so at the same time may
// lose one entry: the specification knows no better.
Result<> add_to_fallback(const detail::Session& session, const crypto::Digest& subject, const Descriptor& artifact) {
  auto all = SW_TRY(session.tagged_referrers(subject));
  if (lists(all, artifact)) return {};
  all.push_back(artifact);
  SW_TRY(put_manifest(session.origin(), detail::index_text(all), detail::media_type::oci_index,
                      detail::fallback_tag(subject)));
  return {};
}

}  // namespace

Pusher::Pusher(const Registry& registry, PushOptions options)
    : session_(registry.session_), options_(std::move(options)) {
  options_.chunk = std::clamp<std::uint64_t>(options_.chunk, 1, largest_chunk);
}

Result<> Pusher::blob(const Descriptor& descriptor, std::string_view content) const {
  SW_TRY(detail::verify(content, descriptor.digest, descriptor.size));
  // From memory a broken upload can always begin anew.
  for (detail::Retry retry(session_->origin().pacing());;) {
    MemorySource source(content);
    auto done = blob(descriptor, source);
    if (done || !retry.after(done.error())) return done;
  }
}

Result<> Pusher::blob(const Descriptor& descriptor, Source& source) const {
  auto& endpoint = session_->origin();
  if (SW_TRY(holds(endpoint, "blobs/" + descriptor.digest.text(), "*/*"))) return {};
  auto upload = SW_TRY(Upload::begin(endpoint, &descriptor.digest, options_.mount_from));
  if (!upload) return {};
  auto checked = detail::verified(std::make_unique<Borrowed>(source), descriptor.digest, descriptor.size);
  const auto chunk = std::max(options_.chunk, std::min(upload->least_chunk(), largest_chunk));
  auto bytes = SW_TRY(next_chunk(*checked, std::min(chunk, descriptor.size + 1)));
  for (;;) {
    // A chunk is the last one where the source has no more: known only after asking.
    auto next = bytes.size() < chunk ? std::string() : SW_TRY(next_chunk(*checked, chunk));
    if (next.empty()) return upload->finish(bytes, descriptor.digest);
    SW_TRY(upload->chunk(bytes));
    bytes = std::move(next);
  }
}

Result<Descriptor> Pusher::stream(Source& source, std::string media_type) const {
  auto upload = SW_TRY(Upload::begin(session_->origin(), nullptr, {}));
  SW_CHECK(upload.has_value());
  crypto::Hasher hasher;
  std::uint64_t size = 0;
  const auto chunk = std::max(options_.chunk, std::min(upload->least_chunk(), largest_chunk));
  for (;;) {
    auto bytes = SW_TRY(next_chunk(source, chunk));
    hasher.update(bytes);
    size += bytes.size();
    if (bytes.size() == chunk) {
      SW_TRY(upload->chunk(bytes));
      continue;
    }
    auto digest = crypto::Digest::from_sha256_hex(hasher.finish_hex());
    SW_TRY(upload->finish(bytes, digest));
    return Descriptor{.media_type = std::move(media_type), .digest = std::move(digest), .size = size};
  }
}

Result<Descriptor> Pusher::manifest(std::string_view text, std::string_view media_type, std::string_view tag) const {
  auto descriptor = described_as(text, media_type);
  auto name = tag.empty() ? descriptor.digest.text() : std::string(tag);
  auto response = SW_TRY(put_manifest(session_->origin(), text, media_type, name));
  return stored(response, std::move(descriptor));
}

Result<Descriptor> Pusher::image(const Image& image, std::string_view tag) const {
  auto parsed = SW_TRY(detail::parse_manifest(image.manifest_text()));
  auto* manifest = std::get_if<detail::Manifest>(&parsed);
  if (manifest == nullptr) return fail(Code::internal, "an image whose manifest is an index");
  for (std::size_t i = 0; i < image.layers().size(); ++i) {
    auto& layer = image.layers()[i].blob;
    if (!layer.urls.empty()) continue;  // foreign layers stay where they are
    auto source = SW_TRY(image.open_layer(i));
    SW_TRY(in("layer " + layer.digest.text(), blob(layer, *source)));
  }
  SW_TRY(in("config", blob(manifest->config, image.config_text())));
  auto descriptor = SW_TRY(this->manifest(image.manifest_text(), manifest->media_type, tag));
  descriptor.platform = image.config().platform;
  return descriptor;
}

Result<Descriptor> Pusher::index(const std::vector<Descriptor>& manifests, std::string_view tag) const {
  return manifest(detail::index_text(manifests), detail::media_type::oci_index, tag);
}

Result<Descriptor> Pusher::artifact(const Artifact& artifact) const {
  const auto empty = detail::empty_descriptor();
  SW_TRY(blob(empty, "{}"));
  detail::Manifest manifest{.media_type = std::string(detail::media_type::oci_manifest),
                            .artifact_type = artifact.type,
                            .config = empty,
                            .subject = artifact.subject,
                            .annotations = artifact.annotations};
  for (auto& [descriptor, content] : artifact.blobs) {
    SW_TRY(blob(descriptor, content));
    manifest.layers.push_back(descriptor);
  }
  if (manifest.layers.empty()) manifest.layers.push_back(empty);
  auto text = detail::manifest_text(manifest);
  auto descriptor = described_as(text, manifest.media_type);
  descriptor.artifact_type = artifact.type;
  descriptor.annotations = artifact.annotations;
  auto response = SW_TRY(put_manifest(session_->origin(), text, manifest.media_type, descriptor.digest.text()));
  descriptor = SW_TRY(stored(response, std::move(descriptor)));
  // The header is the registry's word that its referrers API will show it; some show it without a word.
  if (!response.header("oci-subject") && !SW_TRY(shown_by_api(*session_, artifact.subject.digest, descriptor)))
    SW_TRY(in("fallback tag", add_to_fallback(*session_, artifact.subject.digest, descriptor)));
  return descriptor;
}

}  // namespace seawall::oci
