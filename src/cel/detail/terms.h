// Which parts of several expressions are the same. Private to the room.
//
// Every node of every tree gets the number of its term; equal numbers mean that they compute the same from the same
// inputs. Variables of loops count by the depth of their loop, so that equal loops are equal terms whatever their
// variables are called.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cel/check.h"

namespace seawall::cel::detail {

using TermId = std::uint32_t;

// A tree and where its names belong.
struct Unit {
  std::shared_ptr<const Checked> checked;
  std::string scope;
  std::vector<TermId> terms;  // by node id

  TermId term(const Node& node) const noexcept { return terms[node.id]; }
};

// Inputs and definitions by scope.
class Names {
 public:
  void own_input(std::string_view scope, std::string_view variable) {
    own_.insert_or_assign(joined(scope, variable), 0);
  }
  void define(std::string_view scope, std::string_view variable, std::uint32_t unit) {
    defined_.insert_or_assign(joined(scope, variable), unit);
  }
  // The unit that defines it, or null.
  const std::uint32_t* definition(std::string_view scope, std::string_view variable) const;
  // The number of the input; new where it was not asked for before.
  std::uint32_t input(std::string_view scope, std::string_view variable);
  const std::vector<std::string>& inputs() const noexcept { return inputs_; }

 private:
  static std::string joined(std::string_view scope, std::string_view variable);
  std::map<std::string, int, std::less<>> own_;
  std::map<std::string, std::uint32_t, std::less<>> defined_, numbers_;
  std::vector<std::string> inputs_;
};

class Terms {
 public:
  // Numbers the nodes of the unit.
  void number(Unit& unit, Names& names);
  // Counts what is used, from the root down; the parts of a term already seen are not counted again.
  void count(const Unit& unit);
  // Whether it depends on no variable of a loop around it.
  bool closed(TermId term) const noexcept { return facts_[term].free == 0; }
  std::uint32_t uses(TermId term) const noexcept { return facts_[term].uses; }
  std::size_t size() const noexcept { return facts_.size(); }
  // A number for "this field of that term", whether it is read or only asked for.
  TermId field_term(TermId operand, std::string_view field);

 private:
  struct Facts {
    std::uint64_t free = 0;  // one bit for each depth of loop whose variables it names
    std::uint32_t uses = 0;
  };
  struct Local {
    std::uint32_t binding;
    unsigned depth;
  };
  using Key = std::vector<std::uint64_t>;
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  TermId visit(const Node& node, Unit& unit, Names& names, std::vector<Local>& locals);
  std::uint64_t text_number(std::string_view text);
  void add_constant(Key& key, const Value& value);
  void add_own(Key& key, const Node& node, const Unit& unit, Names& names, const std::vector<Local>& locals,
               std::uint64_t& free);
  void count(const Node& node, const Unit& unit, bool in_loop);

  std::vector<Facts> facts_;
  std::unordered_map<Key, TermId, Hash> known_;
  std::map<std::string, std::uint64_t, std::less<>> texts_;
};

// Whether the children from `first` on are evaluated once for each element.
inline bool repeats(const Node& node, std::size_t child) noexcept { return node.kind == NodeKind::loop && child > 0; }

}  // namespace seawall::cel::detail
