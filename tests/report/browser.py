# SPDX-License-Identifier: GPL-2.0-only
"""A headless Chromium, driven over a pipe by its DevTools protocol; nothing else is needed."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


def find_chromium():
    """The path of Chromium, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    return None


class Browser:
    """One page in a browser of its own, gone with it."""

    def __init__(self, timeout=120):
        self.timeout = timeout
        self.errors = []  # What the page's console said in anger
        self._next = 0
        self._input = b""
        self._events = []
        self._folder = tempfile.mkdtemp(prefix="mtlink-browser-")
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()

        def use_pipes():
            # Twice, since either may already be 3 or 4.
            a, b = os.dup(to_browser), os.dup(from_browser)
            a, b = os.dup(a), os.dup(b)
            os.dup2(a, 3)
            os.dup2(b, 4)

        arguments = [find_chromium(), "--headless", "--remote-debugging-pipe", "--disable-gpu",
                     "--no-first-run", "--disable-dev-shm-usage", "--disable-extensions",
                     "--disable-background-networking", "--hide-scrollbars",
                     "--user-data-dir=" + self._folder]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        self._process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                         close_fds=False, preexec_fn=use_pipes)
        os.close(to_browser)
        os.close(from_browser)
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target,
                                  flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        os.close(self._out)
        os.close(self._in)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _receive(self, deadline):
        while b"\0" not in self._input:
            ready, _, _ = select.select([self._in], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser does not answer")
            got = os.read(self._in, 1 << 20)
            if not got:
                raise RuntimeError("the browser has gone")
            self._input += got
        message, self._input = self._input.split(b"\0", 1)
        message = json.loads(message)
        method = message.get("method")
        params = message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.errors.append(str(params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(params["entry"]["text"])
        return message

    def call(self, method, **params):
        """Call a method of the protocol; returns its result."""
        self._next += 1
        message = {"id": self._next, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + self.timeout
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == self._next:
                if "error" in answer:
                    raise RuntimeError(method + ": " + str(answer["error"]))
                return answer["result"]
            self._events.append(answer.get("method"))

    def view(self, width, height, dark=False, scale=1):
        """Show the page in a window of this size and colour scheme."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=scale, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, path, query=""):
        """Open a file, with a query as "?lang=zh"; returns the seconds until it is loaded and
        painted."""
        self._events.clear()
        start = time.monotonic()
        self.call("Page.navigate", url="file://" + os.path.abspath(path) + query)
        deadline = start + self.timeout
        while "Page.loadEventFired" not in self._events:
            self._events.append(self._receive(deadline).get("method"))
        self.run("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        return time.monotonic() - start

    def run(self, script):
        """Run a script in the page; returns its value, waits for a promise."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True,
                           returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get(
                "description", script))
        return answer["result"].get("value")

    def wait(self, script):
        """Wait until a script gives something true; returns it."""
        deadline = time.monotonic() + self.timeout
        while True:
            value = self.run(script)
            if value:
                return value
            if time.monotonic() > deadline:
                raise TimeoutError(script)
            time.sleep(0.05)

    def mouse(self, kind, x, y, **more):
        """kind: Moved, Pressed, Released."""
        self.call("Input.dispatchMouseEvent", type="mouse" + kind, x=x, y=y, **more)

    def key(self, key, code=None, text=None):
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key, **more)

    def screenshot(self, path, whole=False):
        """Write a PNG of the window, or of the whole page."""
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))
