#!/usr/bin/env python3
"""Opens a run's report in headless Chromium and does what a reader does: looks, sorts, turns the lights
off, takes the telephone. Leaves screenshots beside.

SPDX-License-Identifier: MIT

    check_report.py REPORT.html SCREENSHOTS-DIR [LEAST-FIGURES]
"""
import os
import sys

from browser import Browser

EMPTY = """[...document.querySelectorAll('figure')].filter(figure => {
    const svg = figure.querySelector('svg[role=img]'), box = svg && svg.getBoundingClientRect();
    return !svg || box.width < 200 || box.height < 150 ||
        svg.querySelectorAll('path, use').length < 5 ||
        svg.querySelector('title').textContent.trim().length < 5 ||
        !figure.querySelector('details.behind tbody tr td');
}).map(figure => figure.id)"""

# Of figures by their names: texts that overlap by more than a hair, of at most a few levels of turn.
OVERLAPS = """[...document.querySelectorAll('figure svg')].flatMap(svg => {
    const boxes = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim()).map(t => ({
        text: t.textContent.trim(), box: t.getBoundingClientRect()}));
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const hair = 3 * scale;
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b =>
        Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > hair &&
        Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > hair
    ).map(b => svg.closest('figure').id + ': ' + a.text + ' / ' + b.text));
})"""

# Of figures by their names: texts that stick out of the picture by more than a hair.
CUT_OFF = """[...document.querySelectorAll('figure svg')].flatMap(svg => {
    const page = svg.getBoundingClientRect(), hair = page.width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll('text')].filter(t => t.textContent.trim()).filter(t => {
        const box = t.getBoundingClientRect();
        return box.left < page.left - hair || box.right > page.right + hair ||
            box.top < page.top - hair || box.bottom > page.bottom + hair;
    }).map(t => svg.closest('figure').id + ': ' + t.textContent.trim());
})"""

UNFOLD = "document.querySelectorAll('details').forEach(d => { d.open = true; })"

# The largest contrast of what is written against what it stands on, WCAG's ratio, for the darkest case.
CONTRAST = """(() => {
    const light = color => {
        const parts = color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(v => v / 255)
            .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const page = light(getComputedStyle(document.body).backgroundColor);
    return ['h1', 'p', 'p.soft', '.headline small', '.faster', 'nav a', 'td', 'thead th'].map(one => {
        const element = document.querySelector(one);
        if (!element) return 21;
        const ink = light(getComputedStyle(element).color);
        return (Math.max(page, ink) + 0.05) / (Math.min(page, ink) + 0.05);
    }).reduce((a, b) => Math.min(a, b));
})()"""

COLUMN = """(() => {
    const table = [...document.querySelectorAll('details > .wide > table')]
        .find(t => t.querySelector('tbody.group'));
    window.sorted = table;
    table.querySelectorAll('th button')[1].scrollIntoView({block: 'center'});
    const box = table.querySelectorAll('th button')[1].getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
})()"""
VALUES = """[...sorted.tBodies].map(body => [...body.rows].slice(1).map(row =>
    row.cells[1].dataset.v === undefined ? null : Number(row.cells[1].dataset.v)))"""
SORTED = "sorted.querySelectorAll('thead th')[1].getAttribute('aria-sort')"
TITLES = "[...sorted.tBodies].map(body => body.rows[0].textContent)"


def fail(text):
    sys.exit("FAIL: " + text)


def complaints(browser):
    """What the page said on the console, and what it asked a network for."""
    for event in browser.events:
        method, found = event.get("method"), event.get("params", {})
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            yield str(found)
        elif method == "Network.requestWillBeSent":
            url = found["request"]["url"]
            if not url.startswith(("file:", "data:")):
                yield "asks for " + url


def check_sorting(browser):
    before = browser.run(UNFOLD) or browser.run(COLUMN)
    titles = browser.run(TITLES)
    for press, order in ((browser.click, "ascending"), (None, "descending")):
        if press:
            press(*before)
        else:    # the button has the focus, as after a Tab
            browser.press("Enter")
        if browser.run(SORTED) != order:
            fail("a head's aria-sort is %s, not %s" % (browser.run(SORTED), order))
        groups = browser.run(VALUES)
        if all(len(values) < 2 for values in groups):
            fail("there is nothing to sort")
        for values in groups:
            there = [v for v in values if v is not None]
            if there + [None] * (len(values) - len(there)) != values or \
                    there != sorted(there, reverse=order == "descending"):
                fail("rows do not sort, %s: %s" % (order, values))
    if browser.run(TITLES) != titles:
        fail("a group's title moved")


def check(browser, url, shots, least):
    browser.open(url)
    figures = browser.run("document.querySelectorAll('figure').length")
    if figures < least:
        fail("%u figures, not %u" % (figures, least))
    browser.screenshot(os.path.join(shots, "report-1280.png"))
    browser.scheme("dark")
    if browser.run(CONTRAST) < 4.5:
        fail("in the dark, contrast is %.1f" % browser.run(CONTRAST))
    if "invert" not in browser.run("getComputedStyle(document.querySelector('.card svg')).filter"):
        fail("figures stay light in the dark")
    browser.screenshot(os.path.join(shots, "report-1280-dark.png"))
    browser.scheme("light")
    if browser.run(CONTRAST) < 4.5:
        fail("contrast is %.1f" % browser.run(CONTRAST))
    browser.resize(400)
    browser.screenshot(os.path.join(shots, "report-400.png"))
    for width in 400, 1280:
        browser.resize(width)
        browser.run(UNFOLD)
        wide = browser.run("document.documentElement.scrollWidth")
        if wide > width:
            fail("at %u pixels the page is %u wide" % (width, wide))
        if browser.run(EMPTY):
            fail("at %u pixels empty: %s" % (width, ", ".join(browser.run(EMPTY))))
    if browser.run(OVERLAPS):
        fail("texts overlap: " + "; ".join(browser.run(OVERLAPS)[:20]))
    if browser.run(CUT_OFF):
        fail("texts are cut off: " + "; ".join(browser.run(CUT_OFF)[:20]))
    check_sorting(browser)
    said = list(complaints(browser))
    if said:
        fail("the page says: " + "; ".join(said))
    print("browser: %u figures shown; screenshots in %s" % (figures, shots))


if __name__ == "__main__":
    os.makedirs(sys.argv[2], exist_ok=True)
    with Browser() as opened:
        check(opened, "file://" + os.path.realpath(sys.argv[1]), sys.argv[2],
              int(sys.argv[3]) if len(sys.argv) > 3 else 1)
