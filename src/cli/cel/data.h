// Data to judge: JSON or YAML, told apart by content, from a file, standard input or a word of the command line.
//
// Stricter than the readers below it, since what is judged must be what others see: text that isn't UTF-8 and keys
// given twice are refused.
// Threads: safe. Limits: 256 MiB, 16 million values, nesting 128. Fails: invalid, exhausted, as files do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "codec/value.h"

namespace seawall::cli {

struct Data {
  codec::Document document;
  codec::Value root;  // of what was chosen in the document
};

// `number` chooses one of several YAML documents, from 1; without it there must be just one that isn't empty.
Result<Data> read_data(const std::string& path, std::optional<std::int64_t> number = {});  // "-": standard input
Result<Data> parse_data(std::string_view text, std::optional<std::int64_t> number = {});

}  // namespace seawall::cli
