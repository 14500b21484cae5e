#include "oci/open.h"

#include "base/files.h"
#include "base/text.h"
#include "oci/archive_image.h"

namespace seawall::oci {
namespace {

constexpr std::string_view docker_archive = "docker-archive:", oci_archive = "oci-archive:", oci_layout = "oci:",
                           registry = "registry:";

struct Place {
  std::string path, selector;
};

// "PATH[:TAG]" or "PATH[@DIGEST]": what exists as it stands has no tag.
Result<Place> place_of(std::string_view text) {
  Place place{.path = std::string(text)};
  if (exists(place.path)) return place;
  for (auto at = text.find_first_of(":@"); at != text.npos; at = text.find_first_of(":@", at + 1)) {
    std::string path(text.substr(0, at));
    if (!exists(path) || at + 1 == text.size()) continue;
    auto selector = text.substr(at + 1);
    // "@0" is an index into the archive and keeps its sign; a digest doesn't.
    const bool is_index = text[at] == '@' && to_u64(selector).has_value();
    return Place{.path = std::move(path), .selector = (is_index ? "@" : "") + std::string(selector)};
  }
  return fail(Code::not_found, "no such file or folder: " + to_utf8(text));
}

using Opener = Result<std::vector<std::unique_ptr<Image>>> (*)(const std::string&, const Choice&, std::string);

struct Form {
  std::string_view prefix;
  Opener open;
};

constexpr Form forms[] = {
    {docker_archive, open_docker_archive}, {oci_archive, open_oci_archive}, {oci_layout, open_layout}};

}  // namespace

bool has_image_prefix(std::string_view target) noexcept {
  for (auto& form : forms)
    if (target.starts_with(form.prefix)) return true;
  return target.starts_with(registry);
}

Result<std::vector<std::unique_ptr<Image>>> open_image(std::string_view target, const OpenOptions& options) {
  Choice choice{.selector = {}, .platform = options.platform, .platforms = options.platforms};
  for (auto& form : forms) {
    if (!target.starts_with(form.prefix)) continue;
    if (target == form.prefix) return fail(Code::invalid, std::string(target) + ": nothing after the prefix");
    auto place = SW_TRY(in(target, place_of(target.substr(form.prefix.size()))));
    choice.selector = place.selector;
    return form.open(place.path, choice, std::string(target));
  }
  auto text = target.starts_with(registry) ? target.substr(registry.size()) : target;
  auto reference = SW_TRY(Reference::parse(text));
  auto client = SW_TRY(Registry::connect(std::move(reference), options.registry));
  return client.images(choice, std::string(text));
}

}  // namespace seawall::oci
