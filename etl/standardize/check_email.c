/* E-mail addresses: the part of RFC 5321 that is in use (dot-string@domain, no quoted local part,
 * no address literal), in lower case. Whether the mailbox exists only a message can tell. */
#include "cust360/base/text.h"
#include "standardize/checks.h"

enum {
    LOCAL_BYTES_MAX = 64,       /* RFC 5321, 4.5.3.1.1 */
    ADDRESS_BYTES_MAX = 254,    /* RFC 5321, 4.5.3.1.3, without the angle brackets */
    LABEL_BYTES_MAX = 63,       /* RFC 1035, 2.3.4 */
    SLIP_DOMAIN_BYTES_LEAST = 8 /* shorter ones (qq.com) have real neighbours */
};

#define DOMAIN(text)                                                                               \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

/* Domains where most private mailboxes are. */
static const struct slice known_domains[] = {
    DOMAIN("gmail.com"), DOMAIN("hotmail.com"), DOMAIN("outlook.com"), DOMAIN("yahoo.com"),
    DOMAIN("yahoo.com.cn"), DOMAIN("yahoo.com.tw"), DOMAIN("yahoo.com.hk"), DOMAIN("yahoo.cn"),
    DOMAIN("icloud.com"), DOMAIN("foxmail.com"), DOMAIN("aliyun.com"), DOMAIN("163.com"),
    DOMAIN("126.com"), DOMAIN("qq.com"), DOMAIN("vip.qq.com"), DOMAIN("sina.com"),
    DOMAIN("sina.cn"), DOMAIN("vip.sina.com"), DOMAIN("sohu.com"), DOMAIN("139.com"),
    DOMAIN("189.cn"), DOMAIN("yeah.net"), DOMAIN("msn.com"), DOMAIN("live.com"), DOMAIN("live.cn"),
    DOMAIN("me.com"), DOMAIN("tom.com"), DOMAIN("21cn.com"), DOMAIN("263.net"), DOMAIN("188.com"),
    DOMAIN("hinet.net"), DOMAIN("pchome.com.tw"), DOMAIN("netvigator.com"), DOMAIN("wo.cn"),
    DOMAIN("hotmail.com.tw"), DOMAIN("outlook.com.tw"), DOMAIN("vip.163.com"),
    /* Real ones that look like a slip of those above. */
    DOMAIN("mail.com"), DOMAIN("email.com"), DOMAIN("ymail.com"), DOMAIN("fmail.com"),
    DOMAIN("rocketmail.com"), DOMAIN("googlemail.com")};

enum { KNOWN_COUNT = sizeof(known_domains) / sizeof(known_domains[0]) };

static const char atom_signs[] = "!#$%&'*+-/=?^_`{|}~";

static bool is_letter_or_digit(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static bool local_is_valid(struct slice local)
{
    if (local.length == 0 || local.length > LOCAL_BYTES_MAX)
        return false;
    char before = '.'; /* a dot may not begin it, end it or follow a dot */
    for (size_t i = 0; i < local.length; i++) {
        char byte = local.data[i];
        bool dot = byte == '.';
        if (dot ? before == '.' : !is_letter_or_digit(byte) && !(byte && strchr(atom_signs, byte)))
            return false;
        before = byte;
    }
    return before != '.';
}

static bool label_is_valid(struct slice label)
{
    if (label.length == 0 || label.length > LABEL_BYTES_MAX)
        return false;
    if (label.data[0] == '-' || label.data[label.length - 1] == '-')
        return false;
    for (size_t i = 0; i < label.length; i++) {
        if (!is_letter_or_digit(label.data[i]) && label.data[i] != '-')
            return false;
    }
    return true;
}

static bool top_is_valid(struct slice label)
{
    if (slice_starts_with(label, SLICE("xn--")))
        return true;
    for (size_t i = 0; i < label.length; i++) {
        if (label.data[i] < 'a')
            return false;
    }
    return label.length >= 2;
}

static bool domain_is_valid(struct slice domain)
{
    size_t labels = 0;
    size_t start = 0;
    struct slice label = {0};
    for (size_t i = 0; i <= domain.length; i++) {
        if (i < domain.length && domain.data[i] != '.')
            continue;
        label = slice_cut(domain, start, i);
        if (!label_is_valid(label))
            return false;
        start = i + 1;
        labels++;
    }
    return labels >= 2 && top_is_valid(label);
}

static bool is_known(struct slice domain)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        struct slice known = known_domains[i];
        if (domain.length == known.length && domain.data[0] == known.data[0] &&
            memcmp(domain.data, known.data, known.length) == 0)
            return true;
    }
    return false;
}

