"""What can be said about the page without a browser: its texts and its colours."""
import pathlib
import re
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
PAGE = TOP / "etl/review/serve/page"
PAIRS = [  # text on ground, as style.css uses them
    ("text", "page"), ("text", "surface"), ("text", "raised"), ("text", "sunken"), ("soft", "page"),
    ("soft", "surface"), ("soft", "sunken"), ("faint", "surface"), ("faint", "sunken"), ("accent", "surface"),
    ("accent", "accent-soft"), ("accent-text", "accent"), ("amber", "amber-soft"), ("red", "red-soft"),
    ("red", "surface"), ("green", "green-soft"), ("mark-text", "mark"), ("text", "red-soft"),
    ("text", "amber-soft"), ("soft", "accent-soft"), ("faint", "accent-soft"),
]


def words(name):
    return re.findall(r'"([^"]+)":\s*"((?:[^"\\]|\\.)*)"', (PAGE / name).read_text())


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Words(unittest.TestCase):
    def test_both_languages_have_the_same_texts(self):
        english, chinese = words("words_en.js"), words("words_zh.js")
        self.assertEqual(sorted(dict(english)), sorted(dict(chinese)))
        self.assertEqual(len(english), len(dict(english)), "a text stands there twice")
        self.assertEqual(len(chinese), len(dict(chinese)), "a text stands there twice")
        self.assertGreater(len(english), 150)

    def test_the_same_places_are_filled_in_both(self):
        chinese = dict(words("words_zh.js"))
        for key, text in words("words_en.js"):
            self.assertEqual(sorted(re.findall(r"{\w+}", text)),
                             sorted(re.findall(r"{\w+}", chinese[key])), key)

    def test_chinese_is_chinese(self):
        same = {"found.VIN", "language.other", "language.switch", "field.vin"}
        for key, text in words("words_zh.js"):
            if key not in same and not re.fullmatch(r"[\d\s%–{}\w/.]*", text, re.ASCII):
                self.assertRegex(text, r"[\u4e00-\u9fff]", key)

    def test_every_text_asked_for_is_there(self):
        known = dict(words("words_en.js"))
        for file in PAGE.glob("*.js"):
            for key in re.findall(r"""\bt\("([^"$]+)\"""", file.read_text()):
                self.assertIn(key, known, file.name)


class Tables(unittest.TestCase):
    """What the tables of a customer's page say in English is there in Chinese."""
    page = (PAGE / "data_zh.js").read_text()
    view = TOP / "mappings/view"

    def told(self, name):
        body = re.search(r"^    %s: {(.*?)}," % name, self.page, re.M | re.S)[1]
        return {quoted or plain: chinese for quoted, plain, chinese in
                re.findall(r'(?:"([^"]+)"|\b(\w+)): "([^"]+)"', body)}

    def test_codes_are_called_what_their_files_call_them(self):
        sets = set(re.findall(r': "(\w+)"', self.page[self.page.index("export const tables"):]))
        files = [file for file in (TOP / "mappings/codes").glob("*.yaml") if file.stem in sets]
        self.assertGreater(len(files), 12)
        for file in files:
            pairs = re.findall(r"^  (\w+): {en: [^,]+, zh: ([^}]+)}", file.read_text(), re.M)
            self.assertEqual(self.told(file.stem), dict(pairs), file.name)

    def test_every_kind_of_lead_has_a_name(self):
        sql = (self.view / "710-open-lead.sql").read_text()
        names = re.findall(r"SELECT '\w+', '((?:[^']|'')+)', '(?:marketing|service|request)'", sql)
        self.assertEqual(len(names), 16)
        self.assertEqual(sorted(self.told("lead")), sorted(name.replace("''", "'") for name in names))

    def test_every_reason_of_a_lead_has_a_sentence(self):
        sql = (self.view / "710-open-lead.sql").read_text()
        sql = sql[sql.index("INSERT OR IGNORE INTO open_lead"):]
        texts = re.findall(r"'((?:[^']|'')*)'", re.sub(r"--.*", "", sql))
        said = {text for text in texts if re.search(r"[a-z] | [a-z]", text)} - {" days"}
        reasons = self.page[self.page.index("export const reasons"):]
        self.assertGreater(len(said), 12)
        for part in said:
            self.assertIn(part, reasons)

    def test_what_ties_a_row_to_its_customer_is_told(self):
        found = [("linked_by", "170-event.sql", r"THEN '([^']*(?:''[^']*)*)' END"),
                 ("linked_by", "320-complaint.sql", r"WHEN \d THEN '((?:[^']|'')+)'"),
                 ("linked_by", "230-contract.sql", r"WHEN \d THEN '((?:[^']|'')+)'"),
                 ("evidence", "210-vehicle.sql", r"'((?:undated|record|later) [^']+)'")]
        for name, file, pattern in found:
            texts = re.findall(pattern, (self.view / file).read_text())
            self.assertTrue(texts, file)
            self.assertLessEqual({text.replace("''", "'") for text in texts}, set(self.told(name)), file)

    def test_fields_and_papers_of_a_customer_are_told(self):
        model = (TOP / "mappings/model.yaml").read_text()
        fields = re.findall(r"^      (\w+): {", model[model.index("  customer:"):model.index("  ownership:")], re.M)
        self.assertGreater(len(fields), 25)
        self.assertLessEqual({"field." + name for name in fields}, set(dict(words("words_zh.js"))))
        papers = set()
        for file in (TOP / "etl/standardize/identity").glob("*.c"):
            papers |= set(re.findall(r'(?:identity_set|finish|accept)\([^;"]*"(\w+)"', file.read_text()))
        self.assertGreater(len(papers), 6)
        self.assertLessEqual(papers, set(self.told("id_type")))

    def test_why_two_are_no_match_is_told(self):
        reasons = re.findall(r"reason: (.+)", (TOP / "mappings/match.yaml").read_text())
        self.assertGreater(len(reasons), 4)
        self.assertEqual(sorted(self.told("possible")), sorted(reasons))


