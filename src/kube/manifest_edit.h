// Patches put into the text of the files that the objects came from. Comments, order, indentation, quotes, line ends:
// what no operation is about stays as it is, byte for byte.
//
// What comes out is read again before it is given: it says what the patched objects say, and everything else what it
// said before. Where that can't be had (a value that others refer to by its anchor) the edit is refused.
// Threads: free functions are safe. Owns: nothing; manifests and edits are those of the caller.
// Limits: as given, for each document. Fails: as applying a patch does; unsupported, with file, line and column, where
// the text can't be changed for this object alone.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "codec/value.h"
#include "kube/manifest.h"
#include "kube/patch.h"

namespace seawall::kube {

// Several edits of one object are made one after the other.
struct ObjectEdit {
  const Manifest* manifest = nullptr;
  Patch operations;
};

struct RefusedEdit {
  const Manifest* manifest = nullptr;
  Error error;
};

struct EditedFile {
  std::string file;
  std::string text;                  // the whole file
  std::vector<RefusedEdit> refused;  // objects that are as they were
};

// The files of these objects, in order of the first of each; an edit that can't be made leaves its object alone.
std::vector<EditedFile> edit_files(std::span<const ObjectEdit>, const codec::Limits& = {});
// All or nothing; the objects are those of one file.
Result<std::string> edited(std::span<const ObjectEdit>, const codec::Limits& = {});

}  // namespace seawall::kube
