#include "cust360/base/memory.h"
#include "extract/xml_repair.h"

#include <criterion/criterion.h>

enum { ALL = REPAIR_PROLOG | REPAIR_AMPERSAND | REPAIR_TRAILING_TEXT | REPAIR_ATTRIBUTE_QUOTES };

struct repair_case {
    const char *text;
    unsigned wanted;
    const char *output;
    enum repair kind;
    uint64_t count;
    uint64_t line;
};

static const struct repair_case CASES[] = {
    /* what is well-formed stays as it is */
    {"<?xml version=\"1.0\"?>\n<a b='1' c=\"x>y\"><!-- a & b --><![CDATA[a & b]]>&amp;&#65;</a>\n",
     ALL,
     "<?xml version=\"1.0\"?>\n<a b='1' c=\"x>y\"><!-- a & b --><![CDATA[a & b]]>&amp;&#65;</a>\n",
     REPAIR_AMPERSAND, 0, 0},
    {"<a><?pi x?><b/></a><!-- end -->", REPAIR_PROLOG, "<a><?pi x?><b/></a><!-- end -->",
     REPAIR_PROLOG, 0, 0},
    /* the prolog */
    {"<?XML VERSION \"1.0\"?>\n<a/>", ALL, "\n<a/>", REPAIR_PROLOG, 1, 1},
    {"<?ADF VERSION \"1.0\"?>\n<?XML VERSION \"1.0\"?><a/>", ALL, "<?ADF VERSION \"1.0\"?>\n<a/>",
     REPAIR_PROLOG, 1, 2},
    {"<?adf version=\"1.0\"?>\n<?xml version=\"1.0\"?><a/>", ALL, "<?adf version=\"1.0\"?>\n<a/>",
     REPAIR_PROLOG, 1, 2},
    {"\n <?xml version=\"1.0\"?><a/>", ALL, "\n <a/>", REPAIR_PROLOG, 1, 2},
    {"<?XML VERSION \"1.0\"?><a/>", ALL & ~REPAIR_PROLOG, "<?XML VERSION \"1.0\"?><a/>",
     REPAIR_PROLOG, 0, 0},
    {"<?xml-stylesheet href='x'?><a/>", ALL, "<?xml-stylesheet href='x'?><a/>", REPAIR_PROLOG, 0,
     0},
    {"<?ADF VERSION \"1.0\">\n<a/>", ALL, "\n<a/>", REPAIR_PROLOG, 1, 1},
    {"<?xml version=\xE2\x80\x9C"
     "1.0\xE2\x80\x9D?>\n<a/>",
     ALL, "\n<a/>", REPAIR_PROLOG, 1, 1},
    {"<!DOCTYPE a SYSTEM\n'a.dtd'>\n<a/>", ALL, "\n<a/>", REPAIR_PROLOG, 1, 1},
    {"<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a/>", ALL, "<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a/>",
     REPAIR_PROLOG, 0, 0},
    {"<!DOCTYPE a SYSTEM 'a.dtd'><a/>", ALL & ~REPAIR_PROLOG, "<!DOCTYPE a SYSTEM 'a.dtd'><a/>",
     REPAIR_PROLOG, 0, 0},
    /* before the document */
    {"From: Li <li@x.cn>\nLead:\n<a/>", REPAIR_LEADING_TEXT, "  \n\n<a/>", REPAIR_LEADING_TEXT, 21,
     1},
    {" \xEF\xBB\xBF<?xml version='1.0'?><x:a/>", REPAIR_LEADING_TEXT, " <x:a/>",
     REPAIR_LEADING_TEXT, 3, 1},
    {"text<a/>", ALL, "text<a/>", REPAIR_LEADING_TEXT, 0, 0},
    /* the end */
    {"<a b='1'>\n<r>1</r>\n", REPAIR_END_TAGS, "<a b='1'>\n<r>1</r>\n</a>", REPAIR_END_TAGS, 1, 3},
    {"<a><r>1", REPAIR_END_TAGS, "<a><r>1", REPAIR_END_TAGS, 0, 0},
    {"<a><r>1</r><", REPAIR_END_TAGS, "<a><r>1</r>", REPAIR_END_TAGS, 0, 0},
    {"<a><r/>", ALL, "<a><r/>", REPAIR_END_TAGS, 0, 0},
    /* ampersands */
    {"<a>x&nbsp;y &eacute;&ndash;&x;</a>", ALL, "<a>x&#160;y &#233;&#8211;&amp;x;</a>",
     REPAIR_AMPERSAND, 4, 1},
    {"<a>B&B &T; &amp; & &#x41; &#; &nbsq;</a>", ALL,
     "<a>B&amp;B &amp;T; &amp; &amp; &#x41; &amp;#; &amp;nbsq;</a>", REPAIR_AMPERSAND, 5, 1},
    {"<a\nb=\"BB&T\">x&</a>", ALL, "<a\nb=\"BB&amp;T\">x&amp;</a>", REPAIR_AMPERSAND, 2, 2},
    {"<a>B&B</a>", ALL & ~REPAIR_AMPERSAND, "<a>B&B</a>", REPAIR_AMPERSAND, 0, 0},
    {"<a>&&amp;</a>", ALL, "<a>&amp;&amp;</a>", REPAIR_AMPERSAND, 1, 1},
    /* behind the top element */
    {"<a></a>\nmail <b@c.cn>, call", ALL, "<a></a>\n  ", REPAIR_TRAILING_TEXT, 17, 2},
    {"<a/>x<a/>", ALL, "<a/><a/>", REPAIR_TRAILING_TEXT, 1, 1},
    {"<a/><?xml version='1.0'?><a/>", ALL, "<a/><?xml version='1.0'?><a/>", REPAIR_TRAILING_TEXT, 0,
     0},
    {"<a/>x", ALL & ~REPAIR_TRAILING_TEXT, "<a/>x", REPAIR_TRAILING_TEXT, 0, 0},
    /* attributes */
    {"<a b=1 c=x/><d/>", REPAIR_ATTRIBUTE_QUOTES, "<a b=\"1\" c=\"x/\"><d/>",
     REPAIR_ATTRIBUTE_QUOTES, 2, 1},
    {"<a b = 12>t</a>", ALL, "<a b = \"12\">t</a>", REPAIR_ATTRIBUTE_QUOTES, 1, 1},
    {"<a b=1>t</a>", ALL & ~REPAIR_ATTRIBUTE_QUOTES, "<a b=1>t</a>", REPAIR_ATTRIBUTE_QUOTES, 0, 0},
};

