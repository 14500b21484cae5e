// From manifests and blobs, wherever they lie, to an Image.
// Threads: safe. Owns: images share their store.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oci/detail/manifest.h"
#include "oci/image.h"

namespace seawall::oci::detail {

// Where content is kept by digest: a registry, a folder, an archive.
class ContentStore {
 public:
  virtual ~ContentStore() = default;
  // Verified text.
  virtual Result<std::string> manifest(const Descriptor&) const = 0;
  // Not yet verified.
  virtual Result<std::unique_ptr<Source>> open_blob(const Descriptor&) const = 0;
};

// A small blob, whole and verified.
Result<std::string> read_blob(const ContentStore&, const Descriptor&, std::size_t limit);

// A manifest or index that was fetched and verified.
struct Found {
  Descriptor descriptor;  // media_type as the store called it
  std::string text;
};

// How the images of one target are known.
struct Names {
  std::string name;
  std::vector<std::string> repo_tags;
};

// The manifests of all images below `root`, each with its platform where the index says it: nested indexes are opened
// (three deep), attestations and artifacts of unknown platform left out.
Result<std::vector<Descriptor>> image_manifests(const ContentStore&, const Found& root);

// The one that fits: exact first, then compatible variants. Without a wish this machine's, else the only one.
Result<Descriptor> choose(const std::vector<Descriptor>&, const std::optional<Platform>& wanted);

Result<std::unique_ptr<Image>> assemble(std::shared_ptr<const ContentStore>, const Names&, Found manifest);

// Those of the manifests that the caller chose.
Result<std::vector<std::unique_ptr<Image>>> images_of(std::shared_ptr<const ContentStore>, const Names&,
                                                      std::vector<Descriptor> manifests, const Choice&);
// The same for all below root.
Result<std::vector<std::unique_ptr<Image>>> images_below(std::shared_ptr<const ContentStore>, const Names&, Found root,
                                                         const Choice&);

}  // namespace seawall::oci::detail
