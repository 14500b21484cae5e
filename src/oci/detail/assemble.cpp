#include "oci/detail/assemble.h"

#include "base/text.h"
#include "oci/detail/verify.h"

namespace seawall::oci::detail {
namespace {

constexpr int max_index_depth = 3;
constexpr std::size_t max_manifests = 1000;

class StoredImage final : public Image {
 public:
  StoredImage(std::shared_ptr<const ContentStore> store, Names names, Found found, Manifest manifest,
              std::string config_text, ImageConfig config, std::vector<Layer> layers)
      : store_(std::move(store)),
        names_(std::move(names)),
        found_(std::move(found)),
        manifest_(std::move(manifest)),
        config_text_(std::move(config_text)),
        config_(std::move(config)),
        layers_(std::move(layers)) {}

  const std::string& name() const override { return names_.name; }
  const crypto::Digest& manifest_digest() const override { return found_.descriptor.digest; }
  const std::string& manifest_text() const override { return found_.text; }
  const std::map<std::string, std::string>& annotations() const override { return manifest_.annotations; }
  const ImageConfig& config() const override { return config_; }
  const std::string& config_text() const override { return config_text_; }
  const std::vector<Layer>& layers() const override { return layers_; }
  const std::vector<std::string>& repo_tags() const override { return names_.repo_tags; }

  Result<std::unique_ptr<Source>> open_layer(std::size_t index) const override {
    SW_CHECK(index < layers_.size());
    auto& blob = layers_[index].blob;
    auto context = "layer " + blob.digest.text();
    if (!is_layer_type(blob.media_type))
      return fail(Code::unsupported, context + ": media type " + to_utf8(blob.media_type.substr(0, 200)));
    auto source = SW_TRY(in(context, store_->open_blob(blob)));
    return verified(std::move(source), blob.digest, blob.size);
  }

 private:
  std::shared_ptr<const ContentStore> store_;
  Names names_;
  Found found_;
  Manifest manifest_;
  std::string config_text_;
  ImageConfig config_;
  std::vector<Layer> layers_;
};

// Layers with their diff_ids and the build steps that made them; steps that made none are skipped over.
Result<std::vector<Layer>> layers_of(const Manifest& manifest, const ImageConfig& config) {
  if (!config.diff_ids.empty() && config.diff_ids.size() != manifest.layers.size())
    return fail(Code::corrupt, "the manifest has " + std::to_string(manifest.layers.size()) +
                                   " layers, the config names " + std::to_string(config.diff_ids.size()));
  std::vector<int> steps;
  for (std::size_t i = 0; i < config.history.size(); ++i)
    if (!config.history[i].empty_layer) steps.push_back(static_cast<int>(i));
  const bool steps_fit = steps.size() == manifest.layers.size();
  std::vector<Layer> layers;
  for (std::size_t i = 0; i < manifest.layers.size(); ++i)
    layers.push_back({.blob = manifest.layers[i],
                      .diff_id = config.diff_ids.empty() ? std::string() : config.diff_ids[i],
                      .history = steps_fit ? steps[i] : -1});
  return layers;
}

bool is_attestation(const Descriptor& descriptor) {
  if (descriptor.annotations.contains("vnd.docker.reference.type")) return true;
  return descriptor.platform && descriptor.platform->os == "unknown";
}

Result<> collect(const ContentStore& store, const Found& at, int depth, std::vector<Descriptor>& into) {
  auto parsed = SW_TRY(in(at.descriptor.digest.text(), parse_manifest(at.text, at.descriptor.media_type)));
  if (auto* manifest = std::get_if<Manifest>(&parsed)) {
    auto descriptor = at.descriptor;
    descriptor.media_type = manifest->media_type;
    into.push_back(std::move(descriptor));
    return {};
  }
  for (auto& child : std::get<Index>(parsed).manifests) {
    if (is_attestation(child)) continue;
    if (into.size() == max_manifests)
      return fail(Code::exhausted, "index of more than " + std::to_string(max_manifests) + " images");
    if (!is_index_type(child.media_type)) {
      into.push_back(child);
      continue;
    }
    if (depth == max_index_depth) return fail(Code::exhausted, "indexes nested too deep");
    Found next{.descriptor = child, .text = SW_TRY(in(child.digest.text(), store.manifest(child)))};
    SW_TRY(collect(store, next, depth + 1, into));
  }
  return {};
}

// How well an image's platform serves a wish: 0 not at all, more is better.
int fitness(const Platform& has, const Platform& wanted) {
  if (has.os != wanted.os || has.architecture != wanted.architecture) return 0;
  if (has.variant == wanted.variant) return 100;
  if (wanted.architecture == "arm64")  // v8 is all there was for years, and what no variant means
    return wanted.variant.empty() || wanted.variant == "v8" ? (has.variant.empty() || has.variant == "v8" ? 99 : 50)
                                                            : 0;
  if (wanted.variant.empty()) {
    // Any will do: the plainest for amd64 (v1 before v3), the newest for arm, as docker chooses.
    auto level = has.variant.size() > 1 ? static_cast<int>(to_u64(has.variant.substr(1)).value_or(0) % 50) : 0;
    return wanted.architecture == "arm" ? 10 + level : 90 - level;
  }
  if (wanted.architecture == "arm" && !has.variant.empty() && has.variant < wanted.variant)
    return 10 + (has.variant.back() - '0');  // an older one runs on a newer machine
  return has.variant.empty() ? 5 : 0;
}

std::string platforms_text(const std::vector<Descriptor>& all) {
  std::vector<std::string> names;
  for (auto& one : all) names.push_back(one.platform ? to_utf8(one.platform->text()) : "unnamed");
  return join(names, ", ");
}

const Descriptor* best_for(const std::vector<Descriptor>& all, const Platform& wanted) {
  const Descriptor* best = nullptr;
  int best_fitness = 0;
  for (auto& one : all) {
    auto fits = one.platform ? fitness(*one.platform, wanted) : 0;
    if (fits <= best_fitness) continue;
    best = &one;
    best_fitness = fits;
  }
  return best;
}

// Doesn't fetch again what was the root.
class RememberingStore final : public ContentStore {
 public:
  RememberingStore(std::shared_ptr<const ContentStore> inner, Found root)
      : inner_(std::move(inner)), root_(std::move(root)) {}
  Result<std::string> manifest(const Descriptor& descriptor) const override {
    if (descriptor.digest == root_.descriptor.digest) return root_.text;
    return inner_->manifest(descriptor);
  }
  Result<std::unique_ptr<Source>> open_blob(const Descriptor& descriptor) const override {
    return inner_->open_blob(descriptor);
  }

