#include "base/text.h"
#include "oci/detail/session.h"

namespace seawall::oci::detail {
namespace {

constexpr int max_pages = 100;
constexpr std::size_t max_referrers = 10'000;

Result<std::vector<Descriptor>> manifests_of(std::string_view index, std::string_view type) {
  auto parsed = SW_TRY(parse_manifest(index, type));
  if (auto* list = std::get_if<Index>(&parsed)) return std::move(list->manifests);
  return fail(Code::corrupt, "not an index");
}

}  // namespace

std::optional<std::string> next_page(const net::Response& response) {
  for (auto& header : response.all("link"))
    for (auto link : split(header, ',')) {
      auto begin = link.find('<'), end = link.find('>');
      if (begin == link.npos || end == link.npos || end < begin) continue;
      if (link.find("rel=\"next\"", end) == link.npos && link.find("rel=next", end) == link.npos) continue;
      auto url = net::resolve_url(response.url, link.substr(begin + 1, end - begin - 1));
      if (url) return url->text;
    }
  return std::nullopt;
}

std::string fallback_tag(const crypto::Digest& subject) { return replace_all(subject.text(), ":", "-"); }

Result<std::optional<std::vector<Descriptor>>> Session::listed_referrers(const crypto::Digest& subject,
                                                                         std::string_view type) const {
  std::vector<Descriptor> all;
  std::string url = "referrers/" + subject.text();
  if (!type.empty()) url += "?artifactType=" + net::url_encode(type);
  for (int page = 0; page < max_pages; ++page) {
    auto response = SW_TRY(origin().send(
        {.request = {.url = url, .headers = {{"Accept", std::string(media_type::oci_index)}}}}, max_manifest));
    if (response.status == 404 && page == 0) return std::nullopt;
    if (response.status != 200) return std::unexpected(error_of(response, response.body));
    // Old registries and single-page applications answer 200 to anything: only an index is an answer.
    if (!response.header("content-type").value_or("").starts_with(media_type::oci_index) && page == 0)
      return std::nullopt;
    auto some = SW_TRY(manifests_of(response.body, media_type::oci_index));
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    if (all.size() > max_referrers) break;
    auto next = next_page(response);
    if (!next) return all;
    url = std::move(*next);
  }
  return fail(Code::exhausted, "more than " + std::to_string(max_referrers) + " referrers");
}

Result<std::vector<Descriptor>> Session::tagged_referrers(const crypto::Digest& subject) const {
  auto found = resolve_at(origin(), fallback_tag(subject));
  if (!found && found.error().code == Code::not_found) return std::vector<Descriptor>{};
  if (!found) return std::unexpected(std::move(found.error()));
  return in("fallback tag", manifests_of(found->text, found->descriptor.media_type));
}

Result<std::vector<Descriptor>> Session::referrers(const crypto::Digest& subject, std::string_view type) const {
  if (auto listed = SW_TRY(listed_referrers(subject, type))) return std::move(*listed);
  return tagged_referrers(subject);
}

}  // namespace seawall::oci::detail
