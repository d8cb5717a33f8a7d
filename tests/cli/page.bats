#!/usr/bin/env bats
# The report as one page.
load ../support/helper

@test "page: well-formed, whole, and nothing is loaded from elsewhere" {
  for lang in en zh; do
    eb run "$LAYERS/quzhou.yaml" --out "$lang" -q --lang "$lang"
    assert_exit 0
    run python3 -B - "$lang" <<'END'
import html.parser, os, re, sys
text = open(f"{sys.argv[1]}/report.html", encoding="utf-8").read()
class Parser(html.parser.HTMLParser):
    void = {"meta", "br", "hr", "img", "link", "input"}
    def __init__(self):
        super().__init__()
        self.open, self.count = [], {}
    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag not in self.void:
            self.open.append(tag)
        for name, value in attributes:
            assert not name.startswith("on"), name
            assert name == "xmlns" or not re.match("(https?:)?//", value or ""), (tag, name, value)
            assert name not in ("src", "href"), (tag, name)
    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.void:
            self.open.pop()
    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()
parser = Parser()
parser.feed(text)
parser.close()
assert parser.open == [], parser.open
tables = len([f for f in os.listdir(sys.argv[1] + "/statistics") if f.endswith(".csv")])
assert parser.count["table"] == tables + 1, (parser.count["table"], tables)
assert "script" not in parser.count
assert text.count("<svg") > 10 and text.count('class="met"') == 15, text.count('class="met"')
assert len(text) < 2_000_000, len(text)
import json
for given in json.load(open(sys.argv[1] + "/run.json"))["inputs"]:
    for file in given["files"]:
        assert file["sha256"] in text, file
for word in ({"en": ["Computed and published figures", "Maps", "8844.79"], "zh": ["计算值与公布值对照", "符合", "以下图层为示意"]}[sys.argv[1]]):
    assert word in text, word
END
    [ "$status" -eq 0 ] || show "the page in $lang is not what it should be"
  done
}

@test "page: a browser prints it on A4" {
  need chromium pdfinfo
  eb run "$LAYERS/quzhou.yaml" --out out -q
  assert_exit 0
  run timeout 120 chromium --headless=new --no-sandbox --disable-gpu "--user-data-dir=$BATS_TEST_TMPDIR/profile" --print-to-pdf=page.pdf "file://$PWD/out/report.html"
  assert_file page.pdf
  run pdfinfo page.pdf
  assert_out "A4"
}
