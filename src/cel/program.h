// Expressions compiled together to bytecode for one register machine.
//
// What several expressions have in common (`object.spec.containers` in a thousand policies) is computed once for all
// of them in an evaluation; so are variables defined by expressions, and only if somebody asks. Names of fields are
// hashed and constant lists, prefixes and patterns are prepared here, once.
// Threads: a Program is read-only and may be shared; a Compiler belongs to one thread.
// Owns: the trees and environments of its expressions. Limits: 65,000 registers and constants' memory of 64 MiB.
// Fails: invalid (unknown variable scope), exhausted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cel/check.h"

namespace seawall::cel {

namespace detail {
struct Bytecode;
}

struct CompileOptions {
  // Count cost as Kubernetes does. Constant parts are then not computed beforehand, since they cost too.
  bool count_cost = false;
  // Compute once what several expressions share.
  bool share = true;
};

class Program {
 public:
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();
  // Number of expressions that can be run.
  std::uint32_t size() const noexcept;
  // The names of the inputs, in the order in which an Evaluator takes their values.
  const std::vector<std::string>& inputs() const noexcept;
  // The input of that name; inputs().size() where no expression uses it.
  std::uint32_t input(std::string_view name) const noexcept;
  bool counts_cost() const noexcept;
  // One line an instruction, for people who look at what came out.
  std::string text() const;
  const detail::Bytecode& code() const noexcept { return *code_; }

 private:
  friend class Compiler;
  explicit Program(std::unique_ptr<detail::Bytecode> code);
  std::unique_ptr<detail::Bytecode> code_;
};

class Compiler {
 public:
  explicit Compiler(CompileOptions options = {});
  ~Compiler();
  // An expression to run; the result is its number in the program. `scope` sets apart what is of one policy only: an
  // input `params` or definition `variables.x` of scope "a" is not that of scope "b".
  std::uint32_t add(std::shared_ptr<const Checked> expression, std::string_view scope = {});
  // Says that this variable of the scope is an expression. Before what uses it is added.
  void define(std::string_view variable, std::shared_ptr<const Checked> expression, std::string_view scope = {});
  // Says that this variable is an input of the scope's own, named "scope/variable" in Program::inputs().
  void own_input(std::string_view variable, std::string_view scope);
  Result<Program> finish() &&;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One expression on its own.
Result<Program> compile(Checked expression, const CompileOptions& options = {});

}  // namespace seawall::cel
