#include "oci/open.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "base/files.h"
#include "base/text.h"

using namespace seawall;
using namespace seawall::oci;

namespace {

// The shared image fixtures; empty where this machine has none.
std::string fixtures() {
  const char* shared = std::getenv("SEAWALL_SHARED");
  auto folder = path_join(shared == nullptr ? "../shared" : shared, "fixtures/images");
  if (exists(folder)) return folder;
  MESSAGE("no shared fixtures at " << folder << ": nothing to test");
  return {};
}

OpenOptions amd64() { return {.platform = Platform{}}; }

Result<std::uint64_t> read_layers(const Image& image) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < image.layers().size(); ++i) {
    auto source = SW_TRY(image.open_layer(i));
    bytes += SW_TRY(read_all(*source, std::size_t{64} << 20)).size();
  }
  return bytes;
}

}  // namespace

TEST_CASE("good images of the fixtures open, and every layer is what its digest says") {
  auto folder = fixtures();
  if (folder.empty()) return;
  struct Case {
    std::string_view target;
    std::size_t layers;
    std::string_view manifest;  // hexadecimal beginning, where the store has a manifest
  };
  constexpr Case cases[] = {
      {"docker-archive:FIXTURES/trivy/alpine-311.tar.gz", 1, ""},
      {"docker-archive:FIXTURES/debian/debian12-status-style.tar.gz", 1, ""},
      {"docker-archive:FIXTURES/debian/debian12-distroless-style.tar.gz", 1, ""},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/test_image_1.tar", 1, ""},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/test_bundle.tar:test_image_2", 1, ""},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/test_bundle.tar@1", 1, ""},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/test_link.tar:bazel/v1/tarball:test_image_3", 2,
       ""},
      {"docker-archive:FIXTURES/go-containerregistry/mutate/testdata/source_image_with_empty_layer_history.tar", 1, ""},
      {"docker-archive:FIXTURES/osv-scalibr/basic.tar", 2, ""},
      {"oci:FIXTURES/trivy/test.oci", 1, "afb744871f99"},
      {"oci:FIXTURES/trivy/test_image_tag.oci:0.0.1", 1, "afb744871f99"},
      {"oci:FIXTURES/stereoscope/oci/testdata/valid_oci_dir", 1, "c1ed04a3da94"},
      {"oci:FIXTURES/stereoscope/oci/testdata/multiplatform_oci_dir:latest", 1, "e7c26a4b4d15"},
      {"oci-archive:FIXTURES/stereoscope/oci/testdata/valid-oci.tar", 1, "c1ed04a3da94"},
      {"oci-archive:FIXTURES/stereoscope/oci/testdata/valid-oci.tar:sample:latest", 1, "c1ed04a3da94"},
  };
  for (auto& c : cases) {
    CAPTURE(c.target);
    auto target = replace_all(c.target, "FIXTURES", folder);
    auto images = open_image(target, amd64());
    REQUIRE_MESSAGE(images, images.error().what);
    REQUIRE(images->size() == 1);
    auto& image = *images->front();
    CHECK(image.name() == target);
    CHECK(image.layers().size() == c.layers);
    CHECK(image.config().diff_ids.size() == c.layers);
    CHECK(image.manifest_digest().hex().starts_with(c.manifest));
    auto bytes = read_layers(image);
    REQUIRE_MESSAGE(bytes, bytes.error().what);
    CHECK(*bytes > 0);
  }
}

TEST_CASE("malformed and ambiguous images of the fixtures are named by what is wrong") {
  auto folder = fixtures();
  if (folder.empty()) return;
  struct Case {
    std::string_view target;
    Code code;
  };
  constexpr Case cases[] = {
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/no_manifest.tar", Code::corrupt},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/null_manifest.tar", Code::corrupt},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/content.tar", Code::corrupt},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/test_bundle.tar", Code::invalid},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/test_bundle.tar:none", Code::not_found},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/hello-world-v25.tar", Code::not_found},
      {"docker-archive:FIXTURES/go-containerregistry/tarball/testdata/foo", Code::corrupt},
      {"docker-archive:FIXTURES/stereoscope/oci/testdata/valid-oci.tar", Code::invalid},
      {"docker-archive:FIXTURES/osv-scalibr/empty.tar", Code::corrupt},
      {"docker-archive:FIXTURES/claircore/concat.tar", Code::corrupt},
      {"docker-archive:FIXTURES/trivy", Code::invalid},
      {"docker-archive:FIXTURES/absent.tar", Code::not_found},
      {"oci:FIXTURES/trivy/test_bad_index_json.oci", Code::corrupt},
      {"oci:FIXTURES/trivy/test_no_valid_manifests.oci", Code::unsupported},
      {"oci:FIXTURES/trivy/test_invalid_oci_image.oci", Code::unsupported},
      {"oci:FIXTURES/trivy/test_image_tag.oci:0.0.2", Code::not_found},
      {"oci:FIXTURES/stereoscope/oci/testdata/invalid_file", Code::corrupt},
      {"oci:FIXTURES/stereoscope/oci/testdata/no_manifests", Code::corrupt},
      {"oci:FIXTURES/stereoscope/oci/testdata/valid_manifest", Code::corrupt},
      {"oci:FIXTURES/go-containerregistry/layout/testdata/test_gc_image_unknown_mediatype", Code::unsupported},
      {"oci:FIXTURES/go-containerregistry/layout/testdata/test_index_media_type", Code::unsupported},
      {"oci:FIXTURES/go-containerregistry/layout/testdata/test_index", Code::invalid},
      {"oci:FIXTURES/go-containerregistry/layout/testdata/test_gc_index", Code::invalid},
      {"oci:FIXTURES/debian", Code::not_found},
      {"oci-archive:FIXTURES/trivy/alpine-311.tar.gz", Code::not_found},
  };
  for (auto& c : cases) {
    CAPTURE(c.target);
    auto images = open_image(replace_all(c.target, "FIXTURES", folder), amd64());
    REQUIRE_FALSE(images);
    CHECK_MESSAGE(images.error().code == c.code, images.error().what);
  }
}

TEST_CASE("an index gives the platform that is asked for, or all") {
  auto folder = fixtures();
  if (folder.empty()) return;
  auto target = "oci:" + folder + "/stereoscope/oci/testdata/multiplatform_oci_dir";
  auto arm = open_image(target, {.platform = Platform::parse("linux/arm64").value()});
  REQUIRE(arm);
  CHECK(arm->front()->config().platform.architecture == "arm64");
  auto all = open_image(target, {.platforms = Choice::Platforms::all});
  REQUIRE(all);
  CHECK(all->size() == 2);
  auto none = open_image(target, {.platform = Platform::parse("linux/s390x").value()});
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Code::not_found);
  auto v25 = "docker-archive:" + folder + "/go-containerregistry/tarball/testdata/hello-world-v25.tar";
  CHECK(open_image(v25, {.platform = Platform::parse("linux/arm64").value()}));
}
