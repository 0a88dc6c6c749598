#include "cust360/base/text.h"
#include "profile/draft.h"
#include "profile/judge.h"

static void add_column(struct draft_field *field, const struct profile_table *table, size_t column)
{
    if (column == SIZE_MAX || field->column_count == DRAFT_COLUMNS_MOST)
        return;
    field->columns[field->column_count++] = column;
    if (field->column_count == 1 || table->columns[column].sure < field->sure)
        field->sure = table->columns[column].sure;
    if (field->column_count == 1)
        field->why = table->columns[column].why;
}

static size_t find_first(const struct profile_table *table, struct slice meanings)
{
    while (meanings.length) {
        size_t length = 0;
        char name[64];
        while (length < meanings.length && meanings.data[length] != ' ')
            length++;
        if (length < sizeof(name)) {
            memcpy(name, meanings.data, length);
            name[length] = '\0';
            size_t column = draft_find(table, name);
            if (column != SIZE_MAX)
                return column;
        }
        meanings = slice_cut(meanings, length + 1, meanings.length);
    }
    return SIZE_MAX;
}

static bool is_chinese(const struct profile_column *column)
{
    size_t han = 0;
    for (size_t i = 0; i < column->shape_count; i++)
        han += slice_find(column->shapes[i].text, SLICE("汉")) >= 0;
    return column->shape_count == 0 || 2 * han >= column->shape_count;
}

/* ---- names in parts, addresses in parts ---- */

/* Companies in a column of their own: it is filled where the people's is not. */
static bool takes_turns(const struct profile_table *table, size_t name, size_t company)
{
    enum { ROWS_TELL = 5 };
    size_t both = 0;
    size_t alone = 0;
    for (size_t r = 0; r < table->rows_sample_count; r++) {
        const struct slice *row = table->rows_sample[r];
        if (row[company].length == 0)
            continue;
        both += row[name].length > 0;
        alone += row[name].length == 0;
    }
    return alone >= ROWS_TELL && both * 20 <= alone;
}

static void add_company(const struct profile_table *table, struct draft_field *field)
{
    size_t company = draft_find(table, "customer.company");
    if (field->column_count && company != SIZE_MAX &&
        takes_turns(table, field->columns[field->column_count - 1], company) &&
        takes_turns(table, field->columns[0], company))
        add_column(field, table, company);
}

static void fill_name(const struct profile_table *table, struct draft_field *field)
{
    size_t last = draft_find(table, "customer.last");
    size_t first = draft_find(table, "customer.first");
    size_t name = draft_find(table, "customer.name");
    bool halves = last != SIZE_MAX && first != SIZE_MAX &&
                  table->columns[last].sure >= DRAFT_SURE &&
                  table->columns[first].sure >= DRAFT_SURE;
    if (name != SIZE_MAX && (!halves || table->columns[name].sure >= DRAFT_SURE)) {
        add_column(field, table, name);
    } else if (last != SIZE_MAX && first != SIZE_MAX) {
        bool chinese = is_chinese(&table->columns[last]);
        add_column(field, table, chinese ? last : first);
        add_column(field, table, chinese ? first : last);
        field->join = chinese ? "" : NULL;
    } else {
        add_column(field, table, last);
        add_column(field, table, draft_find(table, "customer.company"));
        return;
    }
    add_company(table, field);
}

/* The share of the first rows in which an address already has the other column's text in it. */
static double share_contained(const struct profile_table *table, size_t address, size_t part)
{
    size_t both = 0;
    size_t contained = 0;
    for (size_t r = 0; r < table->rows_sample_count; r++) {
        struct slice whole = table->rows_sample[r][address];
        struct slice piece = table->rows_sample[r][part];
        if (whole.length == 0 || piece.length == 0)
            continue;
        both++;
        contained += slice_find(whole, text_prefix(piece, 2)) >= 0;
    }
    return both ? (double)contained / (double)both : 0;
}