/* In pieces of any size the outcome is the same, but for what is taken away whole. */
static void check(const struct repair_case *expected, size_t piece)
{
    struct xml_repair *repair =
        xml_repair_create(&(struct xml_repair_options){expected->wanted, SLICE("a"), 1});
    struct buffer output = BUFFER_EMPTY;
    char *text = memory_copy_text(expected->text);
    size_t length = strlen(text);
    uint64_t line = 0;
    for (size_t at = 0; at < length; at += piece) {
        size_t take = at + piece < length ? piece : length - at;
        xml_repair_feed(repair, text + at, take, at + take == length, &output);
    }
    uint64_t count = xml_repair_count(repair, expected->kind, &line);
    cr_expect_str_eq(output.data, expected->output, "%s: %s", expected->text, output.data);
    cr_expect_eq(count, expected->count, "%s: %llu", expected->text, (unsigned long long)count);
    cr_expect_eq(line, expected->line, "%s: line %llu", expected->text, (unsigned long long)line);
    cr_expect_eq(strlen(text), length, "the places stay");
    buffer_release(&output);
    memory_free(text);
    xml_repair_destroy(repair);
}

Test(extract_xml_repair, each_defect_is_mended_when_it_is_wanted_and_counted)
{
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        check(&CASES[i], strlen(CASES[i].text));
}

Test(extract_xml_repair, pieces_of_text_may_end_anywhere)
{
    static const struct repair_case cases[] = {
        {"<a>B&B &amp; &</a>", ALL, "<a>B&amp;B &amp; &amp;</a>", REPAIR_AMPERSAND, 2, 1},
        {"<a b=1 c='x'>t</a>  ", ALL, "<a b=\"1\" c='x'>t</a>  ", REPAIR_ATTRIBUTE_QUOTES, 1, 1},
        {"<a><![CDATA[&]]><!--&--></a>", ALL, "<a><![CDATA[&]]><!--&--></a>", REPAIR_AMPERSAND, 0,
         0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (size_t piece = 1; piece < 6; piece++)
            check(&cases[i], piece);
}
