// What an expression may name: variables, functions, types, records.
//
// Built once, then shared read-only: checking and compiling take a shared_ptr<const Environment>.
// Threads: one while building, any number after. Owns: its declarations; names given as string_view are kept.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cel/schema.h"
#include "cel/type.h"
#include "cel/value.h"

namespace seawall {
class Regex;
}

namespace seawall::cel {

// What a running function may use. Functions never see errors among their arguments and never throw.
class Call {
 public:
  virtual ~Call() = default;
  Arena& arena() noexcept { return *arena_; }
  // The result "undecided, because". The message is copied.
  Value fail(ErrorCode code, std::string_view message) noexcept;
  Value out_of_memory() noexcept;
  // A copy of the text as a string (bytes); an error past the memory budget.
  Value string(std::string_view text) noexcept;
  Value bytes(std::string_view text) noexcept;
  Value list(std::span<const Value> items) noexcept;
  Value optional(const Value& held) noexcept;
  // Compiled and kept by the evaluator; null with a failure in `error` where the pattern is no RE2 pattern.
  virtual const Regex* regex(std::string_view pattern, Value& error) = 0;
  // What Overload::prepare made of the constant arguments, or null.
  const void* prepared() const noexcept { return prepared_; }
  // What the caller lent for this evaluation, as the source of authorization decisions.
  virtual const void* host(std::string_view name) const noexcept = 0;

 protected:
  Arena* arena_ = nullptr;
  const void* prepared_ = nullptr;
};

using Function = Value (*)(Call&, std::span<const Value> arguments);
// Run-time cost as Kubernetes counts it (cel-go's defaults with the estimator of its API server).
using CostFunction = std::uint64_t (*)(std::span<const Value> arguments, const Value& result);

struct Overload {
  std::string id;                // cel-go's, as "string_to_int64": cost estimates go by it
  std::vector<Type> parameters;  // the receiver first, for methods
  Type result;
  Function run = nullptr;
  CostFunction cost = nullptr;  // null: 1
  // Called at compile time with the constant arguments (null where not constant): what it makes is given to each
  // call. May return null: nothing to prepare. `error` is set where the constants can't be right.
  std::shared_ptr<const void> (*prepare)(std::span<const Value* const> constants, std::string& error) = nullptr;
  // What the function was declared with, given to each call as prepared() where nothing else is.
  std::shared_ptr<const void> bound = nullptr;
  // False where it takes lists of whatever elements when it runs (as cel-go's functions of one binding for all).
  bool looks_inside = true;
  // False for what must not be computed at compile time.
  bool pure = true;
  // Set by add_function: the signature has type parameters.
  bool generic = false;
};

enum class Style : unsigned char { global, method };

struct FunctionSet {
  std::string name;
  Style style;
  std::deque<Overload> overloads;
};

struct Variable {
  std::string name;
  Type type;
  std::uint32_t slot;
};

// What has(x.f), x.?f and x[?i] are where x is nothing that has fields or elements.
enum class BadPresence : unsigned char {
  error,   // as the specification's cases have it
  absent,  // as Kubernetes has it
};

// Whether a record may stand where a map is asked for: as the objects of JSON that both are.
enum class RecordUse : unsigned char { only_fields, as_maps };

class Environment {
 public:
  Environment();  // operators, standard functions and type names of the language definition
  // What `base` has, and what is added here: many expressions share what is large and the same for all. The base has
  // no variables of its own and does not grow any more.
  explicit Environment(std::shared_ptr<const Environment> base);
  Types& types() noexcept { return types_; }
  const Types& types() const noexcept { return types_; }
  Schemas& schemas() noexcept { return schemas_; }
  const Schemas& schemas() const noexcept { return schemas_; }

  // Where names are looked up first: "a.b" finds x as a.b.x, a.x, x.
  void set_container(std::string_view container) { container_ = container; }
  std::string_view container() const noexcept { return container_; }

  void set_bad_presence(BadPresence means) { bad_presence_ = means; }
  BadPresence bad_presence() const noexcept { return bad_presence_; }

  void set_record_use(RecordUse use) { record_use_ = use; }
  RecordUse record_use() const noexcept { return record_use_; }

  // Variables are numbered in the order of their declaration; a second one of a name replaces the type of the first.
  std::uint32_t add_variable(std::string_view name, Type type);
  void add_constant(std::string_view name, Type type, Value value);
  // A name that stands for a type, as "net.IP".
  void add_type(std::string_view name, Type type);
  // Adds to the overloads of that name and style; one of the same id replaces.
  void add_function(std::string_view name, Style style, Overload overload);
  // Macros that the parser of an extension would give must be refused where the extension is off.
  void add_macro(std::string_view name) { macros_.emplace(name, 0); }
  bool has_macro(std::string_view name) const noexcept {
    return macros_.contains(name) || (base_ && base_->has_macro(name));
  }

  const Variable* find_variable(std::string_view name) const noexcept;
  struct Constant {
    Type type;
    Value value;
  };
  const Constant* find_constant(std::string_view name) const noexcept;
  const Type* find_type(std::string_view name) const noexcept;
  const FunctionSet* find_function(std::string_view name, Style style) const noexcept;
  std::uint32_t variable_count() const noexcept { return static_cast<std::uint32_t>(variables_.size()); }
  const std::deque<Variable>& variables() const noexcept { return variables_; }
  // Whether a dotted name of any sort begins with that component: most chains of fields need no further look.
  bool has_root(std::string_view component) const noexcept {
    return roots_.contains(component) || schemas_.has_root(component) || (base_ && base_->has_root(component));
  }

 private:
  void keep_root(std::string_view name);

  std::shared_ptr<const Environment> base_;  // may be null
  Types types_;
  Schemas schemas_;
  std::string container_;
  BadPresence bad_presence_ = BadPresence::error;
  RecordUse record_use_ = RecordUse::only_fields;
  std::deque<Variable> variables_;
  std::map<std::string, std::size_t, std::less<>> variable_names_;
  std::map<std::string, Constant, std::less<>> constants_;
  std::map<std::string, Type, std::less<>> type_names_;
  std::map<std::string, FunctionSet, std::less<>> globals_, methods_;
  std::map<std::string, int, std::less<>> macros_;
  std::set<std::string, std::less<>> roots_;
};

// Libraries: each adds its functions, types and macros. Versions as cel-go numbers them; the newest by default.
void add_standard(Environment&);  // part of Environment()
void add_strings(Environment&, unsigned version = 4);
void add_math(Environment&);
void add_lists(Environment&, unsigned version = 3);
void add_sets(Environment&);
void add_encoders(Environment&);
void add_bindings(Environment&);
void add_optionals(Environment&);
void add_two_variable_comprehensions(Environment&);
void add_block(Environment&);
void add_proto_extensions(Environment&);
// cel-go's ext/network: ip, cidr; and Kubernetes' own of the same names and types (net.IP, net.CIDR).
void add_network(Environment&);
void add_kubernetes_lists(Environment&);
void add_kubernetes_regex(Environment&);
void add_urls(Environment&);
void add_quantities(Environment&);
void add_semver(Environment&);
void add_formats(Environment&);
void add_authorizer(Environment&);
void add_json_patch(Environment&);
// Everything that the API server of that minor version offers to admission policies (1.37: all).
void add_kubernetes(Environment&, unsigned minor = 37);
// An environment of its own on that of the newest version, which is made once.
std::shared_ptr<Environment> kubernetes_environment();

}  // namespace seawall::cel
