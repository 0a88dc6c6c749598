"""The stewards' page, gone through by a real browser. The tests run in the order of their names on one
group; each begins at the queue and leaves it usable."""
import time
import unittest

from browser import Browser, Group, Keys, re, status_of

GROUP = BROWSER = None


def setUpModule():
    global GROUP, BROWSER
    GROUP = Group()
    try:
        BROWSER = Browser()
        BROWSER.sign_in(GROUP.addresses["王芳"])
        BROWSER.until(BROWSER.case, "the first case")
    except BaseException:
        GROUP.close()
        raise


def tearDownModule():
    BROWSER.close()
    code, messages = GROUP.close()
    assert code == 0, f"the server ended with {code}\n{messages}"


def decisions():
    return GROUP.ask("SELECT count(*) FROM decision")[0][0]


class Page(unittest.TestCase):
    def setUp(self):
        self.page = BROWSER
        self.page.js("localStorage.setItem('language', 'en'); localStorage.setItem('theme', 'light')")
        self.page.open(GROUP.root + "/#/review")
        self.page.driver.refresh()
        self.page.until(self.page.case, "a case")
        self.page.idle()

    def tearDown(self):
        unexpected = [text for text in self.page.complaints()
                      if not re.search(r"status of 4\d\d|status of 503", text)]
        self.assertEqual(unexpected, [], "the browser complains")

    def filter_kind(self, *kinds):
        for kind in kinds:
            if self.page.choose("kind", kind):
                return kind
        self.skipTest("the group has no case of " + ", ".join(kinds))
        return None

    def decided(self, act):
        """Does something that decides the case, and waits until another (or none) is shown."""
        key, before = self.page.case(), decisions()
        act()
        self.page.until(lambda: self.page.case() != key, "the next case")
        self.page.idle()
        return key, decisions() - before

    def test_01_the_address_is_good_once_and_the_token_is_gone_from_it(self):
        self.assertNotIn("token", self.page.driver.current_url)
        status, body = status_of(GROUP.addresses["王芳"])
        self.assertEqual(status, 401)
        self.assertIn("used already", body)
        self.assertEqual(status_of(GROUP.root + "/api/queue")[0], 401)

    def test_02_the_queue_has_facets_with_counts_and_shows_the_first_case(self):
        self.assertGreater(len(self.page.all(".case")), 3)
        options = self.page.js("return [...document.querySelectorAll('#facet-kind option')].map(e => e.textContent)")
        self.assertRegex(" ".join(options), r"\(\d+\)")
        self.assertRegex(self.page.text(".progress"), r"\d+ of \d+")
        self.assertTrue(self.page.text(".sentence"))
        self.assertTrue(self.page.all(".records tbody tr"))
        self.assertTrue(self.page.all(".value mark"), "differing characters are marked")
        self.filter_kind("possible")
        self.page.until(lambda: "customers" in self.page.text("#preview"), "the preview")
        self.page.shot("review")

    def test_03_a_facet_leaves_only_its_cases(self):
        kind = self.filter_kind("possible", "value")
        self.assertNotEqual(kind, None)
        names = self.page.js("return [...document.querySelectorAll('.case .kind')].map(e => e.textContent)")
        self.assertTrue(all(name.startswith(("Possible match", "Value undecided")) for name in names), names)
        self.page.click(".facets .reveal")
        self.page.until(lambda: not self.page.all(".facets .reveal"), "all cases again")

    def test_04_merging_moves_on_and_is_kept(self):
        self.filter_kind("possible")
        key, made = self.decided(lambda: self.page.click('.act[data-word="same"]'))
        self.assertGreaterEqual(made, 1)
        self.assertRegex(self.page.toasts(), "Applied|Recorded|Noted")
        self.assertNotIn(key, self.page.js(
            "return [...document.querySelectorAll('.case')].map(e => e.dataset.key)"))

    def test_04a_the_next_case_is_there_before_it_is_asked_for(self):
        self.filter_kind("relation")
        fetched = ("return performance.getEntriesByType('resource').map(e => e.name)"
                   ".filter(name => name.includes('/api/case?')).map(name => name.match(/key=(\\w+)/)[1])")
        self.page.until(lambda: len(self.page.js(fetched)) >= 5, "five that were fetched before")
        for _ in range(2):
            self.decided(lambda: self.page.press("n"))
        following = self.page.case()
        self.assertEqual(self.page.js(fetched).count(following), 1, "fetched once, before it was shown")
        for _ in range(2):
            self.page.press("z")
            self.page.until(lambda: "Undone" in self.page.toasts(), "undone")
            self.page.idle()
            self.page.js("document.querySelectorAll('.toast').forEach(e => e.remove())")

    def test_04b_contrary_values_show_where_they_differ_though_masked(self):
        self.filter_kind("conflict")
        marked = self.page.js("return [...document.querySelectorAll('tr.hard .value mark')].map(e => e.textContent)")
        self.assertTrue(marked)
        self.assertTrue(any("*" in text for text in marked), marked)
        self.assertFalse(self.page.all('.act[data-word="not_same"]'), "one customer is not two by that: it is split")

    def test_05_undo_brings_the_question_back(self):
        self.filter_kind("possible")
        key, _ = self.decided(lambda: self.page.press("n"))
        self.page.press("z")
        self.page.until(lambda: self.page.case() == key, "the case again")
        self.assertIn("Undone", self.page.toasts())

    def test_06_marked_records_are_split_off(self):
        self.filter_kind("conflict", "weak_link", "possible")
        self.page.press("l", "s")
        self.page.until(lambda: self.page.all("th.marked"), "the mark")
        self.page.shot("split")
        _, made = self.decided(lambda: self.page.press("S"))
        self.assertGreaterEqual(made, 1)
        self.page.press("z")
        self.page.until(lambda: "Undone" in self.page.toasts(), "undone")

    def picked(self, count):
        keys = self.page.js("return [...document.querySelectorAll('.pick')].map(e => e.dataset.pick)")[:count]
        for key in keys:
            self.page.click(f'[data-pick="{key}"]')
        return keys

    def test_06a_several_cases_get_one_word_each_its_own_decision_and_come_back_in_one_step(self):
        self.filter_kind("relation", "possible")
        before = decisions()
        keys = self.picked(3)
        self.page.press("B")
        self.page.until(lambda: self.page.all("dialog [data-bulk]"), "the question")
        self.page.shot("bulk")
        self.page.click('dialog button:nth-last-child(2)')
        self.page.until(lambda: decisions() > before, "the decisions")
        self.page.idle()
        heads = GROUP.ask("SELECT count(DISTINCT batch) FROM decision WHERE token LIKE '%/%' AND NOT undone")
        self.assertGreaterEqual(heads[0][0], 2)
        self.page.press("z")
        self.page.until(lambda: "Undone" in self.page.toasts(), "undone")
        self.assertEqual(GROUP.ask("SELECT count(*) FROM decision WHERE token LIKE '%/%' AND NOT undone"), [(0,)])
        self.page.idle()
        self.assertTrue(set(keys))

    def test_06ac_what_stands_in_the_way_of_several_is_told_and_the_others_are_decided(self):
        self.filter_kind("relation", "possible")
        keys = self.picked(3)
        before = decisions()
        self.page.press("B")
        self.page.until(lambda: self.page.all("dialog [data-bulk]"), "the question")
        GROUP.run("review", "import", *GROUP.common, "--who", "王芳", GROUP.answered(keys[1], "never_ask"))
        self.page.click('dialog button:nth-last-child(2)')
        self.page.until(lambda: self.page.all("[data-refused]"), "the one that is in the way")
        self.assertEqual([one.get_attribute("data-refused") for one in self.page.all("[data-refused]")], [keys[1]])
        self.assertEqual(decisions(), before + 1, "nothing is half said")
        self.page.shot("bulk-refused")
        self.page.click("#bulk-others")
        self.page.until(lambda: "2 decided" in self.page.toasts(), "the others")
        self.page.idle()
        self.page.press("z")
        self.page.until(lambda: "Undone" in self.page.toasts(), "undone")
        self.page.idle()

    def test_06b_a_flag_stays_with_the_case(self):
        self.page.press("f")
        self.page.until(lambda: self.page.all("[data-flag]"), "the flag")
        self.page.click("#facet-flagged")
        self.page.idle()
        self.page.until(lambda: len(self.page.all(".case")) == 1, "only the flagged one")
        self.page.press("f")
        self.page.until(lambda: not self.page.all("[data-flag]"), "no flag")

    def test_06aa_all_alike_are_picked_with_one_key(self):
        self.filter_kind("relation", "possible")
        self.page.press("a")
        self.page.until(lambda: re.search("picked|No other|stands alone", self.page.toasts()), "what is alike")
        self.page.idle()
        if "are picked" in self.page.toasts():
            picked = self.page.js("return document.querySelectorAll('.pick:checked').length")
            self.assertGreater(picked, 1)
            self.page.press("B")
            self.page.until(lambda: self.page.all("dialog [data-bulk]"), "the question")
            self.assertEqual(len(self.page.all("dialog li")), picked, "all of them are listed")
            self.page.press(Keys.ESCAPE)

    def test_06ab_what_is_assigned_to_me_is_a_facet(self):
        own = self.page.text(".facets")
        self.assertRegex(own, r"assigned to me \(\d+\)")
        self.page.click("#facet-mine")
        self.page.idle()
        shown = len(self.page.all(".case"))
        self.assertIn(f"assigned to me ({shown})", self.page.text(".facets"))
        self.page.click("#facet-mine")
        self.page.idle()

    def test_06ac_raw_values_systems_blocks_and_consents_are_told(self):
        self.filter_kind("possible")
        self.assertTrue(self.page.all(".system"), "the system in the column's head")
        if self.page.all(".blocks"):
            self.assertIn("Brought together by", self.page.text(".blocks"))
        self.assertFalse(self.page.all(".delivered"))
        self.page.press("d", "v")
        self.page.until(lambda: self.page.all(".delivered"), "what came")
        cells, delivered = self.page.js("return [[...document.querySelectorAll('.records td .value')]"
                                        ".filter(e => !e.matches('.empty')).length,"
                                        "document.querySelectorAll('.delivered').length]")
        self.assertGreaterEqual(delivered, cells - len(self.page.all("tbody tr")) * 2, "nearly each value")
        self.page.press("v", "d")

    def test_06c_the_preview_shows_values_once_they_are_revealed(self):
        self.filter_kind("possible")
        self.page.until(lambda: "*" in self.page.text("#preview"), "masked values")
        self.page.press("p")
        self.page.until(lambda: "*" not in self.page.text("#preview") and self.page.all("#preview dd"),
                        "whole values")

    def test_07_a_value_is_taken_from_a_column(self):
        self.filter_kind("value")
        self.page.until(lambda: "customers" in self.page.text("#preview"), "what the value would make")
        self.assertIn("*", self.page.text("#preview"))
        self.page.shot("value")
        before = GROUP.ask("SELECT count(*) FROM decision WHERE kind = 'value'")[0][0]
        column = self.page.js("const cells = [...document.querySelectorAll('tr.focus td')];"
                              "return 1 + cells.findIndex((cell) => !cell.querySelector('.empty'))")
        self.assertGreater(column, 0)
        self.decided(lambda: self.page.press(str(column)))
        self.assertEqual(GROUP.ask("SELECT count(*) FROM decision WHERE kind = 'value'")[0][0], before + 1)
        value = GROUP.ask("SELECT value FROM decision WHERE kind = 'value' ORDER BY decision_id DESC")[0][0]
        self.assertNotIn("*", value, "never a masked value")

    def test_08_unsure_needs_a_word_for_the_next(self):
        self.filter_kind("possible")
        key = self.page.case()
        self.page.press("u")
        self.page.one("dialog[open] textarea")
        self.page.click('dialog[open] button[type="submit"]')
        self.assertEqual(self.page.case(), key)
        self.page.type("dialog[open] textarea", "father and son?")
        self.decided(lambda: self.page.click('dialog[open] button[type="submit"]'))

    def test_09_values_are_masked_until_shown_which_is_logged(self):
        self.filter_kind("possible")
        self.page.press("d")
        masked = self.page.text(".records")
        self.assertIn("*", masked)
        self.page.press("p")
        self.page.until(lambda: "logged" in self.page.text(".case-head"), "the values")
        self.assertNotEqual(self.page.text(".records"), masked)

    def test_10_a_search_by_the_beginning_finds_a_customer(self):
        golden_id, name = GROUP.ask("SELECT golden_id, name FROM customer WHERE cars_owned > 0 AND name IS NOT NULL"
                                    " AND type = 'person' ORDER BY cars_ever DESC LIMIT 1", file="out/customer360.db")[0]
        self.page.press("/")
        self.page.press(name[:2], Keys.ENTER)
        self.page.until(lambda: self.page.all(".hit"), "hits")
        self.page.shot("search")
        self.page.open(f"{GROUP.root}/#/customer/{golden_id}")
        self.page.until(lambda: self.page.all(".person"), "the customer")
        for title in ("values and where they come from", "cars", "timeline", "dealers", "history of the id"):
            self.assertIn(title, self.page.text("#main").lower())
        self.assertIn("*", self.page.text(".card"))
        self.page.shot("customer")
        self.page.click("#reveal")
        self.page.until(lambda: not self.page.all("#reveal"), "whole values")

    def test_11_the_second_of_two_stewards_is_told(self):
        self.filter_kind("possible")
        key = self.page.case()
        other = Browser()
        try:
            other.sign_in(GROUP.addresses["李强"])
            other.until(other.case, "a case")
            other.open(f"{GROUP.root}/#/review/{key}")
            other.driver.refresh()
            other.until(lambda: "#/review/" + key in other.driver.current_url and other.all("#case-title"),
                        "the same case")
            other.idle()
            self.assertIn("王芳", other.text(".compare"), "it is said who has it")
            self.decided(lambda: self.page.press("n"))
            before = decisions()
            other.press("m")
            other.until(lambda: "Not recorded" in other.toasts() or "王芳" in other.toasts(), "the conflict")
            other.shot("conflict")
            self.assertEqual(decisions(), before)
        finally:
            other.close()
        self.page.press("z")
        self.page.until(lambda: "Undone" in self.page.toasts(), "undone")

    def test_12_the_keyboard_alone_is_enough(self):
        first = self.page.case()
        self.page.press(Keys.SPACE)
        self.page.until(lambda: self.page.case() not in (None, first), "the next")
        self.assertEqual(self.page.js("return document.activeElement.id"), "case-title")
        self.page.press("j", "l", "v", "?")
        self.page.one("dialog[open]")
        self.page.shot("keys")
        self.page.press(Keys.ESCAPE)
        self.page.until(lambda: not self.page.all("dialog[open]"), "the dialog to close")
        self.page.press("/")
        self.assertEqual(self.page.js("return document.activeElement.id"), "search")
        self.page.press("n")
        self.assertEqual(self.page.js("return document.getElementById('search').value"), "n", "typed, not decided")
        self.page.js("document.activeElement.blur(); document.body.focus()")
        seen = set()
        for _ in range(60):
            self.page.press(Keys.TAB)
            seen.add(self.page.js("const e = document.activeElement; return e.id || e.dataset.word || e.className"))
        self.assertTrue({"skip", "language", "theme", "help", "facet-kind", "case"} <= seen, seen)
        # Where the last Tab has led depends on how much the page shows; keys that are typed decide nothing.
        while self.page.js("return document.activeElement.matches('input, select, textarea')"):
            self.page.press(Keys.TAB)
        key, made = self.decided(lambda: self.page.press("x"))
        self.page.press("z")
        self.page.until(lambda: self.page.case() == key, "the case again")

    def expect_readable(self, view):
        """What an accessibility checker looks for."""
        nameless = self.page.js("""
            return [...document.querySelectorAll('button, a, input, select, textarea, [role=img], [role=region], nav, aside')]
                .filter(e => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title ||
                  (e.matches('button, a, label') && e.textContent.trim()) ||
                  (e.labels && e.labels.length && e.labels[0].textContent.trim()))).map(e => e.outerHTML)""")
        self.assertEqual(nameless, [], view)
        for landmark in ("header", "main", "nav", "[role=search]", "[aria-live]"):
            self.assertTrue(self.page.all(landmark), landmark)
        self.assertEqual(len(self.page.all("h1")), 1, view)
        repeated = self.page.js("const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
                                "return ids.filter((id, i) => ids.indexOf(id) !== i)")
        self.assertEqual(repeated, [], view)
        wrong = self.page.js("""
            const keys = /^((Shift\\+)?([A-Za-z0-9/?]|Space|Enter))( ((Shift\\+)?([A-Za-z0-9/?]|Space|Enter)))*$/;
            return [...document.querySelectorAll('*')].filter(e =>
                (e.hasAttribute('aria-keyshortcuts') && !keys.test(e.getAttribute('aria-keyshortcuts'))) ||
                (e.tabIndex > 0) ||
                (e.hasAttribute('aria-labelledby') && !document.getElementById(e.getAttribute('aria-labelledby'))) ||
                (e.getAttribute('aria-hidden') === 'true' && e.querySelector('button, a, input, select')) ||
                (e.matches('th') && !e.hasAttribute('scope')) || (e.matches('button') && !e.type) ||
                (e.matches('button, a') && e.querySelector('button, a, input')))
                .map(e => e.outerHTML.slice(0, 200))""")
        self.assertEqual(wrong, [], view)
        hidden = self.page.js("""
            return [...document.querySelectorAll('button, a.hit, select, input')].filter(e => {
                const box = e.getBoundingClientRect();
                return !e.matches('.skip') && (box.width < 12 || box.height < 12);
            }).map(e => e.outerHTML.slice(0, 200))""")
        self.assertEqual(hidden, [], f"{view}: large enough to be hit")

    def test_13_everything_has_a_name_for_a_screen_reader(self):
        self.expect_readable("review")
        self.assertTrue(self.page.all(".records th[scope=row]") and self.page.all(".records th[scope=col]"))
        self.assertTrue(self.page.all("aside"))
        golden_id = GROUP.ask("SELECT golden_id FROM golden WHERE record_count > 3 LIMIT 1")[0][0]
        for address, there in (("customers/zh", ".hit"), (f"customer/{golden_id}", ".person"),
                               ("decisions", "#decisions-mine")):
            self.page.open(f"{GROUP.root}/#/{address}")
            self.page.until(lambda: self.page.all(there), address)
            self.expect_readable(address)

    def test_13a_the_focus_goes_from_the_top_to_the_verdicts(self):
        self.page.js("document.getElementById('skip').focus()")
        seen = []
        for _ in range(70):
            self.page.press(Keys.TAB)
            name = self.page.js("const e = document.activeElement; const part = e.closest('header, nav.queue, .compare,"
                                " .evidence, .result'); return part && part.className")
            if name and (not seen or seen[-1] != name):
                seen.append(name)
            if name == "result":
                break
        self.assertEqual([name for name in seen if name != "evidence"], ["top", "queue", "compare", "result"])
        shown = self.page.js("const s = getComputedStyle(document.activeElement);"
                             "return s.outlineStyle !== 'none' || s.boxShadow !== 'none'")
        self.assertTrue(shown, "the focus can be seen")

    def test_13b_narrow_screens_show_everything(self):
        driver = self.page.driver
        try:
            for width in (1024, 768, 400):
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                    "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
                for address, there in (("review", ".act[data-word]"), ("decisions", "#decisions-mine"),
                                       ("customers/zh", ".hit")):
                    self.page.open(f"{GROUP.root}/#/{address}")
                    self.page.until(lambda: self.page.all(there), address)
                    wide = self.page.js("return document.documentElement.scrollWidth")
                    self.assertLessEqual(wide, width, f"{address} at {width} is {wide} wide")
                    self.page.shot(f"{address.split('/')[0]}-{width}")
        finally:
            driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def test_13c_the_hint_of_the_search_is_whole(self):
        room = """const e = document.getElementById('search'), s = getComputedStyle(e);
            const pen = document.createElement('canvas').getContext('2d');
            pen.font = s.font;
            return e.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight)
                - pen.measureText(e.placeholder).width"""
        driver = self.page.driver
        try:
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False})
            self.assertGreaterEqual(self.page.js(room), 0)
            self.page.click("#language")
            self.page.until(lambda: "审核" in self.page.text(".tabs"), "Chinese")
            self.assertGreaterEqual(self.page.js(room), 0)
            self.page.shot("search-1280")
            self.page.click("#language")
            self.page.until(lambda: "Review" in self.page.text(".tabs"), "English")
        finally:
            driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def test_14_chinese_and_english_are_remembered(self):
        self.assertEqual(self.page.js("return document.documentElement.lang"), "en")
        self.page.click("#language")
        self.page.until(lambda: "审核" in self.page.text(".tabs"), "Chinese")
        self.assertIn("待办", self.page.text(".queue"))
        self.page.driver.refresh()
        self.page.until(lambda: "审核" in self.page.text(".tabs") and self.page.case(), "Chinese again")
        self.assertEqual(self.page.js("return document.documentElement.lang"), "zh-CN")
        self.page.shot("chinese")
        self.assertIn("个中有 1 个", self.page.text(".evidence"), "how rare what both have is")
        self.assertNotIn("1 in", self.page.text(".evidence"))
        self.page.until(lambda: re.search("个人|单位", self.page.text("#preview")), "codes in Chinese")
        self.assertNotRegex(self.page.text("#preview"), "person|organisation")
        said = self.page.js("return import('/messages.js').then(m => arguments[0].map(m.inWords))", [
            "李强 has this case in hand\nhint", "李强 has decided this case at 2026-06-30T08:00:00Z: same",
            "the disk is full", "other decisions hold them apart"])
        self.assertEqual(said, ["李强 正在处理此问题", "李强 已于 2026-06-30T08:00:00Z 作出决定：同一人",
                                "the disk is full", "其他决定使其保持分开"])
        self.page.click("#language")
        self.page.until(lambda: "Review" in self.page.text(".tabs"), "English")

    def test_14a_a_customers_tables_are_chinese(self):
        shown = set()
        self.page.click("#language")
        self.page.until(lambda: "审核" in self.page.text(".tabs"), "Chinese")
        for (golden_id,) in GROUP.ask("SELECT golden_id FROM (SELECT golden_id, min(golden_id) OVER (PARTITION BY type)"
                                      " AS first, type FROM open_lead) WHERE golden_id = first GROUP BY type",
                                      file="out/customer360.db"):
            self.page.open(f"{GROUP.root}/#/customer/{golden_id}")
            self.page.until(lambda: golden_id in self.page.text(".ids"), golden_id)
            shown |= set(self.page.js(
                "return [...document.querySelectorAll('.card td:not(.code), .card th, .card h2, .timeline b')]"
                ".map(e => (e.querySelector('span') || e).innerText)"))
            self.page.shot("customer-chinese")
            self.page.js("location.hash = '#/customers'")
        self.page.click("#language")
        self.page.until(lambda: "Review" in self.page.text(".tabs"), "English")
        self.assertIn("个人", shown)
        self.assertTrue(any("到期" in text for text in shown))
        english = [text for text in shown if re.search(r"[a-z]{4,} |[a-z]{4,}$|^(open|new)$", text)
                   and not re.search(r"@|\.csv|\.xml|/|\*|_", text)]
        self.assertEqual(english, [])

    def test_15_light_and_dark(self):
        ground = "return getComputedStyle(document.body).backgroundColor"
        light = self.page.js(ground)
        self.page.click("#theme")
        self.page.until(lambda: self.page.js(ground) != light, "the dark")
        self.page.driver.refresh()
        self.page.until(self.page.case, "a case")
        self.assertNotEqual(self.page.js(ground), light)
        self.page.shot("dark")
        self.page.js("document.documentElement.dataset.theme = 'auto'")
        self.page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.assertNotEqual(self.page.js(ground), light, "as the system has it")
        self.page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def test_16_decisions_are_listed(self):
        self.page.open(GROUP.root + "/#/decisions")
        self.page.until(lambda: "王芳" in self.page.text("table:last-of-type") or
                        "王芳" in self.page.text("#main"), "the decisions")
        self.assertIn("undone", self.page.text("#main"))
        self.assertIn("by steward", self.page.text("#main").lower())
        self.page.shot("decisions")
        in_force = GROUP.ask("SELECT count(*) FROM decision WHERE NOT undone AND kind <> 'undo'")[0][0]
        self.page.click("[data-decision] button")
        self.page.until(lambda: "Undone" in self.page.toasts(), "undone")
        self.assertLess(GROUP.ask("SELECT count(*) FROM decision WHERE NOT undone AND kind <> 'undo'")[0][0],
                        in_force)
        self.page.click("#decisions-mine")
        self.page.until(lambda: self.page.js("return document.activeElement.id") == "decisions-mine", "mine")

    def test_16a_what_was_decided_is_published_from_the_page(self):
        self.filter_kind("possible")
        self.decided(lambda: self.page.press("n"))
        self.page.open(GROUP.root + "/#/decisions")
        self.page.click("#publish")
        self.page.until(lambda: "Published" in self.page.toasts(), "the end of publishing")
        self.page.until(lambda: not self.page.all("#publish"), "nothing is left to publish")
        self.assertIn("shows all that was decided", self.page.text("#publishing"))
        self.assertEqual(GROUP.ask("SELECT count(*) FROM review_touched"), [(0,)])
        view = GROUP.folder / "out/customer360.db"
        view.rename(view.with_suffix(".aside"))
        view.mkdir()
        self.page.open(GROUP.root + "/#/review")
        self.page.until(self.page.case, "a case")
        self.page.idle()
        self.decided(lambda: self.page.press("n"))
        self.page.open(GROUP.root + "/#/decisions")
        self.page.click("#publish")
        self.page.until(lambda: "could not be published" in self.page.toasts(), "the failure")
        self.assertIn("could not be published", self.page.text("#publishing"))
        self.page.shot("publishing-failed")
        view.rmdir()
        view.with_suffix(".aside").rename(view)

    def test_16b_a_lost_connection_is_told_and_nothing_is_lost(self):
        self.filter_kind("possible")
        key, before = self.page.case(), decisions()
        self.page.online(False)
        self.page.press("n")
        self.page.until(lambda: "does not answer" in self.page.toasts(), "the word that it is lost")
        self.page.idle()
        self.assertEqual((self.page.case(), decisions()), (key, before))
        self.page.online(True)
        self.page.complaints()
        self.assertEqual(self.decided(lambda: self.page.press("n"))[0], key)
        self.assertGreater(decisions(), before)

    def test_17_ten_cases_one_after_the_other_are_quick(self):
        self.filter_kind("possible")
        took = []
        for _ in range(5):
            start = time.monotonic()
            self.decided(lambda: self.page.press("n"))
            took.append(time.monotonic() - start)
        for _ in took:
            self.page.js("document.querySelectorAll('.toast').forEach(e => e.remove())")
            self.page.press("z")
            self.page.until(lambda: "Undone" in self.page.toasts(), "undone")
        self.assertLess(sorted(took)[len(took) // 2], 2.5, took)

    def test_18_a_viewer_looks_and_changes_nothing(self):
        other = Browser()
        try:
            before = decisions()
            other.sign_in(GROUP.addresses["Viewer"])
            other.until(other.case, "a case")
            other.choose("kind", "possible")
            key = other.case()
            other.press("m")
            other.until(lambda: "not change" in other.toasts(), "the reason")
            self.assertEqual(other.case(), key)
            self.assertTrue(other.all('.act[data-word][disabled]'))
            self.assertEqual(decisions(), before)
        finally:
            other.close()

    def test_99_signing_out_ends_it(self):
        self.page.click("#sign-out")
        self.page.until(lambda: "signed out" in self.page.text("#main"), "signed out")
        self.page.driver.refresh()
        self.page.until(lambda: "not signed in" in self.page.text("body"), "the notice")
        self.page.shot("signed-out")


if __name__ == "__main__":
    unittest.main()
