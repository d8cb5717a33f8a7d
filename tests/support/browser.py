"""A headless browser driven through its debugging pipe, with nothing but Python's own library.

    with Browser() as browser:
        page = browser.open("file:///…/map.html", 1200, 800)
        page.run("document.title")
        page.click(600, 400)
        page.picture("map.png")
        page.requests, page.complaints
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

LIMIT_S = 120


def program():
    return next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)


class Browser:
    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="browser-")
        down, self.write_end = os.pipe()
        self.read_end, up = os.pipe()

        def place():
            # The browser reads commands from descriptor 3 and answers on 4; the copies keep clear of each other first.
            first, second = os.dup(down), os.dup(up)
            while first in (3, 4):
                first = os.dup(first)
            while second in (3, 4):
                second = os.dup(second)
            os.dup2(first, 3)
            os.dup2(second, 4)

        command = [program(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + self.home,
                   "--remote-debugging-pipe", "about:blank"]
        self.process = subprocess.Popen(command, preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=dict(os.environ, HOME=self.home))
        os.close(down)
        os.close(up)
        self.number, self.rest, self.pages = 0, b"", {}
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def message(self, until):
        while b"\0" not in self.rest:
            if not select.select([self.read_end], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.read_end, 1 << 20)
            if not more:
                raise EOFError("the browser has ended")
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        found = json.loads(text)
        if found.get("sessionId") in self.pages and "method" in found:
            self.pages[found["sessionId"]].hear(found["method"], found["params"])
        return found

    def ask(self, method, session=None, **params):
        self.number += 1
        order = {"id": self.number, "method": method, "params": params}
        if session:
            order["sessionId"] = session
        text = json.dumps(order).encode() + b"\0"
        while text:
            text = text[os.write(self.write_end, text):]
        until = time.monotonic() + LIMIT_S
        while True:
            found = self.message(until)
            if found.get("id") == self.number:
                if "error" in found:
                    raise RuntimeError(f"{method}: {found['error']['message']}")
                return found["result"]

    def open(self, url, width, height, phone=False):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.ask(domain + ".enable")
        page.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1, mobile=phone)
        if phone:
            page.ask("Emulation.setTouchEmulationEnabled", enabled=True)
        page.ask("Page.navigate", url=url)
        page.wait("document.readyState === 'complete'")
        return page


class Page:
    def __init__(self, browser, session):
        self.browser, self.session, self.requests, self.complaints = browser, session, [], []

    def hear(self, method, params):
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(str(params["args"]))

    def ask(self, method, **params):
        return self.browser.ask(method, self.session, **params)

    def run(self, script):
        """Value of an expression."""
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"].get("exception", {}).get("description", script))
        return found["result"].get("value")

    def wait(self, script):
        until = time.monotonic() + LIMIT_S
        while not self.run(script):
            if time.monotonic() > until:
                raise TimeoutError(script)
            time.sleep(0.02)

    def still(self):
        """Until what is animated has come to rest."""
        for _ in range(2):
            self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
            self.wait("!document.querySelector('.leaflet-zoom-anim, .leaflet-pan-anim')")
            self.wait("document.getAnimations().every(moving => moving.playState !== 'running')")

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def tap(self, x, y):
        self.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def picture(self, file):
        with open(file, "wb") as out:
            out.write(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))
