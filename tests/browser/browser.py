"""The sample group, its server and a browser that is signed in."""
import csv
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CUST360", str(TOP / "build/cust360"))
SCREENSHOTS = pathlib.Path(os.environ.get("SCREENSHOTS", TOP / "build/browser"))
WAIT_S = 20
CHROMIUM = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--force-prefers-reduced-motion", "--window-size=1440,980"]


class Group:
    """A night of the sample group in a folder of its own, and the server on it."""

    def __init__(self, stewards=(("王芳", "steward"), ("李强", "steward"), ("Viewer", "viewer"))):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cust360-browser-"))
        self.common = ["-c", str(TOP / "samples/group/cust360.yaml"), "--state",
                       str(self.folder / "state"), "--out", str(self.folder / "out")]
        self.run("run", *self.common)
        (self.folder / "stewards.csv").write_text(
            "name,role\n" + "".join(f"{name},{role}\n" for name, role in stewards))
        with open(self.folder / "messages", "w") as messages:
            self.server = subprocess.Popen(
                [PROGRAM, "review", "serve", *self.common, "--port", "0", "--stewards",
                 str(self.folder / "stewards.csv")], stdout=subprocess.PIPE, stderr=messages, text=True)
        self.addresses = {}
        for _ in stewards:
            name, address = self.server.stdout.readline().rstrip("\n").split("\t")
            self.addresses[name] = address
        self.root = next(iter(self.addresses.values())).split("/?")[0]

    @staticmethod
    def run(*arguments):
        done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(arguments)}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def answered(self, key, verdict):
        """A list as a steward sends it back, with a word on one case."""
        path = self.folder / "answered.csv"
        self.run("review", "export", *self.common, "-n", "1000", str(path))
        with open(path, encoding="utf-8-sig", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["case"] == key]
        rows[0]["verdict"] = verdict
        with open(path, "w", encoding="utf-8", newline="") as lines:
            written = csv.DictWriter(lines, rows[0].keys())
            written.writeheader()
            written.writerows(rows)
        return str(path)

    def ask(self, sql, *values, file="state/state.db"):
        with sqlite3.connect(f"file:{self.folder / file}?mode=ro", uri=True) as database:
            return database.execute(sql, values).fetchall()

    def close(self):
        self.server.send_signal(signal.SIGTERM)
        code = self.server.wait(10)
        self.server.stdout.close()
        messages = (self.folder / "messages").read_text()
        shutil.rmtree(self.folder)
        return code, messages


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="cust360-chromium-")
        options = webdriver.ChromeOptions()
        for argument in CHROMIUM + [f"--user-data-dir={self.profile}", "--lang=en"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def open(self, address):
        self.driver.get(address)

    def sign_in(self, address):
        self.open(address)
        self.until(lambda: self.all("#search"), "the page")

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.until(lambda: self.all(selector), selector)[0]

    def text(self, selector):
        return self.js("const e = document.querySelector(arguments[0]); return e ? e.innerText : ''", selector)

    def js(self, script, *values):
        return self.driver.execute_script(script, *values)

    def until(self, condition, what="it"):
        return WebDriverWait(self.driver, WAIT_S, 0.05).until(lambda _: condition(), f"waited for {what}")

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def click(self, selector):
        self.one(selector).click()

    def type(self, selector, text):
        field = self.one(selector)
        field.clear()
        field.send_keys(text)

    def choose(self, facet, value):
        """Chooses a facet and waits until the queue has it; False when there is no such value."""
        field = self.one(f"#facet-{facet}")
        if not self.all(f'#facet-{facet} option[value="{value}"]'):
            return False
        self.js("arguments[0].value = arguments[1];"
                "arguments[0].dispatchEvent(new Event('change', {bubbles: true}))", field, value)
        self.idle()
        return self.js("return document.getElementById(arguments[0]).value", f"facet-{facet}") == value

    def idle(self):
        """Waits until the page has done all that it was asked for."""
        self.until(lambda: self.all('.review[aria-busy="false"]'), "the page to be done")

    def case(self):
        """The key of the case that is shown; None when there is none."""
        current = self.js('const c = document.querySelector(\'.case[aria-current="true"]\');'
                          "return c && document.querySelector('.compare') ? c.dataset.key : null")
        return current

    def toasts(self):
        return " | ".join(self.js("return [...document.querySelectorAll('.toast')].map(e => e.textContent)"))

    def shot(self, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.js("document.querySelectorAll('.toast').forEach(e => e.remove())")
        self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))

    def online(self, is_on):
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": not is_on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING")]


def status_of(address, **headers):
    """What a plain request is answered."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


__all__ = ["Browser", "Group", "Keys", "status_of", "re", "TOP"]
