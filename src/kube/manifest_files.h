// Manifests out of files and folders, as the arguments of a command name them.
// Threads: safe. Limits: as ManifestOptions; 100,000 files, folders 64 deep.
// Fails: never as a whole; what can't be read is a mistake whose place is the file.
#pragma once

#include <string>
#include <vector>

#include "base/stream.h"
#include "kube/manifest.h"

namespace seawall::kube {

// A file is read whatever its name; a folder with all below it that is named *.yaml, *.yml or *.json, sorted, without
// what is hidden (".git", the "..data" of mounted ConfigMaps). In a folder a symbolic link counts only where it leads
// to a file in that folder. "-" is the standard input, which places name "<stdin>".
Manifests read_manifest_files(const std::vector<std::string>& paths, Source& standard_input,
                              const ManifestOptions& = {});

}  // namespace seawall::kube
