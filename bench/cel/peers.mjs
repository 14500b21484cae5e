// npm's evaluators on the expressions that they know: peers.mjs cel-js|bufbuild FILE. One JSON object a line.
import { readFileSync } from "node:fs";

const [, , peer, path] = process.argv;
const { input, expressions } = JSON.parse(readFileSync(path, "utf8"));

async function compiler() {
  if (peer === "cel-js") {
    const { Environment } = await import("@marcbachmann/cel-js");
    const environment = new Environment().registerVariable("object", "dyn");
    return (text) => {
      const run = environment.parse(text);
      return () => run({ object: input });
    };
  }
  const { parse, plan, celEnv } = await import("@bufbuild/cel");
  const environment = celEnv();
  return (text) => {
    const run = plan(environment, parse(text));
    return () => run({ object: input });
  };
}

function nanoseconds(once) {
  for (let turns = 1000; ; turns *= 4) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < turns; ++i) once();
    const taken = Number(process.hrtime.bigint() - start);
    if (taken > 2e8) return taken / turns;
  }
}

const compile = await compiler();
for (const { name, text } of expressions) {
  try {
    const once = compile(text);
    if (typeof once() !== "boolean") continue; // an error, as a value
    console.log(JSON.stringify({ name, ns: nanoseconds(once) }));
  } catch {
    // It does not know a function of this one.
  }
}
