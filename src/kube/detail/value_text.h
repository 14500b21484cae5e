// Values as text of YAML and JSON, in the style of the text around them. Plain where every reader takes it for the same
// value, in double quotes otherwise.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "codec/value.h"

namespace seawall::kube::detail {

enum class Around : unsigned char { block, flow };  // indentation, or brackets

// A text as a scalar or key of YAML.
std::string yaml_text(std::string_view text, Around around);
// In double quotes: JSON and YAML.
std::string quoted_text(std::string_view text);
// A scalar or an empty container.
std::string yaml_scalar(codec::Value value, Around around);

// How what is in brackets is written.
struct FlowStyle {
  bool quoted = false;      // keys and texts always in double quotes: JSON
  bool spaced = true;       // a blank behind ':' and ','
  bool many_lines = false;  // a line for each child
  std::string indent;       // of the lines of the children
  std::string unit = "  ";  // of one more level
  std::string_view line_break = "\n";
};
std::string flow_text(codec::Value value, const FlowStyle& style);
// "key: ", without the blank where the style has none.
std::string flow_key(std::string_view name, const FlowStyle& style);

// How blocks are indented.
struct BlockStyle {
  std::size_t step = 2;         // of a mapping in a mapping
  std::size_t list_offset = 0;  // of a list below its key
  std::size_t dash_width = 2;   // "- "
  std::string_view line_break = "\n";
};
// A value that isn't empty as lines that begin at a column; the first without its indentation, the last without line
// break. A scalar or an empty container is what yaml_scalar makes of it.
std::string block_text(codec::Value value, std::size_t column, const BlockStyle& style);
// "key: scalar", or the key with the lines below it, in the same way.
std::string block_member(std::string_view name, codec::Value value, std::size_t column, const BlockStyle& style);
std::string block_item(codec::Value value, std::size_t column, const BlockStyle& style);

}  // namespace seawall::kube::detail
