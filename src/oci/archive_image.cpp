#include "oci/archive_image.h"

#include <algorithm>

#include "archive/decompress.h"
#include "base/files.h"
#include "base/text.h"
#include "codec/json.h"
#include "oci/detail/layout_store.h"
#include "oci/detail/manifest_write.h"
#include "oci/detail/verify.h"
#include "oci/reference.h"

namespace seawall::oci {
namespace {

constexpr std::size_t max_list = std::size_t{16} << 20, max_layers = 4096;

// One entry of manifest.json.
struct Entry {
  std::string config;
  std::vector<std::string> repo_tags, layers;
};

Result<std::vector<Entry>> parse_entries(std::string_view text) {
  auto document = codec::parse_json(text, {.bytes = max_list, .nodes = 1'000'000, .depth = 16});
  if (!document) return fail(Code::corrupt, "manifest.json: " + document.error().what);
  std::vector<Entry> entries;
  for (auto item : document->root().items()) {
    Entry entry{.config = std::string(item.text_or("Config"))};
    for (auto tag : item["RepoTags"].items()) entry.repo_tags.emplace_back(tag.text());
    for (auto layer : item["Layers"].items()) entry.layers.emplace_back(layer.text());
    if (entry.config.empty()) return fail(Code::corrupt, "manifest.json: an image without Config");
    if (entry.layers.size() > max_layers) return fail(Code::exhausted, "manifest.json: too many layers");
    entries.push_back(std::move(entry));
  }
  if (entries.empty()) return fail(Code::corrupt, "manifest.json names no image");
  return entries;
}

// Tags are the same where they mean the same: "alpine:3" and "docker.io/library/alpine:3".
bool is_same_tag(std::string_view a, std::string_view b) {
  if (a == b) return true;
  auto one = Reference::parse(a), other = Reference::parse(b);
  return one && other && one->text() == other->text();
}

std::string tags_text(const std::vector<Entry>& entries) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < entries.size(); ++i)
    all.push_back(entries[i].repo_tags.empty() ? "@" + std::to_string(i) : to_utf8(entries[i].repo_tags.front()));
  return join(all, ", ");
}

Result<Entry> select(std::vector<Entry> entries, const std::string& selector) {
  if (selector.empty()) {
    if (entries.size() == 1) return std::move(entries.front());
    return fail(Code::invalid, "several images: name one of " + tags_text(entries));
  }
  if (auto index = selector.starts_with('@') ? to_u64(std::string_view(selector).substr(1)) : std::nullopt;
      index && *index < entries.size())
    return std::move(entries[*index]);
  for (auto& entry : entries)
    for (auto& tag : entry.repo_tags)
      if (is_same_tag(tag, selector)) return std::move(entry);
  return fail(Code::not_found, "no image named " + to_utf8(selector) + "; there are: " + tags_text(entries));
}

// A member that may be compressed, as a plain tar.
class PlainMember final : public Source {
 public:
  PlainMember(std::unique_ptr<Source> packed, archive::Compression compression)
      : packed_(std::move(packed)), plain_(archive::decompress(*packed_, compression)) {}
  Result<std::size_t> read(std::span<char> buffer) override { return plain_->read(buffer); }

 private:
  std::unique_ptr<Source> packed_, plain_;
};

Result<std::unique_ptr<Source>> open_plain(const detail::TarIndex& tar, const std::string& path) {
  auto probe = SW_TRY(tar.open_member(path));
  std::string head(8, '\0');
  head.resize(SW_TRY(probe->read(head)));
  auto compression = archive::detect_compression(head);
  auto member = SW_TRY(tar.open_member(path));
  if (compression == archive::Compression::none) return member;
  return std::make_unique<PlainMember>(std::move(member), compression);
}

// The manifest that the archive has none of: docker schema 2 over plain tars.
std::string composed_manifest(const Descriptor& config, const std::vector<Layer>& layers) {
  detail::Manifest manifest{.media_type = std::string(detail::media_type::docker_manifest), .config = config};
  for (auto& layer : layers) manifest.layers.push_back(layer.blob);
  return detail::manifest_text(manifest);
}

class ArchiveImage final : public Image {
 public:
  static Result<std::unique_ptr<Image>> open(std::shared_ptr<const detail::TarIndex> tar, Entry entry,
                                             std::string name) {
    std::unique_ptr<ArchiveImage> image(new ArchiveImage);
    image->tar_ = std::move(tar);
    image->entry_ = std::move(entry);
    image->name_ = std::move(name);
    SW_TRY(image->load());
    return image;
  }

  const std::string& name() const override { return name_; }
  const crypto::Digest& manifest_digest() const override { return *digest_; }
  const std::string& manifest_text() const override { return manifest_text_; }
  const std::map<std::string, std::string>& annotations() const override { return annotations_; }
  const ImageConfig& config() const override { return config_; }
  const std::string& config_text() const override { return config_text_; }
  const std::vector<Layer>& layers() const override { return layers_; }
  const std::vector<std::string>& repo_tags() const override { return entry_.repo_tags; }

  Result<std::unique_ptr<Source>> open_layer(std::size_t index) const override {
    SW_CHECK(index < layers_.size());
    auto plain = SW_TRY(in("layer " + std::to_string(index), open_plain(*tar_, entry_.layers[index])));
    return detail::verified(std::move(plain), layers_[index].blob.digest, std::nullopt);
  }

