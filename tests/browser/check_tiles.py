#!/usr/bin/env python3
"""The background of a web map is asked for when it is ticked, and not before. Usage: check_tiles.py MAP.html PORT

The map's tiles come from http://127.0.0.1:PORT/{z}/{x}/{y}.png; a server for them is started here.
"""
import base64
import http.server
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from browser import Browser

DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8Dwn4EIAAAsZAL/wPSuXQAAAABJRU5ErkJggg==")


class Tiles(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        Tiles.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(DOT)

    def log_message(self, *_):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Tiles) as server, Browser() as chromium:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = chromium.open("file://" + os.path.abspath(sys.argv[1]), 1000, 700)
    page.still()
    before, credit = list(Tiles.asked), page.run("document.querySelector('.credit').textContent")
    page.run("document.querySelector('.background input').click()")
    page.wait("document.querySelectorAll('.leaflet-tile-loaded').length >= 4")
    after = page.run("document.querySelector('.credit').textContent")
    page.run("document.querySelector('.background input').click()")
    left = page.run("document.querySelectorAll('.leaflet-tile').length")
    problems = [text for good, text in ((not before, f"asked before: {before}"), (all(path.count("/") == 3 for path in Tiles.asked), f"asked for {Tiles.asked}"),
                                        ("Nobody's tiles" in after and "Nobody's tiles" not in credit, f"credit {credit!r}, then {after!r}"),
                                        (left == 0, f"{left} tiles stay"), (not page.complaints, f"the console says {page.complaints}")) if not good]
    print("\n".join(problems + [f"{len(Tiles.asked)} tiles, {len(problems)} problems"]))
    sys.stdout.flush()
    server.shutdown()
os._exit(1 if problems else 0)
