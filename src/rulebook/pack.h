// Many rule files as one text that opens fast: an index of the names that each rule goes by, then the rules as JSON.
// The shipped rules are packed when Seawall is built, and only those that are asked for are read.
// Threads: safe. Fails: packing invalid, with file and line.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rulebook/rule_file.h"

namespace seawall::rulebook {

using Names = std::set<std::string, std::less<>>;
// Those that it belongs to: what stands before the slashes of its ids, what it names itself, and "all".
Names sets_of(const RuleHeader& header);
// Under which a rule is found: its ids, sets, and the kind of constraint that it judges.
Names names_of(const RuleHeader& header);

// All rule files below these folders.
Result<std::string> pack_rules(const std::vector<std::string>& folders);

struct PackedRule {
  std::string_view id, kind, file;
  std::vector<std::string_view> names;
  std::string_view text;  // JSON
};

// Opens what pack_rules has made; the views live as long as the text.
Result<std::vector<PackedRule>> open_pack(std::string_view pack);

// All files below these folders as they are written, tests too: what people are shown.
Result<std::string> pack_sources(const std::vector<std::string>& folders);

struct RuleSource {
  std::string_view file, text;
};
// Opens what pack_sources has made; the views live as long as the pack.
Result<std::vector<RuleSource>> open_sources(std::string_view pack);

}  // namespace seawall::rulebook