 private:
  std::shared_ptr<const ContentStore> inner_;
  Found root_;
};

Result<Found> fetch(const ContentStore& store, const Descriptor& descriptor) {
  return Found{.descriptor = descriptor, .text = SW_TRY(in(descriptor.digest.text(), store.manifest(descriptor)))};
}

}  // namespace

Result<std::string> read_blob(const ContentStore& store, const Descriptor& descriptor, std::size_t limit) {
  if (descriptor.size > limit)
    return fail(Code::exhausted, descriptor.digest.text() + ": larger than " + human_size(limit));
  auto source = verified(SW_TRY(store.open_blob(descriptor)), descriptor.digest, descriptor.size);
  return read_all(*source, limit);
}

Result<std::vector<Descriptor>> image_manifests(const ContentStore& store, const Found& root) {
  std::vector<Descriptor> all;
  SW_TRY(collect(store, root, 0, all));
  return all;
}

Result<Descriptor> choose(const std::vector<Descriptor>& all, const std::optional<Platform>& wanted) {
  if (all.empty()) return fail(Code::not_found, "it holds no image");
  if (auto* best = best_for(all, wanted.value_or(Platform::host()))) return *best;
  // A plain manifest says its platform only in its config: assemble holds that against the wish.
  if (all.size() == 1 && (!wanted || !all.front().platform)) return all.front();
  return fail(Code::not_found,
              "no image for " + wanted.value_or(Platform::host()).text() + "; there are " + platforms_text(all));
}

Result<std::unique_ptr<Image>> assemble(std::shared_ptr<const ContentStore> store, const Names& names, Found found) {
  auto context = "manifest " + found.descriptor.digest.text();
  auto parsed = SW_TRY(in(context, parse_manifest(found.text, found.descriptor.media_type)));
  auto* manifest = std::get_if<Manifest>(&parsed);
  if (manifest == nullptr) return fail(Code::corrupt, context + ": an index where a manifest was announced");
  if (!is_config_type(manifest->config.media_type))
    return fail(Code::unsupported,
                context + ": an artifact of type " +
                    to_utf8(manifest->artifact_type.empty() ? manifest->config.media_type : manifest->artifact_type) +
                    ", not a container image");
  auto text = SW_TRY(in("config", read_blob(*store, manifest->config, max_config)));
  auto config = SW_TRY(in("config " + manifest->config.digest.text(), parse_config(text)));
  auto layers = SW_TRY(in(context, layers_of(*manifest, config)));
  return std::make_unique<StoredImage>(std::move(store), names, std::move(found), std::move(*manifest), std::move(text),
                                       std::move(config), std::move(layers));
}

Result<std::vector<std::unique_ptr<Image>>> images_of(std::shared_ptr<const ContentStore> store, const Names& names,
                                                      std::vector<Descriptor> all, const Choice& choice) {
  if (choice.platforms == Choice::Platforms::one) all = {SW_TRY(choose(all, choice.platform))};
  if (all.empty()) return fail(Code::not_found, "it holds no image");
  std::vector<std::unique_ptr<Image>> images;
  for (auto& one : all) {
    auto image = SW_TRY(assemble(store, names, SW_TRY(fetch(*store, one))));
    if (choice.platform && fitness(image->config().platform, *choice.platform) == 0)
      return fail(Code::not_found, "the image is for " + to_utf8(image->config().platform.text()) + ", not for " +
                                       choice.platform->text());
    images.push_back(std::move(image));
  }
  return images;
}

Result<std::vector<std::unique_ptr<Image>>> images_below(std::shared_ptr<const ContentStore> store, const Names& names,
                                                         Found root, const Choice& choice) {
  auto all = SW_TRY(image_manifests(*store, root));
  auto remembering = std::make_shared<RememberingStore>(std::move(store), std::move(root));
  return images_of(std::move(remembering), names, std::move(all), choice);
}

}  // namespace seawall::oci::detail