static void fill_address(const struct profile_table *table, struct draft_field *field)
{
    size_t address = draft_find(table, "customer.address");
    size_t province = draft_find(table, "customer.province");
    size_t city = draft_find(table, "customer.city");
    if (province != SIZE_MAX && table->columns[province].sure < DRAFT_SURE)
        province = SIZE_MAX; /* a code of it, which no address has */
    size_t part = province != SIZE_MAX ? province : city;
    if (address == SIZE_MAX)
        return;
    bool whole = part == SIZE_MAX || share_contained(table, address, part) >= 0.5;
    bool chinese = is_chinese(&table->columns[address]);
    if (!whole && chinese) {
        add_column(field, table, province);
        add_column(field, table, city);
        add_column(field, table, draft_find(table, "customer.district"));
    }
    add_column(field, table, address);
    add_column(field, table, draft_find(table, "customer.address2"));
    if (!whole && !chinese) {
        add_column(field, table, city);
        add_column(field, table, province);
    }
    if (field->column_count > 1 && chinese)
        field->join = "";
}

static void fill_region(const struct profile_table *table, struct draft_field *field)
{
    size_t address = draft_find(table, "customer.address");
    size_t province = draft_find(table, "customer.province");
    size_t part = province != SIZE_MAX ? province : draft_find(table, "customer.city");
    if (part != SIZE_MAX && (address == SIZE_MAX || share_contained(table, address, part) >= 0.5))
        add_column(field, table, part);
}

/* ---- one field ---- */

static bool is_date_kind(const char *kind)
{
    return strcmp(kind, "date") == 0 || strcmp(kind, "datetime") == 0 ||
           strcmp(kind, "birth_date") == 0;
}

static void set_date_format(const struct drafting *drafting, const struct profile_table *table,
                            struct draft_field *field)
{
    const struct profile_column *column = &table->columns[field->columns[0]];
    field->format = column->date_format;
    if (!column->date_ambiguous)
        return;
    /* The table's other dates say how this system writes them. */
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *other = &table->columns[i];
        if (other->date_format && !other->date_ambiguous &&
            (other->dates_day_first || other->dates_month_first)) {
            field->format = other->date_format;
            field->why = arena_format(drafting->arena, "%s; day and month as in %s", field->why,
                                      other->name);
            return;
        }
    }
    field->format = field->format ? field->format : "d/m/y";
    field->sure = field->sure < 0.6 ? field->sure : 0.6;
    field->why = arena_format(drafting->arena, "%s; no date tells whether day or month is first",
                              field->why);
}

static bool is_number_kind(const char *kind)
{
    return strcmp(kind, "money") == 0 || strcmp(kind, "distance") == 0 ||
           strcmp(kind, "count") == 0;
}

/* 320.000,00: the mapping says that the comma stands before the decimals. Where a column has only
 * 320.000, the table's other numbers say how this system writes them. */
static void set_number_format(const struct drafting *drafting, const struct profile_table *table,
                              struct draft_field *field)
{
    struct value_facts facts;
    value_facts_find(&table->columns[field->columns[0]], &facts);
    if (facts.comma)
        field->format = "comma";
    for (size_t i = 0; facts.dotted && !field->format && i < table->column_count; i++) {
        struct value_facts other;
        value_facts_find(&table->columns[i], &other);
        if (!other.comma || other.numeric < 0.9)
            continue;
        field->format = "comma";
        field->why = arena_format(drafting->arena, "%s; decimals behind a comma as in %s",
                                  field->why, table->columns[i].name);
    }
}

static void set_format(const struct drafting *drafting, const struct profile_table *table,
                       struct draft_field *field, const char *kind)
{
    if (is_date_kind(kind))
        set_date_format(drafting, table, field);
    else if (is_number_kind(kind))
        set_number_format(drafting, table, field);
}

/* A record without these is of no use to anybody. */
static bool is_needed(const struct draft_table *draft, const struct draft_entity *entity,
                      const struct draft_field *field)
{
    const double filled = 0.8;
    const struct profile_column *column = &draft->table->columns[field->columns[0]];
    bool named = (strcmp(entity->name, "customer") == 0 &&
                  (strcmp(field->name, "name") == 0 || strcmp(field->name, "mobile") == 0)) ||
                 (entity == draft->entities && strcmp(entity->name, "ownership") == 0 &&
                  strcmp(field->name, "vin") == 0);
    return named && field->column_count == 1 && column->values > 0 &&
           (double)column->filled >= filled * (double)column->values;
}

