#include <algorithm>

#include "cel/detail/code.h"
#include "cel/detail/path_question.h"
#include "cel/detail/runtime_call.h"
#include "cel/detail/terms.h"
#include "cel/detail/tree_compiler.h"
#include "cel/program.h"

namespace seawall::cel {

using detail::Bytecode;
using detail::Unit;

Program::Program(std::unique_ptr<Bytecode> code) : code_(std::move(code)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

std::uint32_t Program::size() const noexcept { return static_cast<std::uint32_t>(code_->expressions.size()); }
const std::vector<std::string>& Program::inputs() const noexcept { return code_->inputs; }
bool Program::counts_cost() const noexcept { return code_->counts_cost; }

std::uint32_t Program::input(std::string_view name) const noexcept {
  return static_cast<std::uint32_t>(std::ranges::find(code_->inputs, name) - code_->inputs.begin());
}

std::string Program::text() const {
  static constexpr std::string_view names[] = {
#define SW_CEL_NAME(name) #name,
      SW_CEL_INSTRUCTIONS(SW_CEL_NAME)
#undef SW_CEL_NAME
  };
  std::string out;
  for (std::size_t at = 0; at < code_->instructions.size(); ++at) {
    for (std::size_t i = 0; i < code_->routines.size(); ++i)
      if (code_->routines[i].entry == at) out += "routine " + std::to_string(i) + ":\n";
    const auto& step = code_->instructions[at];
    out += "  " + std::to_string(at) + " " + std::string(names[static_cast<std::size_t>(step.op)]);
    out += " d" + std::to_string(step.d) + " a" + std::to_string(step.a) + " b" + std::to_string(step.b) + " x" +
           std::to_string(step.x);
    if (auto handler = code_->handlers[at]; handler != detail::no_handler)
      out += " !" + std::to_string(code_->handler_table[handler].target);
    out += '\n';
  }
  return out;
}

struct Compiler::Impl final : detail::Linker {
  explicit Impl(CompileOptions given) : options(given), made(std::make_unique<Bytecode>()), call(made->arena) {
    made->counts_cost = options.count_cost;
  }

  Bytecode& code() override { return *made; }
  detail::Terms& terms() override { return known_terms; }
  detail::Names& names() override { return known_names; }
  detail::RuntimeCall& folder() override { return call; }

  std::uint32_t keep(std::shared_ptr<const Checked> expression, std::string_view scope) {
    units.push_back({std::move(expression), std::string(scope), {}});
    return static_cast<std::uint32_t>(units.size() - 1);
  }

  bool shares(detail::TermId term) const override {
    return options.share && known_terms.closed(term) && known_terms.uses(term) > 1 && worth_sharing.at(term);
  }

  std::uint32_t new_routine() {
    made->routines.emplace_back();
    return static_cast<std::uint32_t>(made->routines.size() - 1);
  }

  Result<std::uint32_t> shared_routine(const Node& node, const Unit& unit) override {
    auto term = unit.term(node);
    if (auto known = shared.find(term); known != shared.end()) return known->second;
    auto routine = new_routine();
    shared.emplace(term, routine);
    made->routines[routine].shared = true;
    SW_TRY(detail::TreeCompiler(*this, unit).compile(node, routine));
    return routine;
  }

  Result<std::uint32_t> definition_routine(std::uint32_t unit) override {
    if (auto known = definitions.find(unit); known != definitions.end()) {
      if (made->routines[known->second].frame == 0)
        return fail(Code::invalid, "variables are defined by each other in a circle");
      return known->second;
    }
    auto routine = new_routine();
    definitions.emplace(unit, routine);
    made->routines[routine].shared = true;
    SW_TRY(detail::TreeCompiler(*this, units[unit]).compile(units[unit].checked->root(), routine));
    return routine;
  }

  // An expression that is the same as another, or a part of it, is one routine with it.
  Result<std::uint32_t> expression_routine(std::uint32_t unit) {
    const auto& root = units[unit].checked->root();
    if (shares(units[unit].term(root))) return shared_routine(root, units[unit]);
    auto routine = new_routine();
    SW_TRY(detail::TreeCompiler(*this, units[unit]).compile(root, routine));
    return routine;
  }

  // Constants and variables cost less than asking whether they are known.
  void note_worth(const Node& node, const Unit& unit) {
    const auto& resolved = unit.checked->resolution(node);
    bool leaf = node.kind == NodeKind::literal || resolved.kind == Resolution::Kind::variable ||
                resolved.kind == Resolution::Kind::constant || resolved.kind == Resolution::Kind::local ||
                resolved.kind == Resolution::Kind::unknown || node.kind == NodeKind::identifier;
    worth_sharing[unit.term(node)] = !leaf;
    if (resolved.kind == Resolution::Kind::variable || resolved.kind == Resolution::Kind::constant) return;
    for (const auto* child : node.children) note_worth(*child, unit);
  }

  CompileOptions options;
  std::unique_ptr<Bytecode> made;
  detail::RuntimeCall call;
  detail::Terms known_terms;
  detail::Names known_names;
  std::deque<Unit> units;
  std::vector<std::uint32_t> expressions;  // units
  std::vector<bool> worth_sharing;
  std::map<detail::TermId, std::uint32_t> shared;      // routines
  std::map<std::uint32_t, std::uint32_t> definitions;  // unit -> routine
};

Compiler::Compiler(CompileOptions options) : impl_(std::make_unique<Impl>(options)) {}
Compiler::~Compiler() = default;

std::uint32_t Compiler::add(std::shared_ptr<const Checked> expression, std::string_view scope) {
  impl_->expressions.push_back(impl_->keep(std::move(expression), scope));
  return static_cast<std::uint32_t>(impl_->expressions.size() - 1);
}

void Compiler::define(std::string_view variable, std::shared_ptr<const Checked> expression, std::string_view scope) {
  impl_->known_names.define(scope, variable, impl_->keep(std::move(expression), scope));
}

void Compiler::own_input(std::string_view variable, std::string_view scope) {
  impl_->known_names.own_input(scope, variable);
}

Result<Program> Compiler::finish() && {
  auto& impl = *impl_;
  for (auto& unit : impl.units) impl.known_terms.number(unit, impl.known_names);
  impl.worth_sharing.assign(impl.known_terms.size(), false);
  for (const auto& unit : impl.units) {
    impl.known_terms.count(unit);
    impl.note_worth(unit.checked->root(), unit);
  }
  for (auto unit : impl.expressions) {
    auto routine = SW_TRY(impl.expression_routine(unit));
    impl.made->expressions.push_back(routine);
    impl.made->questions.push_back(detail::path_question(*impl.made, impl.made->routines[routine]));
  }
  if (!impl.units.empty()) {
    const auto& environment = impl.units.front().checked->environment();
    impl.made->schemas = &environment.schemas();
    impl.made->bad_presence = environment.bad_presence();
  }
  impl.made->inputs = impl.known_names.inputs();
  for (const auto& unit : impl.units) impl.made->sources.push_back(unit.checked);
  return Program(std::move(impl.made));
}

Result<Program> compile(Checked expression, const CompileOptions& options) {
  Compiler compiler(options);
  compiler.add(std::make_shared<const Checked>(std::move(expression)));
  return std::move(compiler).finish();
}

}  // namespace seawall::cel
