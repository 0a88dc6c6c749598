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

/* Domains where most private mailboxes are. */
static const char *const known_domains[] = {
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "yahoo.com.cn", "yahoo.com.tw",
    "yahoo.com.hk", "yahoo.cn", "icloud.com", "foxmail.com", "aliyun.com", "163.com", "126.com",
    "qq.com", "vip.qq.com", "sina.com", "sina.cn", "vip.sina.com", "sohu.com", "139.com", "189.cn",
    "yeah.net", "msn.com", "live.com", "live.cn", "me.com", "tom.com", "21cn.com", "263.net",
    "188.com", "hinet.net", "pchome.com.tw", "netvigator.com", "wo.cn", "hotmail.com.tw",
    "outlook.com.tw", "vip.163.com",
    /* Real ones that look like a slip of those above. */
    "mail.com", "email.com", "ymail.com", "fmail.com", "rocketmail.com", "googlemail.com"};

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
        if (slice_equal(domain, slice_of(known_domains[i])))
            return true;
    }
    return false;
}

/* `name.con` and the like for a known `name.com`. */
static bool is_slip_of_top(struct slice domain, struct slice known)
{
    static const char *const slips[] = {".con", ".cmo", ".ocm", ".comm", ".vom", ".xom", ".om"};
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

/* The known domain that was meant, or NULL. */
static const char *meant_domain(struct slice domain)
{
    if (is_known(domain))
        return NULL;
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        struct slice known = slice_of(known_domains[i]);
        if (is_slip_of_top(domain, known))
            return known_domains[i];
        size_t difference = known.length > domain.length ? known.length - domain.length
                                                         : domain.length - known.length;
        if (known.length >= SLIP_DOMAIN_BYTES_LEAST && difference <= 1 &&
            text_distance(known, domain) == 1)
            return known_domains[i];
    }
    return NULL;
}

static void email_run(const struct check_input *input, struct check_output *output)
{
    struct slice address = text_lower(input->arena, input->value);
    const char *at = memrchr(address.data, '@', address.length);
    size_t split = at ? (size_t)(at - address.data) : address.length;
    struct slice local = slice_cut(address, 0, split);
    struct slice domain = slice_cut(address, split + 1, address.length);
    if (!at || address.length > ADDRESS_BYTES_MAX || !local_is_valid(local) ||
        !domain_is_valid(domain)) {
        check_add_finding(output, SEVERITY_ERROR, "format",
                          "This is not an e-mail address (name@domain).");
        return;
    }
    const char *meant = meant_domain(domain);
    if (meant)
        check_add_finding(
            output, SEVERITY_WARNING, "domain_slip",
            arena_format(input->arena, "The domain looks like a slip for %s.", meant));
    output->value = address;
    check_add_part(output, "local", local);
    check_add_part(output, "domain", domain);
}

const struct check check_email = {"email", email_run};
