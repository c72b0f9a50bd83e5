#!/usr/bin/env python3
"""Makes of a run's folder one whose maker means no good, and looks at what a report made of it.

SPDX-License-Identifier: MIT

    hostile.py plant DIR    after make_run.py DIR
    hostile.py check DIR    after a report: what is wrong, a line each, and exit 1
"""
import html.parser
import json
import os
import re
import sys
import xml.etree.ElementTree

NAMES = {  # each becomes a word of samples.csv, which has no quotes and commas
    "none": "`touch PWNED`",
    "plain": "$(touch PWNED)",
    "atomic": "'; system('touch PWNED'); x='",
    "seqcst": "{/Symbol a}_^@&%s%n%d",
    "cas": "<script>alert(1)</script>",
    "mutex": "]]> --> &lt;b&gt; \\",
    "getput": "<img src=x onerror=alert(1)>`touch PWNED`",
    "queue_mutex": "a | [x](javascript:alert(1)) ![i](http://x/) \\",
    "compact": "'@`touch PWNED`#{",
}
TEXT = "\"'><script>alert(1)</script>\n!touch PWNED\n# `touch PWNED` $(touch PWNED)\n</svg>\x1b[31m|"
TRAP = "system 'touch PWNED'\n!touch PWNED\n"
HOLES = "workload,strategy,variant,setting,reason\ngetput,<b>,gcc,held,<script>alert(1)</script> `x` | y\n"
HANDOVER = "cpu_a,cpu_b,step,ns,ns_lo,ns_hi\n0,1,<script>'`touch PWNED`,60,55,70\n0,2,SMT,20,,\n"
LATENCY = "launch,workload,strategy,variant,kind,deferred,setting,placement,threads,objects,node,work_ns," \
    "layout,replace_permille,window_ns,gap_ops,samples,max_ns,clock_ns,stamps,ops,flags\n" \
    "1,getput,atomic,gcc,candidate,0,held,compact,1,1,,0,padded,0,600000,27,200,34,0.8696," \
    "17:1 18:199,33:100 34:100,\n"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def renamed(text):
    """Fields of a CSV that are one of the names."""
    return "".join(",".join(NAMES.get(f, f) for f in line.split(",")) + "\n"
                   for line in text.splitlines())


def spoiled(value):
    """Each text of meta.json but the words that a report looks for."""
    if isinstance(value, dict):
        return {NAMES.get(k, k): spoiled(v) for k, v in value.items()}
    if isinstance(value, list):
        return [spoiled(v) for v in value]
    return TEXT if isinstance(value, str) and value not in ("complete", "matters") else value


def plant(folder):
    with open(folder + "/samples.csv") as file:
        samples = file.read()
    write(folder + "/samples.csv", renamed(samples))
    with open(folder + "/meta.json") as file:
        meta = json.load(file)
    meta["environment"] = [{"name": "turbo", "value": "on", "mark": "matters", "effect": "x", "remedy": "y"}]
    meta["strategy_header"] = "x"
    meta["mitigations"][TEXT] = TEXT
    write(folder + "/meta.json", json.dumps(spoiled(meta)))
    write(folder + "/holes.csv", renamed(HOLES))
    write(folder + "/handover.csv", HANDOVER)
    write(folder + "/floors.csv", renamed("placement,threads,ns_per_op\ncompact,2,100\n"))
    write(folder + "/latency.csv", renamed(LATENCY))
    for name in ("style", "lines", "bars", "dots", "map", "latency", "handover", "fairness"):
        write("%s/plots/%s.gp" % (folder, name), TRAP)
    for name in (".gnuplot", "plots/.gnuplot", "plots/gnuplotrc", "plots/gnuplot.ini"):
        write("%s/%s" % (folder, name), TRAP)
    write(folder + "/plots/gnuplot", "#!/bin/sh\ntouch PWNED\n")
    os.chmod(folder + "/plots/gnuplot", 0o755)


class Page(html.parser.HTMLParser):
    """What of a page could act: scripts, handlers, and links to elsewhere."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.scripts = 0

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        if tag in ("img", "iframe", "object", "embed", "link", "base", "form", "b") and attrs:
            self.found.append("<%s>" % tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.found.append("%s=%s" % (name, value))
            if name.endswith(("href", "src")) and not re.match(r"#|plots/[\w-]+\.\w+$", value or ""):
                self.found.append("%s=%s" % (name, value))


def check_html(folder):
    page = Page()
    with open(folder + "/report.html") as file:
        text = file.read()
    page.feed(text)
    if page.scripts != 1:
        page.found.append("%d scripts" % page.scripts)
    if "&lt;script&gt;alert(1)" not in text:
        page.found.append("a name is not shown as it is")
    return page.found + controls(text)


def controls(text):
    return ["a control character"] if re.search(r"[\x00-\x08\x0b-\x1f]", text) else []


def check_md(folder):
    found = []
    with open(folder + "/report.md") as file:
        text = file.read()
    words = re.sub(r"^    .*$", "", text, flags=re.M)  # code
    found += re.findall(r"<(?!/?(?:details|summary)>).*", words)
    found += re.findall(r"(?<!\\)`touch.*|(?<!\\)\]\((?!(?:plots/)?[\w-]+\.\w+\)).*", words)
    return found + controls(text)


def check_svgs(folder):
    found, texts = [], ""
    names = [n for n in sorted(os.listdir(folder + "/plots")) if n.endswith(".svg")]
    for name in names:
        try:
            root = xml.etree.ElementTree.parse("%s/plots/%s" % (folder, name)).getroot()
        except xml.etree.ElementTree.ParseError as error:
            found.append("%s: %s" % (name, error))
            continue
        texts += "".join(root.itertext()) + "\n"
        for element in root.iter():
            if element.tag.endswith(("script", "foreignObject", "image")) or \
               any(key.startswith("on") for key in element.attrib):
                found.append("%s: %s" % (name, element.tag))
    if not names:
        found.append("no figure")
    for name in NAMES.values():  # as written, not as a command or a format
        if name != NAMES["compact"] and name.replace("]]>", "]] >") not in texts:
            found.append("no figure shows %s" % name)
    return found


def check(folder):
    found = ["report.html: " + x for x in check_html(folder)]
    found += ["report.md: " + x for x in check_md(folder)]
    found += ["figures: " + x for x in check_svgs(folder)]
    for root, _, files in os.walk(folder):
        found += ["%s/%s: a command was run" % (root, name) for name in files if name == "PWNED"]
    for name in ("style", "lines", "bars", "dots", "map", "latency", "handover"):
        path = "%s/plots/%s.gp" % (folder, name)
        if os.path.exists(path) and TRAP in open(path).read():
            found.append("%s is the folder's own" % path)
    print("\n".join(found) or "nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(check(sys.argv[2]) if sys.argv[1] == "check" else plant(sys.argv[2]))
