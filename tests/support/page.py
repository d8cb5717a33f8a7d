"""What a page of a report is made of. Usage: page.py REPORT.html: prints a JSON object; fails where the page is not well-formed."""
import html.parser
import json
import re
import sys


class Page(html.parser.HTMLParser):
    """Tags closed in the order in which they were opened; text by the tag it stands in."""

    VOID = {"meta", "br", "hr", "img", "link", "input"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.count, self.handlers, self.outside = [], {}, [], []
        self.links, self.ids, self.cells, self.rows = [], [], [], []
        self.policy = None

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1
        given = dict(attrs)
        assert len(given) == len(attrs), f"an attribute twice in <{tag}>: {attrs}"
        for name, value in attrs:
            if name.startswith("on"):
                self.handlers.append([tag, name])
            local = (name == "href" and value.startswith("#")) or name == "xmlns"
            if name in ("src", "href", "srcset", "data", "action", "poster") and not local:
                self.outside.append([tag, name, value])
            if not local and re.search(r"(?i)\b(https?|file|ftp|data|javascript):|url\(|^//", value or ""):
                self.outside.append([tag, name, value])
        if tag == "a":
            self.links.append(given.get("href", ""))
        if "id" in given:
            self.ids.append(given["id"])
        if given.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = given["content"]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> at {self.getpos()} closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "style" and re.search(r"(?i)url\(|@import|https?:", data):
            self.outside.append(["style", "", data[:80]])
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == [], f"not closed: {page.open}"
    assert len(set(page.ids)) == len(page.ids), "an id twice"
    json.dump({"tags": page.count, "handlers": page.handlers, "outside": page.outside, "policy": page.policy, "rows": page.rows,
               "lost": [link for link in page.links if link[1:] not in page.ids], "bytes": len(text.encode())}, sys.stdout, ensure_ascii=False)


main()
