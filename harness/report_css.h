/*
 * The look of report.html, apart from the C that writes it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_REPORT_CSS_H
#define HARNESS_REPORT_CSS_H

static const char report_css[] =
	":root { color-scheme: light dark; --ink: #1c1e21; --soft: #5c636b; --line: #dfe2e6;"
	"  --page: #fff; --tint: #f5f6f8; --accent: #0b63a5; --good: #00734f; --bad: #b04a00;"
	"  --warn: #fff4d6; --warn-ink: #5a4200; }\n"
	"@media (prefers-color-scheme: dark) { :root { --ink: #e4e6e9; --soft: #9aa2ab;"
	"  --line: #353a40; --page: #16181b; --tint: #1e2125; --accent: #6db8f2; --good: #4cc79a;"
	"  --bad: #f0975c; --warn: #3d3210; --warn-ink: #f4dfa4; } }\n"
	"* { box-sizing: border-box; }\n"
	"body { margin: 0 auto; max-width: 1320px; padding: 1.5rem clamp(0.9rem, 3vw, 2.5rem) 4rem;"
	"  background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }\n"
	"h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.2rem; overflow-wrap: anywhere; }\n"
	"h2 { font-size: 1.25rem; margin: 2.6rem 0 0.6rem; padding-top: 0.9rem;"
	"  border-top: 1px solid var(--line); }\n"
	"h3 { font-size: 1.02rem; margin: 1.6rem 0 0.5rem; }\n"
	"p, ul { margin: 0.5rem 0; max-width: 78ch; overflow-wrap: anywhere; }\n"
	"a { color: var(--accent); }\n"
	".soft { color: var(--soft); }\n"
	"nav { margin: 0.8rem 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; }\n"
	".status { margin: 0.9rem 0; padding: 0.6rem 0.9rem; border-left: 4px solid #d99a00;"
	"  background: var(--warn); color: var(--warn-ink); max-width: none; }\n"
	".wide { overflow-x: auto; margin: 0.6rem 0; }\n"
	"table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }\n"
	"th, td { padding: 0.28rem 0.75rem 0.28rem 0; text-align: left; vertical-align: top;"
	"  border-bottom: 1px solid var(--line); }\n"
	"th { font-weight: 600; }\n"
	"thead th { color: var(--soft); white-space: nowrap; }\n"
	"td.n, th.n { text-align: right; white-space: nowrap; }\n"
	"tbody.group th { padding-top: 0.9rem; }\n"
	"tr.aside td, tr.aside th { color: var(--soft); }\n"
	".headline { width: 100%; }\n"
	".headline td { min-width: 11rem; }\n"
	".headline small { display: block; color: var(--soft); font-size: 0.85rem; }\n"
	".headline b { font-weight: 600; }\n"
	".faster { color: var(--good); } .slower { color: var(--bad); } .tie { color: var(--soft); }\n"
	".figures { display: grid; gap: 1.4rem 1.6rem; align-items: start;"
	"  grid-template-columns: repeat(auto-fill, minmax(min(100%, 560px), 1fr)); }\n"
	"figure { margin: 0; min-width: 0; }\n"
	".card { background: #fff; border: 1px solid var(--line); border-radius: 6px;"
	"  padding: 0.4rem; overflow-x: auto; }\n"
	".card svg { display: block; width: 100%; min-width: 540px; height: auto; }\n"
	".card svg text, .card svg tspan { font-family: system-ui, \"DejaVu Sans\", sans-serif; }\n"
	"figcaption { font-size: 0.85rem; color: var(--soft); margin-top: 0.35rem; }\n"
	"details { border-bottom: 1px solid var(--line); }\n"
	"summary { cursor: pointer; padding: 0.45rem 0; font-weight: 600; overflow-wrap: anywhere; }\n"
	"code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }\n"
	".facts th { white-space: nowrap; color: var(--soft); font-weight: 400; }\n"
	".facts td { overflow-wrap: anywhere; }\n"
	"@media (max-width: 600px) { body { font-size: 15px; } .facts th { white-space: normal; }"
	"  .headline thead { display: none; }"
	"  .headline tr, .headline th, .headline td { display: block; border: 0; padding: 0.1rem 0; }"
	"  .headline tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }"
	"  .headline td[data-at]::before { content: attr(data-at) \": \"; color: var(--soft); } }\n"
	"@media print { body { max-width: none; } details { break-inside: avoid; } }\n";

#endif