static void find_columns(const struct drafting *drafting, const struct draft_table *draft,
                         const struct draft_entity *entity, struct draft_field *field,
                         struct slice meanings)
{
    const struct profile_table *table = draft->table;
    bool customer = strcmp(entity->name, "customer") == 0;
    bool named = strcmp(field->name, "name") == 0;
    (void)drafting;
    if (named)
        fill_name(table, field);
    else if (customer && strcmp(field->name, "address") == 0)
        fill_address(table, field);
    else if (customer && strcmp(field->name, "region") == 0)
        fill_region(table, field);
    else
        add_column(field, table, find_first(table, meanings));
}

/* A finance company's contracts say nowhere that they are; an insurer's product does. */
static void derive_contract_type(const struct drafting *drafting, const struct draft_table *draft,
                                 struct draft_field *field)
{
    const struct profile_table *table = draft->table;
    size_t product = draft_find(table, "contract.product");
    if (draft_find(table, "contract.principal") != SIZE_MAX) {
        field->constant = "finance";
        field->sure = 0.9;
        field->why = "an amount is lent";
    } else if (product != SIZE_MAX) {
        add_column(field, table, product);
        draft_fill_codes(drafting, table, "contract_type", field);
    }
}

static void finish_field(const struct drafting *drafting, struct draft_table *draft,
                         struct draft_entity *entity, struct draft_field *field,
                         const struct model_field *model_field)
{
    const struct profile_table *table = draft->table;
    bool is_type = strcmp(entity->name, "contract") == 0 && strcmp(field->name, "type") == 0;
    if (field->column_count == 0 && is_type)
        derive_contract_type(drafting, draft, field);
    else if (field->column_count && model_field->code_set)
        draft_fill_codes(drafting, table, model_field->code_set, field);
    if (field->column_count)
        set_format(drafting, table, field, model_field->kind);
    /* A doubtful number is worth nothing; the key needs one that is sure. */
    bool doubtful = strcmp(model_field->kind, "reference") == 0 && field->sure < DRAFT_SURE;
    if ((field->column_count == 0 && !field->constant) || (doubtful && !model_field->required))
        return;
    if (field->column_count)
        field->required = is_needed(draft, entity, field);
    for (size_t i = 0; i < field->column_count; i++)
        draft->used[field->columns[i]] = true;
    entity->field_count++;
}

static bool is_there(const struct draft_entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcmp(entity->fields[i].name, name) == 0)
            return true;
    return false;
}

void draft_fill_fields(const struct drafting *drafting, struct draft_table *draft,
                       struct draft_entity *entity)
{
    const struct model *model = drafting->settings->model;
    const struct model_entity *of_model = &model->entities[model_find_entity(model, entity->name)];
    for (size_t i = 0; i < drafting->fields.row_count; i++) {
        char name[64];
        struct slice field_name = csv_table_cell(&drafting->fields, i, 1);
        if (!slice_equal(csv_table_cell(&drafting->fields, i, 0), slice_of(entity->name)) ||
            field_name.length >= sizeof(name) || entity->field_count == DRAFT_FIELDS_MOST)
            continue;
        memcpy(name, field_name.data, field_name.length);
        name[field_name.length] = '\0';
        size_t number = model_find_field(of_model, name);
        if (number == FIELD_NONE || is_there(entity, name))
            continue;
        struct draft_field *field = &entity->fields[entity->field_count];
        memset(field, 0, sizeof(*field));
        field->name = of_model->fields[number].name;
        field->why = "";
        find_columns(drafting, draft, entity, field, csv_table_cell(&drafting->fields, i, 2));
        finish_field(drafting, draft, entity, field, &of_model->fields[number]);
    }
    for (size_t i = 0; i < entity->key_count; i++)
        draft->used[entity->key[i]] = true;
}
