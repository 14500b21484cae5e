// What one scan of one target gave: the value that every output format writes.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "model/finding.h"
#include "model/package.h"

namespace seawall::model {

// Something that could not be read, or is only partly true. `partial` makes the exit code 3.
struct Notice {
  enum class Level : unsigned char { info, warning, partial };
  Level level = Level::warning;
  std::string what;  // "layer 3 (sha256:...): corrupt gzip data", "no advisories for debian 12"
  bool operator==(const Notice&) const = default;
};

struct LayerSummary {
  std::string digest, diff_id, created_by;
  std::uint64_t size = 0;
  bool base_image = false;
};

struct TargetInfo {
  std::string name;  // as the user gave it
  std::string kind;  // "image", "directory", "host", "file", "sbom"
  // Images only.
  std::string digest, platform;
  std::vector<std::string> tags;
  std::vector<LayerSummary> layers;
  std::string base_image;  // name of the base image; empty where unknown
  bool base_guessed = false;
};

// The upgrade that removes most.
struct UpgradeGroup {
  std::string package, from, to, command;
  std::vector<std::string> ids;
};

struct DatabaseInfo {
  std::string path;
  Instant built = 0;   // 0: no database used
  Instant newest = 0;  // newest record
  bool starter = false;
  std::vector<std::string> sources;
};

struct Report {
  TargetInfo target;
  Distro distro;
  std::vector<Package> packages;
  std::vector<Finding> findings;       // risk order
  std::vector<Finding> ignored;        // silenced by exceptions
  std::vector<UpgradeGroup> upgrades;  // most removed first
  std::vector<Notice> notices;
  DatabaseInfo database;
  Instant created = 0;
  bool findings_wanted = true;  // false: an SBOM only

  bool partial() const noexcept {
    for (const auto& n : notices)
      if (n.level == Notice::Level::partial) return true;
    return false;
  }
};

}  // namespace seawall::model
