/*
 * What report.html does by script: its tables sort, and a link to something folded unfolds it.
 *
 * SPDX-License-Identifier: MIT
 *
 * Without it all is there, in the order in which it was written.
 */
#ifndef HARNESS_REPORT_SCRIPT_H
#define HARNESS_REPORT_SCRIPT_H

/*
 * Rows are sorted inside their tbody, below its heading row, if it has one. A cell's data-v is its number;
 * a row without a value stands last in both directions.
 */
static const char report_script[] =
	"'use strict';\n"
	"const value = (row, column) => {\n"
	"  const cell = row.cells[column];\n"
	"  const number = cell && 'v' in cell.dataset ? Number(cell.dataset.v) : NaN;\n"
	"  return Number.isNaN(number) ? (cell ? cell.textContent.trim() : '') : number;\n"
	"};\n"
	"const compare = (a, b, sign) =>\n"
	"  a === '' || b === '' ? (a === '') - (b === '') :\n"
	"  sign * (typeof a === 'number' && typeof b === 'number' ? a - b :\n"
	"    String(a).localeCompare(String(b)));\n"
	"const sort = head => {\n"
	"  const up = head.getAttribute('aria-sort') !== 'ascending';\n"
	"  for (const other of head.parentNode.cells)\n"
	"    if (other.hasAttribute('aria-sort')) other.setAttribute('aria-sort', 'none');\n"
	"  head.setAttribute('aria-sort', up ? 'ascending' : 'descending');\n"
	"  for (const body of head.closest('table').tBodies) {\n"
	"    const rows = [...body.rows].filter(row => !row.querySelector('th[colspan]'));\n"
	"    rows.sort((a, b) => compare(value(a, head.cellIndex), value(b, head.cellIndex),\n"
	"      up ? 1 : -1));\n"
	"    body.append(...rows);\n"
	"  }\n"
	"};\n"
	"document.addEventListener('click', event => {\n"
	"  const button = event.target.closest('th[aria-sort] button');\n"
	"  if (button) sort(button.parentNode);\n"
	"});\n"
	"const unfold = () => {\n"
	"  const target = document.getElementById(location.hash.slice(1));\n"
	"  for (let at = target; at; at = at.parentElement)\n"
	"    if (at.tagName === 'DETAILS') at.open = true;\n"
	"  if (target) target.scrollIntoView();\n"
	"};\n"
	"addEventListener('hashchange', unfold);\n"
	"if (location.hash) unfold();\n";

#endif
