#include <cstdio>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/exit_codes.h"
#include "oci/open.h"
#include "oci/push.h"

namespace seawall::cli {
namespace {

struct Copied {
  oci::Reference to;
  std::vector<oci::Descriptor> manifests;
};

Result<Copied> copy(const Settings& settings) {
  auto options = SW_TRY(image_options(settings));
  options.platforms = oci::Choice::Platforms::all;
  auto to = SW_TRY(in(settings.arguments()[1], oci::Reference::parse(settings.arguments()[1])));
  auto images = SW_TRY(oci::open_image(settings.arguments()[0], options));
  auto registry = SW_TRY(oci::Registry::connect(to, options.registry));
  oci::Pusher pusher(registry);
  Copied copied{to, {}};
  bool several = images.size() > 1;
  for (const auto& image : images) {
    auto descriptor = SW_TRY(in(to.text(), pusher.image(*image, several ? std::string() : to.tag)));
    descriptor.platform = image->config().platform;
    copied.manifests.push_back(std::move(descriptor));
  }
  if (several) copied.manifests = {SW_TRY(in(to.text(), pusher.index(copied.manifests, to.tag)))};
  return copied;
}

int run(const Settings& settings) {
  auto copied = copy(settings);
  if (!copied) return report_error(copied.error());
  auto done = print(copied->to.text() + "@" + copied->manifests.front().digest.text() + "\n");
  return done ? exit_clean : report_error(done.error());
}

}  // namespace

Command push_command() {
  return {
      .name = "push",
      .summary = "Copy an image to a registry: from a layout, an archive or another registry",
      .details = "Prints the reference with its digest.",
      .arguments = {{"IMAGE", "oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or a registry reference"},
                    {"REF", "where to: host/repo:tag"}},
      .options = registry_options(),
      .examples = {{"seawall push oci:build/image localhost:5000/shop/cart:1.4", "fill a registry on this machine"}},
      .run = run};
}

}  // namespace seawall::cli