/* `name.con` and the like for a known `name.com`. */
static bool is_slip_of_top(struct slice domain, struct slice known)
{
    static const char *const slips[] = {".con", ".cmo", ".ocm", ".comm", ".vom",  ".xom",
                                        ".om",  ".co",  ".cm",  ".cim",  ".coom", ".cpm"};
    if (!slice_ends_with(known, SLICE(".com")))
        return false;
    struct slice name = slice_cut(known, 0, known.length - 4);
    if (!slice_starts_with(domain, name))
        return false;
    struct slice top = slice_cut(domain, name.length, domain.length);
    for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
        if (slice_equal(top, slice_of(slips[i])))
            return true;
    }
    return false;
}

static size_t common_start(struct slice a, struct slice b)
{
    size_t count = 0;
    while (count < a.length && count < b.length && a.data[count] == b.data[count])
        count++;
    return count;
}

/* Whether one letter more, less, other, or two neighbours exchanged make `a` of `b`. */
static bool is_one_slip(struct slice a, struct slice b)
{
    if (a.length < b.length)
        return is_one_slip(b, a);
    if (a.length - b.length > 1)
        return false;
    size_t start = common_start(a, b);
    struct slice rest = slice_cut(a, start + 1, a.length);
    if (a.length > b.length)
        return slice_equal(rest, slice_cut(b, start, b.length));
    struct slice other = slice_cut(b, start + 1, b.length);
    if (slice_equal(rest, other))
        return true;
    return rest.length > 0 && rest.data[0] == b.data[start] && other.data[0] == a.data[start] &&
           slice_equal(slice_cut(rest, 1, rest.length), slice_cut(other, 1, other.length));
}

/* The known domain that was meant by one that is not known, or the empty slice. */
static struct slice meant_domain(struct slice domain)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        struct slice known = known_domains[i];
        if (is_slip_of_top(domain, known) ||
            (known.length >= SLIP_DOMAIN_BYTES_LEAST && is_one_slip(domain, known)))
            return known;
    }
    return slice_make(NULL, 0);
}

/* An address in its parts. */
struct address {
    struct slice text;
    struct slice local;
    struct slice domain;
    bool is_known;
};

static bool read_address(struct slice text, struct address *address)
{
    const char *at = memrchr(text.data, '@', text.length);
    if (!at)
        return false;
    size_t split = (size_t)(at - text.data);
    address->text = text;
    address->local = slice_cut(text, 0, split);
    address->domain = slice_cut(text, split + 1, text.length);
    address->is_known = is_known(address->domain);
    return text.length <= ADDRESS_BYTES_MAX && local_is_valid(address->local) &&
           (address->is_known || domain_is_valid(address->domain));
}

/* 张伟<zhangwei@163.com>, zhangwei@163.com.: a name before it, a full stop behind it. */
static struct slice without_wrapping(struct slice text)
{
    const char *angle = memrchr(text.data, '<', text.length);
    if (angle)
        text = slice_cut(text, (size_t)(angle - text.data) + 1, text.length);
    while (text.length > 0 && strchr(".> ", text.data[text.length - 1]))
        text.length--;
    return text;
}

/* RFC 2606, RFC 6761: domains in which nobody has a mailbox. */
static bool is_reserved(struct slice domain)
{
    static const struct slice reserved[] = {
        DOMAIN("example.com"), DOMAIN("example.net"), DOMAIN("example.org"), DOMAIN(".example"),
        DOMAIN(".invalid"),    DOMAIN(".localhost"),  DOMAIN(".test")};
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        bool whole = reserved[i].data[0] != '.';
        if (whole ? slice_equal(domain, reserved[i]) : slice_ends_with(domain, reserved[i]))
            return true;
    }
    return false;
}

static void email_run(const struct check_input *input, struct check_output *output)
{
    struct address address;
    struct slice text = text_lower(input->arena, input->value);
    if (!read_address(text, &address) && !read_address(without_wrapping(text), &address)) {
        check_add_finding(output, SEVERITY_ERROR, "format",
                          "This is not an e-mail address (name@domain).");
        return;
    }
    struct slice local = address.local;
    struct slice domain = address.domain;
    if (!address.is_known && is_reserved(domain)) {
        check_add_finding(output, SEVERITY_ERROR, "placeholder",
                          "A domain that is kept for examples; nobody has a mailbox there.");
        return;
    }
    struct slice meant = address.is_known ? slice_make(NULL, 0) : meant_domain(domain);
    output->value = address.text;
    check_add_part(output, "local", local);
    check_add_part(output, "domain", domain);
    if (meant.length == 0)
        return;
    /* Somebody may have that domain: the repair is proposed, the value stays. */
    check_add_finding(output, SEVERITY_WARNING, "domain_slip",
                      arena_format(input->arena, "The domain looks like a slip for %.*s.",
                                   SLICE_ARGUMENTS(meant)));
    check_add_part(output, "proposal",
                   slice_of(arena_format(input->arena, "%.*s@%.*s", SLICE_ARGUMENTS(local),
                                         SLICE_ARGUMENTS(meant))));
}

const struct check check_email = {.name = "email", .run = email_run};