class Evidence(unittest.TestCase):
    def test_what_the_rules_say_is_there_in_chinese(self):
        rules = (TOP / "mappings/match.yaml").read_text()
        chinese = (TOP / "etl/cli/review/review_chinese.c").read_text()
        levels = set(re.findall(r"""level: (?:"([^"]+)"|([^,}\n]+))""", rules))
        names = re.findall(r"^  - name: ([\w -]+)$", rules, re.M)
        self.assertGreater(len(levels), 15)
        self.assertGreater(len(names), 10)
        for name in names + [quoted or plain.strip() for quoted, plain in levels]:
            self.assertIn(f'{{"{name}", "', chinese)


    def test_what_brings_pairs_together_is_there_in_chinese(self):
        rules = (TOP / "mappings/match.yaml").read_text()
        chinese = (TOP / "etl/cli/review/review_chinese.c").read_text()
        blocks = re.findall(r"^    ([\w ]+): {keys:", rules, re.M)
        self.assertGreater(len(blocks), 10)
        for name in blocks:
            self.assertIn(f'{{"{name}", "', chinese)

    def test_every_finding_is_told_in_chinese(self):
        told = dict(words("findings_zh.js"))
        codes = set()
        for file in (TOP / "etl/standardize").rglob("*.c"):
            codes |= set(re.findall(r'add_finding\([^;"]*"([a-z_]+)"', file.read_text()))
        for file in (TOP / "mappings/rules").glob("*.yaml"):
            codes |= set(re.findall(r"(?<![a-z])code: ([a-z_]+)", file.read_text()))
        self.assertGreater(len(codes), 40)
        self.assertEqual(sorted(codes - set(told)), [])


class Colours(unittest.TestCase):
    def test_text_can_be_read_in_both_themes(self):
        themes = re.findall(r"(:root[^{]*){([^}]*)}", (PAGE / "style.css").read_text())
        self.assertEqual(len(themes), 3)
        for name, body in themes:
            colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body))
            for text, ground in PAIRS:
                self.assertGreaterEqual(contrast(colours[text], colours[ground]), 4.5,
                                        f"{name.strip()}: {text} on {ground}")

    def test_both_ways_to_darkness_are_the_same(self):
        themes = re.findall(r":root[^{]*{([^}]*)}", (PAGE / "style.css").read_text())
        squeeze = [re.sub(r"\s+", " ", body).strip() for body in themes]
        self.assertEqual(squeeze[1], squeeze[2])

    def test_nothing_comes_from_elsewhere(self):
        for file in PAGE.iterdir():
            text = file.read_text().replace("http://www.w3.org/2000/svg", "")
            self.assertNotRegex(text, r"https?://|//cdn|@import|innerHTML|eval\(", file.name)


if __name__ == "__main__":
    unittest.main()
