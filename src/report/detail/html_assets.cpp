#include "report/detail/html_assets.h"

namespace seawall::report::detail {
namespace {

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; --bg: #fff; --fg: #1c2330; --dim: #5a6577; --line: #d9dfe8; --panel: #f5f7fa;
  --link: #0b5cad; --critical: #8f1020; --high: #b3400a; --medium: #7a5a00; --low: #24598f; --negligible: #5a6577;
  --unknown: #5a6577; --good: #17693a; }
@media (prefers-color-scheme: dark) { :root { --bg: #11151c; --fg: #e4e9f0; --dim: #9aa6b8; --line: #2c3543;
  --panel: #1a202a; --link: #7db8f5; --critical: #ff8a93; --high: #ffab70; --medium: #f0cd5e; --low: #86bdf7;
  --negligible: #9aa6b8; --unknown: #9aa6b8; --good: #7bd69b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1.5rem; background: var(--bg); color: var(--fg);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
section.target + section.target { border-top: 3px solid var(--line); margin-top: 3rem; padding-top: 2rem; }
a { color: var(--link); } .dim { color: var(--dim); } code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
.notice { border-left: 4px solid var(--medium); background: var(--panel); padding: .4rem .8rem; margin: .5rem 0; }
.notice.partial { border-color: var(--critical); } .notice.info { border-color: var(--line); }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles button, .tiles span { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line);
  border-radius: .5rem; padding: .45rem .9rem; display: inline-block; }
.tiles button { cursor: pointer; } .tiles button[aria-pressed="false"] { opacity: .45; text-decoration: line-through; }
.tiles b { font-size: 1.25rem; margin-right: .35rem; }
.critical b, td.critical { color: var(--critical); } .high b, td.high { color: var(--high); }
.medium b, td.medium { color: var(--medium); } .low b, td.low { color: var(--low); }
.negligible b, td.negligible { color: var(--negligible); } .unknown b, td.unknown { color: var(--unknown); }
td.severity { font-weight: 600; } .mark { color: var(--bg); background: var(--critical); border-radius: .3rem;
  padding: 0 .35rem; font-size: .8rem; font-weight: 600; white-space: nowrap; } .good { color: var(--good); }
.find { font: inherit; width: 100%; max-width: 30rem; padding: .4rem .7rem; color: inherit; background: var(--panel);
  border: 1px solid var(--line); border-radius: .5rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin-top: .6rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
th { position: sticky; top: 0; background: var(--bg); white-space: nowrap; }
th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
th[aria-sort="ascending"] button::after { content: " \2191"; } th[aria-sort="descending"] button::after { content: " \2193"; }
summary { cursor: pointer; } details p { margin: .3rem 0; } :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
[hidden] { display: none; }
@media print { .find, th button::after { display: none; } body { max-width: none; padding: 0; } }
)css";

constexpr std::string_view script = R"js(
"use strict";
for (const section of document.querySelectorAll("section.target")) {
  const table = section.querySelector("table.findings");
  if (!table) continue;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const search = section.querySelector(".find");
  const buttons = Array.from(section.querySelectorAll(".tiles button"));
  const count = section.querySelector(".shown");
  const show = () => {
    const wanted = search.value.toLowerCase();
    const off = new Set(buttons.filter((b) => b.getAttribute("aria-pressed") === "false").map((b) => b.dataset.severity));
    let shown = 0;
    for (const row of rows) {
      row.hidden = off.has(row.dataset.severity) || !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden) shown++;
    }
    count.textContent = shown + " of " + rows.length + " shown";
  };
  search.hidden = false;
  search.addEventListener("input", show);
  for (const button of buttons) {
    button.disabled = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") === "true" ? "false" : "true");
      show();
    });
  }
  const value = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  table.querySelectorAll("thead button").forEach((button, column) => {
    button.addEventListener("click", () => {
      const head = button.parentElement;
      const ascending = head.getAttribute("aria-sort") !== "ascending";
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      rows.sort((a, b) => compare(value(a, column), value(b, column)) * (ascending ? 1 : -1));
      body.append(...rows);
    });
  });
  show();
}
)js";

}  // namespace

std::string_view html_style() noexcept { return style; }
std::string_view html_script() noexcept { return script; }
std::string_view html_style_sha256() noexcept { return "48E1xvUNFT5QyUlUsTXFMcxYijqTf1ZJXSHa2n2iiwI="; }
std::string_view html_script_sha256() noexcept { return "3LkzN1q7fsGFsG5mEn3P04rGJ2IFUXmBqR+gxg11YHU="; }

}  // namespace seawall::report::detail
