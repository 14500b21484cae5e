// The files of an OCI image layout, in a folder or in a tar, as a content store.
// Threads: safe.
#pragma once

#include <memory>
#include <string>

#include "oci/detail/assemble.h"
#include "oci/detail/tar_index.h"

namespace seawall::oci::detail {

class LayoutStore : public ContentStore {
 public:
  // A file of the layout by its path ("index.json").
  virtual Result<std::string> file(const std::string& path, std::size_t limit) const = 0;
  virtual Result<std::unique_ptr<Source>> open_file(const std::string& path) const = 0;
  Result<std::string> manifest(const Descriptor&) const override;
  Result<std::unique_ptr<Source>> open_blob(const Descriptor&) const override;
};

std::shared_ptr<const LayoutStore> folder_store(std::string directory);
std::shared_ptr<const LayoutStore> tar_store(std::shared_ptr<const TarIndex>);

// index.json of the layout.
Result<Index> layout_index(const LayoutStore&);
Result<std::vector<std::unique_ptr<Image>>> layout_images(std::shared_ptr<const LayoutStore>, const Choice&,
                                                          std::string name);

}  // namespace seawall::oci::detail
