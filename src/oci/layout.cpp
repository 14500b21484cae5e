#include "oci/layout.h"

#include <algorithm>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "codec/json.h"
#include "oci/detail/layout_store.h"
#include "oci/detail/verify.h"

namespace seawall::oci {
namespace detail {
namespace {

constexpr std::string_view ref_name = "org.opencontainers.image.ref.name";
constexpr std::string_view image_name = "io.containerd.image.name";

class FolderStore final : public LayoutStore {
 public:
  explicit FolderStore(std::string directory) : directory_(std::move(directory)) {}
  Result<std::string> file(const std::string& path, std::size_t limit) const override {
    return read_file(path_join(directory_, path), limit);
  }
  Result<std::unique_ptr<Source>> open_file(const std::string& path) const override {
    auto file = SW_TRY(SeekableFile::open_plain(path_join(directory_, path)));
    auto size = file->size();
    return part_of(std::move(file), 0, size);
  }

 private:
  std::string directory_;
};

class TarStore final : public LayoutStore {
 public:
  explicit TarStore(std::shared_ptr<const TarIndex> tar) : tar_(std::move(tar)) {}
  Result<std::string> file(const std::string& path, std::size_t limit) const override {
    return tar_->read(path, limit);
  }
  Result<std::unique_ptr<Source>> open_file(const std::string& path) const override { return tar_->open_member(path); }

 private:
  std::shared_ptr<const TarIndex> tar_;
};

std::string blob_path(const crypto::Digest& digest) { return "blobs/" + replace_all(digest.text(), ":", "/"); }

std::string annotation(const Descriptor& descriptor, std::string_view key) {
  auto found = descriptor.annotations.find(std::string(key));
  return found == descriptor.annotations.end() ? std::string() : found->second;
}

bool is_named(const Descriptor& descriptor, std::string_view selector) {
  return annotation(descriptor, ref_name) == selector || annotation(descriptor, image_name) == selector ||
         descriptor.digest.text() == selector;
}

std::string names_in(const Index& index) {
  std::vector<std::string> names;
  for (auto& one : index.manifests) {
    auto name = annotation(one, ref_name);
    names.push_back(to_utf8(name.empty() ? one.digest.text() : name));
  }
  return names.empty() ? "none" : join(names, ", ");
}

// The entries that the selector means; several remain where they are one image's platforms.
Result<Index> selected(Index index, const std::string& selector) {
  auto known = names_in(index);
  if (!selector.empty()) std::erase_if(index.manifests, [&](auto& one) { return !is_named(one, selector); });
  if (index.manifests.empty())
    return fail(Code::not_found, selector.empty() ? "the layout holds no image"
                                                  : "no image named " + to_utf8(selector) + "; there are: " + known);
  std::set<std::string> digests, platforms;
  for (auto& one : index.manifests) {
    digests.insert(one.digest.text());
    platforms.insert(one.platform ? one.platform->text() : "");
  }
  if (digests.size() == 1) index.manifests.resize(1, index.manifests.front());
  // Entries that differ by nothing but content are different images, not different platforms.
  else if (selector.empty() && platforms.size() < digests.size())
    return fail(Code::invalid, "several images: name one of " + known);
  return index;
}

std::vector<std::string> repo_tags_of(const Index& index) {
  std::vector<std::string> tags;
  for (auto& one : index.manifests) {
    auto full = annotation(one, image_name);
    if (!full.empty() && std::find(tags.begin(), tags.end(), full) == tags.end()) tags.push_back(std::move(full));
  }
  return tags;
}

Result<std::vector<Descriptor>> manifests_below(const LayoutStore& store, const Index& index) {
  std::vector<Descriptor> all;
  for (auto& one : index.manifests) {
    if (!one.media_type.empty() && !is_index_type(one.media_type) && !is_manifest_type(one.media_type))
      return fail(Code::unsupported, one.digest.text() + ": media type " + to_utf8(one.media_type.substr(0, 200)));
    Found root{.descriptor = one, .text = SW_TRY(in(one.digest.text(), store.manifest(one)))};
    auto some = SW_TRY(image_manifests(store, root));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace

Result<std::string> LayoutStore::manifest(const Descriptor& descriptor) const {
  auto text = SW_TRY(file(blob_path(descriptor.digest), max_manifest));
  SW_TRY(verify(text, descriptor.digest, descriptor.size));
  return text;
}

Result<std::unique_ptr<Source>> LayoutStore::open_blob(const Descriptor& descriptor) const {
  return open_file(blob_path(descriptor.digest));
}

std::shared_ptr<const LayoutStore> folder_store(std::string directory) {
  return std::make_shared<FolderStore>(std::move(directory));
}

std::shared_ptr<const LayoutStore> tar_store(std::shared_ptr<const TarIndex> tar) {
  return std::make_shared<TarStore>(std::move(tar));
}

Result<Index> layout_index(const LayoutStore& store) {
  auto text = SW_TRY(store.file("index.json", max_manifest));
  auto parsed = SW_TRY(in("index.json", parse_manifest(text)));
  if (auto* index = std::get_if<Index>(&parsed)) return std::move(*index);
  return fail(Code::corrupt, "index.json: an image manifest where an index belongs");
}

Result<std::vector<std::unique_ptr<Image>>> layout_images(std::shared_ptr<const LayoutStore> store,
                                                          const Choice& choice, std::string name) {
  auto index = SW_TRY(layout_index(*store));
  auto chosen = SW_TRY(selected(std::move(index), choice.selector));
  auto all = SW_TRY(manifests_below(*store, chosen));
  return images_of(store, {.name = std::move(name), .repo_tags = repo_tags_of(chosen)}, std::move(all), choice);
}

}  // namespace detail

Result<std::vector<std::unique_ptr<Image>>> open_layout(const std::string& directory, const Choice& choice,
                                                        std::string name) {
  return in(name, detail::layout_images(detail::folder_store(directory), choice, name));
}

Result<std::vector<std::unique_ptr<Image>>> open_oci_archive(const std::string& file, const Choice& choice,
                                                             std::string name) {
  auto archive = SW_TRY(detail::SeekableFile::open(file));
  auto tar = std::make_shared<detail::TarIndex>(SW_TRY(in(name, detail::TarIndex::open(std::move(archive)))));
  return in(name, detail::layout_images(detail::tar_store(std::move(tar)), choice, name));
}

}  // namespace seawall::oci