 private:
  Result<> load() {
    config_text_ = SW_TRY(in("config", tar_->read(entry_.config, detail::max_config)));
    config_ = SW_TRY(in("config", detail::parse_config(config_text_)));
    if (config_.diff_ids.size() != entry_.layers.size())
      return fail(Code::corrupt, "manifest.json names " + std::to_string(entry_.layers.size()) +
                                     " layers, the config " + std::to_string(config_.diff_ids.size()));
    SW_TRY(load_layers());
    Descriptor config{.media_type = std::string(detail::media_type::docker_config),
                      .digest = crypto::Digest::of(config_text_),
                      .size = config_text_.size()};
    SW_TRY(check_config_name(config.digest));
    manifest_text_ = composed_manifest(config, layers_);
    digest_ = crypto::Digest::of(manifest_text_);
    return {};
  }

  Result<> load_layers() {
    std::vector<int> steps;
    for (std::size_t i = 0; i < config_.history.size(); ++i)
      if (!config_.history[i].empty_layer) steps.push_back(static_cast<int>(i));
    const bool steps_fit = steps.size() == entry_.layers.size();
    for (std::size_t i = 0; i < entry_.layers.size(); ++i) {
      auto member = SW_TRY(in("layer " + std::to_string(i), tar_->find(entry_.layers[i])));
      layers_.push_back({.blob = {.media_type = std::string(detail::media_type::docker_layer_tar),
                                  .digest = SW_TRY(crypto::Digest::parse(config_.diff_ids[i])),
                                  .size = member.size},
                         .diff_id = config_.diff_ids[i],
                         .history = steps_fit ? steps[i] : -1});
    }
    return {};
  }

  // In the newer form the config's file is content-addressed: "blobs/sha256/HEX". "HEX.json" is but a name.
  Result<> check_config_name(const crypto::Digest& got) const {
    constexpr std::string_view folder = "blobs/sha256/";
    if (!entry_.config.starts_with(folder) || got.hex() == std::string_view(entry_.config).substr(folder.size()))
      return {};
    return fail(Code::corrupt, "config: its content is " + got.text() + ", its name " + to_utf8(entry_.config));
  }

  std::shared_ptr<const detail::TarIndex> tar_;
  Entry entry_;
  std::string name_, manifest_text_, config_text_;
  std::optional<crypto::Digest> digest_;
  std::map<std::string, std::string> annotations_;
  ImageConfig config_;
  std::vector<Layer> layers_;
};

// Docker since version 25 saves an OCI layout beside manifest.json: where it holds this very image, its manifest is the
// real one. Anything wrong with it is no reason to fail: manifest.json is what the format promises.
std::optional<Descriptor> layout_manifest(const detail::LayoutStore& store, const Entry& entry) {
  auto index = detail::layout_index(store);
  if (!index) return std::nullopt;
  for (auto& one : index->manifests) {
    if (detail::is_index_type(one.media_type)) continue;
    auto text = store.manifest(one);
    if (!text) continue;
    auto parsed = detail::parse_manifest(*text, one.media_type);
    auto* manifest = parsed ? std::get_if<detail::Manifest>(&*parsed) : nullptr;
    if (manifest != nullptr && entry.config == "blobs/sha256/" + std::string(manifest->config.digest.hex())) return one;
  }
  return std::nullopt;
}

Result<std::unique_ptr<Image>> open_entry(std::shared_ptr<const detail::TarIndex> tar, Entry entry,
                                          const std::string& name) {
  auto store = detail::tar_store(tar);
  if (auto real = layout_manifest(*store, entry)) {
    detail::Found found{.descriptor = *real, .text = SW_TRY(store->manifest(*real))};
    return detail::assemble(store, {.name = name, .repo_tags = entry.repo_tags}, std::move(found));
  }
  return ArchiveImage::open(std::move(tar), std::move(entry), name);
}

Result<std::vector<std::unique_ptr<Image>>> open_archive(const std::string& file, const Choice& choice,
                                                         const std::string& name) {
  auto archive = SW_TRY(detail::SeekableFile::open(file));
  auto tar = std::make_shared<detail::TarIndex>(SW_TRY(detail::TarIndex::open(std::move(archive))));
  if (!tar->contains("manifest.json")) {
    if (tar->contains("oci-layout") || tar->contains("index.json"))
      return fail(Code::invalid, "this is an OCI layout: use oci-archive:");
    return fail(Code::corrupt, "no archive of docker save: manifest.json is missing");
  }
  auto entries = SW_TRY(parse_entries(SW_TRY(tar->read("manifest.json", max_list))));
  auto image = SW_TRY(open_entry(tar, SW_TRY(select(std::move(entries), choice.selector)), name));
  auto& has = image->config().platform;
  if (choice.platform && (has.os != choice.platform->os || has.architecture != choice.platform->architecture))
    return fail(Code::not_found, "the image is for " + to_utf8(has.text()) + ", not for " + choice.platform->text());
  std::vector<std::unique_ptr<Image>> images;
  images.push_back(std::move(image));
  return images;
}

}  // namespace

Result<std::vector<std::unique_ptr<Image>>> open_docker_archive(const std::string& file, const Choice& choice,
                                                                std::string name) {
  return in(name, open_archive(file, choice, name));
}

}  // namespace seawall::oci
