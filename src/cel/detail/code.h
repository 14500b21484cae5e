// The bytecode: what Compiler makes and Evaluator runs. Private to the room.
//
// A routine is one expression, or one shared part of several. It works on a frame of registers; an instruction names
// registers of its frame. Where an instruction fails, the routine's handler for it says where to go on and which
// register takes the error; without one the routine ends with the error.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/regex.h"
#include "cel/check.h"
#include "cel/detail/constant_set.h"
#include "cel/program.h"

namespace seawall::cel::detail {

// Each line: name, what it does. `d` is the destination register, `a` and `b` are registers, `x` and `y` numbers, `p`
// a pointer into the program.
#define SW_CEL_INSTRUCTIONS(X)                                                           \
  X(move)                    /* d = a                                                 */ \
  X(constant)                /* d = *p                                                */ \
  X(input)                   /* d = input x                                           */ \
  X(shared)                  /* d = result of routine x, run now or before            */ \
  X(field)                   /* d = a.p (Key)                                         */ \
  X(input_path)              /* d = input x, then y fields from p (Key[])             */ \
  X(record_field)            /* d = a.p (Field) of a record of known schema           */ \
  X(flat_field)              /* d = a.p (Field) of a flat record of known layout      */ \
  X(has_field)               /* d = has(a.p)                                          */ \
  X(has_record_field)        /* d = has(a.p)                                          */ \
  X(optional_field)          /* d = a.?p                                              */ \
  X(index)                   /* d = a[b]                                              */ \
  X(optional_index)          /* d = a[?b]                                             */ \
  X(call)                    /* d = p (CallSite) of x registers from a                */ \
  X(equal)                   /* d = a == b                                            */ \
  X(not_equal)               /* d = a != b                                            */ \
  X(equal_constant)          /* d = a == *p (string, int, bool or null) */               \
  X(not_equal_constant)      /* d = a != *p */                                           \
  X(less)                    /* d = a < b; p is the CallSite, as for all up to modulo */ \
  X(less_equal)              /* d = a <= b                                            */ \
  X(greater)                 /* d = a > b                                             */ \
  X(greater_equal)           /* d = a >= b                                            */ \
  X(add)                     /* d = a + b                                             */ \
  X(subtract)                /* d = a - b                                             */ \
  X(negate_boolean)          /* d = !a                                                */ \
  X(in_set)                  /* d = a in *p (ConstantSet)                             */ \
  X(in)                      /* d = a in b                                            */ \
  X(text_starts)             /* d = a starts with *p; y is the cost, as for the next */  \
  X(text_ends)               /* d = a ends with *p                                */     \
  X(text_contains)           /* d = *p occurs in a                                */     \
  X(starts_with_any)         /* d = one of *p (PrefixSet) begins a                    */ \
  X(matches_any)             /* d = one of the patterns of *p (Regex) is in a         */ \
  X(make_list)               /* d = list of x registers from a                        */ \
  X(make_map)                /* d = map of x pairs of registers from a                */ \
  X(make_record)             /* d = record p (RecordSite) of registers from a         */ \
  X(jump)                    /* go to x                                               */ \
  X(jump_true)               /* if a go to x; an error where a is no boolean          */ \
  X(jump_false)              /* if not a go to x                                      */ \
  X(jump_not_equal_constant) /* if a != *p go to x */                                    \
  X(jump_equal_constant)     /* if a == *p go to x */                                    \
  X(jump_known)              /* if the cached register a holds something go to x      */ \
  X(jump_holding)            /* d = a if it holds a value, and go to x                */ \
  X(jump_held)               /* d = what a holds if it holds a value, and go to x     */ \
  X(jump_absent)             /* if not has(a.p) go to x                               */ \
  X(jump_present)            /* if has(a.p) go to x                                   */ \
  X(forget)                  /* x cached registers from d hold nothing                */ \
  X(field_cached)            /* unless d holds it already: d = a.p                    */ \
  X(jump_absent_cached)      /* the same, and if there is none go to x             */    \
  X(jump_present_cached)     /* the same, and if there is one go to x              */    \
  X(check)                   /* raise a if it is an error                             */ \
  X(loop)                    /* range in a: begin it, count in a + 1                  */ \
  X(next)                    /* d = next element (map: key) of a, or go to x          */ \
  X(next_two)                /* d, d + 1 = index and element (key and value), or x    */ \
  X(builder)                 /* d = empty list or map in the making                   */ \
  X(append)                  /* add b to the list in the making a                     */ \
  X(insert)                  /* add b, b + 1 to the map in the making a               */ \
  X(insert_entries)          /* add all entries of map b to the map in the making a   */ \
  X(built_list)              /* d = the list made in a                                */ \
  X(built_map)               /* d = the map made in a                                 */ \
  X(count)                   /* d += 1 (an integer)                                   */ \
  X(cost)                    /* cost += x                                             */ \
  X(cost_unless_last)        /* cost += x unless the loop of range a is at its end    */ \
  X(finish)                  /* the routine's result is a                             */

enum class Opcode : std::uint16_t {
#define SW_CEL_NAME(name) name,
  SW_CEL_INSTRUCTIONS(SW_CEL_NAME)
#undef SW_CEL_NAME
};

struct Instruction {
  Opcode op;
  std::uint16_t d = 0, a = 0, b = 0;
  std::uint32_t x = 0, y = 0;
  union {
    const void* p;
    std::uint64_t number;
  };
};
static_assert(sizeof(Instruction) == 24);

// Where a call goes. With one candidate whose parameters the static types assure nothing is tested.
struct CallSite {
  std::string_view name;
  std::span<const Overload* const> overloads;
  // Where there is one candidate and its parameters are plain: their kinds, of which as many are tested as the static
  // types leave open.
  const Overload* only = nullptr;
  std::array<Kind, 4> kinds{};
  std::uint32_t tested = 0;  // one bit a parameter
  // The static types leave several overloads open: cel-go then counts a unit, whichever it is.
  bool costs_a_unit = false;
  std::shared_ptr<const void> prepared;
};

struct RecordSite {
  const Schemas* schemas = nullptr;
  const Schema* schema = nullptr;
  std::vector<const Field*> fields;
  std::vector<bool> optional;
};

struct Handler {
  std::uint32_t target;
  std::uint16_t error;  // register
};
constexpr std::uint32_t no_handler = UINT32_MAX;

// An expression that asks one question of one place in an input, answered without the machine:
// `object.metadata.namespace == 'shop'`, `object.kind in ['Pod', 'Job']`.
struct PathQuestion {
  std::uint32_t input = 0, count = 0;
  const codec::Key* keys = nullptr;
  const Value* constant = nullptr;   // what it is compared with, or
  const ConstantSet* set = nullptr;  // what it is looked up in
  std::uint64_t constant_size = 1;   // as it counts for cost
  bool expected = true;              // false: the answer is turned round
  std::uint64_t cost = 0;            // without that of the comparison
};

struct Routine {
  std::uint32_t entry = 0;
  std::uint32_t frame = 0;  // registers
  std::uint32_t depth = 0;  // registers of the deepest chain of routines from here, its own included
  bool shared = false;      // its result is kept for the rest of the evaluation
};

struct Bytecode {
  std::vector<Instruction> instructions;
  std::vector<std::uint32_t> places;    // beside the instructions: offsets in the source
  std::vector<std::uint32_t> handlers;  // beside the instructions: index into handler_table or no_handler
  std::vector<Handler> handler_table;
  std::vector<Routine> routines;           // shared parts and expressions
  std::vector<std::uint32_t> expressions;  // their routines
  std::vector<PathQuestion> questions;     // beside the expressions; `keys` is null where it is not that simple
  std::vector<std::string> inputs;
  bool counts_cost = false;
  std::uint32_t deepest = 0;         // depth of the deepest routine
  const Schemas* schemas = nullptr;  // for names that are only known when it runs
  BadPresence bad_presence = BadPresence::error;

  // What instructions point to.
  Arena arena{std::size_t{64} << 20};
  std::deque<CallSite> calls;
  std::deque<RecordSite> records;
  std::deque<ConstantSet> sets;
  std::deque<PrefixSet> prefixes;
  std::deque<Regex> patterns;
  std::deque<std::vector<codec::Key>> paths;
  std::deque<Value> constants;
  std::vector<std::shared_ptr<const Checked>> sources;
};

}  // namespace seawall::cel::detail
