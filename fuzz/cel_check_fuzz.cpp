// Whatever can be parsed can be checked, in bounded time; without checking nothing is a mistake.
#include "base/result.h"
#include "cel/check.h"
#include "cel/parse.h"
#include "fuzz.h"

using namespace seawall;

static std::shared_ptr<const cel::Environment> make_environment() {
  auto environment = std::make_shared<cel::Environment>();
  auto& types = environment->types();
  auto& spec = environment->schemas().add("test.Spec");
  spec.add({.name = "a", .type = types.list(cel::TypeKind::string)});
  spec.add({.name = "b", .type = types.wrapper(cel::TypeKind::integer)});
  environment->add_variable("x", types.record("test.Spec"));
  environment->add_variable("y", cel::TypeKind::dyn);
  environment->add_variable("x.y.z", types.map(cel::TypeKind::string, cel::TypeKind::integer));
  environment->set_container("test.x");
  return environment;
}

SW_FUZZ(cel_check,
        "=x.a.map(i,i+'a').filter(i,i!='')==[]&&has(x.b)||y.c.?d[?0]==z =test.Spec{a:[],?b:y.?b}.b+1 "
        "=[{},null,x.b,[1,2.0]].transformMap(k,v,{k:v}) =cel.bind(q,[[],[y]],cel.block([q,cel.index(0)],cel.index(1))) "
        "=.x.y.z.q<1u?size(x.y.z):int(y)in[type(y)]") {
  for (auto checking : {cel::Checking::full, cel::Checking::homogeneous, cel::Checking::off}) {
    static const auto environment = make_environment();
    auto ast = cel::parse(data);
    if (!ast) return;
    auto checked = cel::check(std::move(*ast), environment, checking);
    if (checked) (void)cel::text(checked->type());
    if (checking == cel::Checking::off) SW_CHECK(checked || checked.error().code == Code::exhausted);
  }
}
