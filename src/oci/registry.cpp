#include "oci/registry.h"

#include <algorithm>

#include "base/text.h"
#include "codec/json.h"
#include "oci/detail/host_certificates.h"
#include "oci/detail/retry.h"
#include "oci/detail/session.h"
#include "oci/detail/verify.h"

namespace seawall::oci {
namespace {

constexpr std::size_t max_page = std::size_t{16} << 20, max_tags = 1'000'000;
constexpr int max_pages = 10'000;

struct Place {
  std::string scheme, host, prefix;
};

// "http://cache:5000/hub" taken apart; no scheme means that it is to be found out.
Result<Place> place_of(std::string_view location) {
  Place place;
  for (std::string_view scheme : {"http", "https"})
    if (location.starts_with(std::string(scheme) + "://")) {
      place.scheme = scheme;
      location.remove_prefix(scheme.size() + 3);
      break;
    }
  while (location.ends_with('/')) location.remove_suffix(1);
  auto slash = location.find('/');
  place.host = lower(location.substr(0, slash));
  if (slash != location.npos) place.prefix = location.substr(slash + 1);
  auto probe = Reference::parse(place.host + "/" + (place.prefix.empty() ? "x" : place.prefix));
  if (!probe || probe->registry != place.host)
    return fail(Code::invalid,
                "mirror has to be [http[s]://]host[:port][/prefix]: " + to_utf8(location.substr(0, 200)));
  return place;
}

Result<Credentials> credentials_for(const RegistryOptions& options, const std::string& registry,
                                    const std::string& repository) {
  if (!options.store || options.client.network == net::Network::offline) return Credentials{};
  return options.store->find(registry, repository);
}

Result<std::unique_ptr<detail::Endpoint>> mirror_endpoint(const RegistryOptions& options, const Mirror& mirror,
                                                          const Reference& reference) {
  auto place = SW_TRY(place_of(mirror.location));
  auto repository = place.prefix.empty() ? reference.repository : place.prefix + "/" + reference.repository;
  auto pacing = options.pacing;
  pacing.attempts = 1;  // the next mirror is the second attempt
  return std::make_unique<detail::Endpoint>(detail::EndpointOptions{
      .host = place.host,
      .scheme = place.scheme,
      .repository = repository,
      .client = SW_TRY(detail::with_host_certificates(options.client, options.certificate_folders, place.host)),
      .credentials = SW_TRY(credentials_for(options, place.host, repository)),
      .plain_http = options.plain_http,
      .pacing = std::move(pacing)});
}

Result<std::unique_ptr<detail::Endpoint>> origin_endpoint(const RegistryOptions& options, const Reference& reference) {
  auto& known_as = reference.registry;
  auto credentials = options.credentials;
  if (credentials.anonymous()) credentials = SW_TRY(credentials_for(options, known_as, reference.repository));
  return std::make_unique<detail::Endpoint>(detail::EndpointOptions{
      .host = reference.host(),
      .scheme = {},
      .repository = reference.repository,
      .client = SW_TRY(detail::with_host_certificates(options.client, options.certificate_folders, known_as)),
      .credentials = std::move(credentials),
      .plain_http = options.plain_http,
      .pacing = options.pacing});
}

std::vector<std::string> repo_tags_of(const Reference& reference) {
  if (reference.tag.empty()) return {};
  return {reference.registry + "/" + reference.repository + ":" + reference.tag};
}

Result<std::vector<std::string>> tags_in(std::string_view body) {
  auto document = codec::parse_json(body, {.bytes = max_page, .nodes = max_tags, .depth = 8});
  if (!document) return fail(Code::corrupt, "list of tags: " + document.error().what);
  std::vector<std::string> tags;
  for (auto tag : document->root()["tags"].items())
    if (is_tag(tag.text())) tags.emplace_back(tag.text());
  return tags;
}

}  // namespace

Result<Mirror> Mirror::parse(std::string_view text) {
  Mirror mirror;
  if (auto halves = cut(text, "=")) {
    mirror.registry = lower(halves->left);
    text = halves->right;
  }
  SW_TRY(place_of(text));
  mirror.location = text;
  return mirror;
}

Registry::Registry(std::shared_ptr<detail::Session> session) : session_(std::move(session)) {}
Registry::Registry(Registry&&) noexcept = default;
Registry& Registry::operator=(Registry&&) noexcept = default;
Registry::~Registry() = default;

Result<Registry> Registry::connect(Reference reference, RegistryOptions options) {
  std::vector<std::unique_ptr<detail::Endpoint>> endpoints;
  for (auto& mirror : options.mirrors)
    if (mirror.registry.empty() || mirror.registry == reference.registry)
      endpoints.push_back(SW_TRY(mirror_endpoint(options, mirror, reference)));
  endpoints.push_back(SW_TRY(origin_endpoint(options, reference)));
  return Registry(std::make_shared<detail::Session>(std::move(reference), std::move(endpoints)));
}

const Reference& Registry::reference() const noexcept { return session_->reference(); }

Result<std::vector<std::unique_ptr<Image>>> Registry::images(const Choice& choice, std::string name) const {
  auto& reference = session_->reference();
  if (name.empty()) name = reference.text();
  auto root = SW_TRY(in(name, session_->resolve(reference.wanted())));
  return in(name, detail::images_below(session_, {.name = name, .repo_tags = repo_tags_of(reference)}, std::move(root),
                                       choice));
}

Result<std::unique_ptr<Image>> Registry::image(const std::optional<Platform>& platform) const {
  auto images = SW_TRY(this->images({.selector = {}, .platform = platform}));
  return std::move(images.front());
}

Result<std::vector<Descriptor>> Registry::platforms() const {
  auto& reference = session_->reference();
  auto root = SW_TRY(in(reference.text(), session_->resolve(reference.wanted())));
  auto all = SW_TRY(in(reference.text(), detail::image_manifests(*session_, root)));
  if (all.size() != 1 || all.front().platform) return all;
  // A plain image: its config knows.
  auto image = SW_TRY(detail::assemble(session_, {}, std::move(root)));
  all.front().platform = image->config().platform;
  return all;
}

Result<std::vector<std::string>> Registry::tags() const {
  auto& origin = session_->origin();
  std::vector<std::string> all;
  std::string url = "tags/list";
  for (int page = 0; page < max_pages; ++page) {
    auto response = SW_TRY(in("tags", origin.send({.request = {.url = url}}, max_page)));
    if (response.status != 200) return std::unexpected(detail::error_of(response, response.body).in("tags"));
    auto tags = SW_TRY(tags_in(response.body));
    all.insert(all.end(), std::make_move_iterator(tags.begin()), std::make_move_iterator(tags.end()));
    if (all.size() > max_tags) return fail(Code::exhausted, "more than " + std::to_string(max_tags) + " tags");
    auto next = detail::next_page(response);
    if (!next) return all;
    url = std::move(*next);
  }
  return fail(Code::exhausted, "tags: more than " + std::to_string(max_pages) + " pages");
}

Result<std::vector<Descriptor>> Registry::referrers(const crypto::Digest& subject,
                                                    std::string_view artifact_type) const {
  auto all = SW_TRY(in("referrers of " + subject.text(), session_->referrers(subject, artifact_type)));
  // Registries may leave the filter out; the fallback tag has none.
  if (!artifact_type.empty()) std::erase_if(all, [&](auto& one) { return one.artifact_type != artifact_type; });
  return all;
}

Result<Descriptor> Registry::described(const crypto::Digest& digest) const {
  auto found = SW_TRY(session_->resolve(digest.text()));
  auto parsed = SW_TRY(in(digest.text(), detail::parse_manifest(found.text, found.descriptor.media_type)));
  found.descriptor.media_type = std::visit([](auto& one) { return one.media_type; }, parsed);
  return std::move(found.descriptor);
}

Result<std::string> Registry::manifest(const Descriptor& descriptor) const { return session_->manifest(descriptor); }

Result<std::string> Registry::blob(const Descriptor& descriptor, std::size_t limit) const {
  return detail::read_blob(*session_, descriptor, limit);
}

}  // namespace seawall::oci
