// Images in an archive of `docker save` (docker-archive): manifest.json with plain layer tars, symbolic links between
// them, compressed as a whole or not; the newer form, which is an OCI layout too, gives its real manifest.
//
// Such an archive stores no manifest: one is composed (docker schema 2, uncompressed layers), as other tools do, so
// that the image has a digest. Layers come out as plain tars and are held against the diff_ids of the config. Threads:
// safe. Limits: 1 M members, manifest.json 16 MiB. Fails: as oci/image.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "oci/layout.h"

namespace seawall::oci {

// The selector is one of RepoTags ("alpine:3.11", "docker.io/library/alpine:3.11"), or "@INDEX" into manifest.json.
Result<std::vector<std::unique_ptr<Image>>> open_docker_archive(const std::string& file, const Choice&,
                                                                std::string name);

}  // namespace seawall::oci
