#include "toml.h"

#include <string.h>

#include "plaintext.h"
#include "tomlscalar.h"

struct key {
	struct revchain_toml_text parts[REVCHAIN_TOML_DEPTH];
	size_t count;
};

struct parser {
	struct revchain_toml_scanner scanner;
	struct revchain_toml_table *current; /* that the last [header] opened */
	struct revchain_toml_entry *pending; /* see next_pending */
};

static bool is_bare(int byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

static int parse_key_part(struct revchain_toml_scanner *scanner, struct revchain_toml_text *part)
{
	const char *start = scanner->at;
	int byte = revchain_toml_peek(scanner);

	if (byte == '"' || byte == '\'')
		return revchain_toml_string(scanner, false, part);
	while (is_bare(revchain_toml_peek(scanner)))
		scanner->at++;
	part->length = (size_t)(scanner->at - start);
	if (!part->length)
		return revchain_toml_fail(scanner, "a key is missing");
	part->bytes = revchain_arena_copy(scanner->arena, start, part->length);
	return part->bytes ? REVCHAIN_OK : revchain_fail_memory(scanner->error);
}

/* Read a key with its dots and the white space around them. */
static int parse_key(struct revchain_toml_scanner *scanner, struct key *key)
{
	for (key->count = 0;; scanner->at++) {
		int status;

		if (key->count == REVCHAIN_TOML_DEPTH)
			return revchain_toml_fail(scanner, "a key of more than %d parts",
						  REVCHAIN_TOML_DEPTH);
		revchain_toml_skip_space(scanner);
		status = parse_key_part(scanner, &key->parts[key->count]);
		if (status)
			return status;
		key->count++;
		revchain_toml_skip_space(scanner);
		if (revchain_toml_peek(scanner) != '.')
			return REVCHAIN_OK;
	}
}

static struct revchain_toml_entry *find(const struct revchain_toml_table *table,
					const struct revchain_toml_text *key)
{
	return revchain_names_find(&table->names, key->bytes, key->length);
}

/* A new entry; NULL when memory ran out. */
static struct revchain_toml_entry *add(struct revchain_toml_scanner *scanner,
				       struct revchain_toml_table *table,
				       const struct revchain_toml_text *key)
{
	struct revchain_toml_entry *entry = revchain_arena_alloc(scanner->arena, sizeof(*entry));

	if (!entry ||
	    !revchain_names_add(&table->names, scanner->arena, key->bytes, key->length, entry))
		return NULL;
	entry->key = *key;
	entry->value.line = revchain_toml_line(scanner);
	if (table->last)
		table->last->next = entry;
	else
		table->first = entry;
	table->last = entry;
	return entry;
}

/* The same with an empty table for its value. */
static struct revchain_toml_entry *add_table(struct revchain_toml_scanner *scanner,
					     struct revchain_toml_table *table,
					     const struct revchain_toml_text *key)
{
	struct revchain_toml_entry *entry = add(scanner, table, key);

	if (!entry)
		return NULL;
	entry->value.kind = REVCHAIN_TOML_TABLE;
	entry->value.table = revchain_arena_alloc(scanner->arena, sizeof(*entry->value.table));
	return entry->value.table ? entry : NULL;
}

static int fail_twice(struct revchain_toml_scanner *scanner,
		      const struct revchain_toml_entry *entry)
{
	return revchain_toml_fail(scanner, "%s is there twice, first at line %d", entry->key.bytes,
				  entry->value.line);
}

/* The table that goes on under an entry: its own, or the last of an array of tables. */
static int open_entry(struct revchain_toml_scanner *scanner, struct revchain_toml_entry *entry,
		      struct revchain_toml_table **table)
{
	const struct revchain_toml_value *value = &entry->value;

	if (entry->frozen ||
	    (value->kind != REVCHAIN_TOML_TABLE && value->kind != REVCHAIN_TOML_ARRAY))
		return revchain_toml_fail(scanner, "nothing can be added to %s, which line %d sets",
					  entry->key.bytes, value->line);
	*table = value->kind == REVCHAIN_TOML_TABLE ? value->table
						    : value->items[value->count - 1].table;
	return REVCHAIN_OK;
}

/* Go down to the table of all the key's parts but the last, making what is not there. */
static int descend(struct revchain_toml_scanner *scanner, struct revchain_toml_table **table,
		   const struct key *key)
{
	int status = REVCHAIN_OK;

	for (size_t i = 0; !status && i + 1 < key->count; i++) {
		struct revchain_toml_entry *entry = find(*table, &key->parts[i]);

		if (!entry)
			entry = add_table(scanner, *table, &key->parts[i]);
		if (!entry)
			return revchain_fail_memory(scanner->error);
		status = open_entry(scanner, entry, table);
	}
	return status;
}

/* The same for a dotted key of a [section], which may not open what another one declared. */
static int descend_dotted(struct parser *parser, struct revchain_toml_table **table,
			  const struct key *key)
{
	struct revchain_toml_scanner *scanner = &parser->scanner;
	int status = REVCHAIN_OK;

	for (size_t i = 0; !status && i + 1 < key->count; i++) {
		struct revchain_toml_entry *entry = find(*table, &key->parts[i]);

		if (entry && entry->declared)
			return fail_twice(scanner, entry);
		if (!entry)
			entry = add_table(scanner, *table, &key->parts[i]);
		if (!entry)
			return revchain_fail_memory(scanner->error);
		if (!entry->pending) {
			entry->pending = true;
			entry->next_pending = parser->pending;
			parser->pending = entry;
		}
		status = open_entry(scanner, entry, table);
	}
	return status;
}

static int parse_value(struct revchain_toml_scanner *scanner, int depth,
		       struct revchain_toml_value *value);

/* At a key: read `key = value`. */
static int parse_pair(struct revchain_toml_scanner *scanner, int depth, struct key *key,
		      struct revchain_toml_value *value)
{
	int status = parse_key(scanner, key);

	if (status)
		return status;
	if (revchain_toml_peek(scanner) != '=')
		return revchain_toml_fail(scanner, "no `=` behind the key");
	scanner->at++;
	revchain_toml_skip_space(scanner);
	return parse_value(scanner, depth, value);
}

/* Set the last part of the key. */
static int set(struct revchain_toml_scanner *scanner, struct revchain_toml_table *table,
	       const struct key *key, const struct revchain_toml_value *value)
{
	const struct revchain_toml_text *name = &key->parts[key->count - 1];
	struct revchain_toml_entry *entry = find(table, name);

	if (entry)
		return fail_twice(scanner, entry);
	entry = add(scanner, table, name);
	if (!entry)
		return revchain_fail_memory(scanner->error);
	entry->value = *value;
	entry->frozen = value->kind == REVCHAIN_TOML_TABLE || value->kind == REVCHAIN_TOML_ARRAY;
	return REVCHAIN_OK;
}

static int parse_inline_table(struct revchain_toml_scanner *scanner, int depth,
			      struct revchain_toml_value *value)
{
	struct key key;

	value->table = revchain_arena_alloc(scanner->arena, sizeof(*value->table));
	if (!value->table)
		return revchain_fail_memory(scanner->error);
	scanner->at++;
	revchain_toml_skip_space(scanner);
	if (revchain_toml_peek(scanner) == '}') {
		scanner->at++;
		return REVCHAIN_OK;
	}
	for (;;) {
		struct revchain_toml_table *table = value->table;
		struct revchain_toml_value item = {0};
		int status = parse_pair(scanner, depth, &key, &item);

		if (!status)
			status = descend(scanner, &table, &key);
		if (!status)
			status = set(scanner, table, &key, &item);
		if (status)
			return status;
		revchain_toml_skip_space(scanner);
		if (revchain_toml_peek(scanner) == '}')
			break;
		if (revchain_toml_peek(scanner) != ',')
			return revchain_toml_fail(
				scanner,
				"neither `,` nor `}` in an inline table, which ends on its line");
		scanner->at++;
	}
	scanner->at++;
	return REVCHAIN_OK;
}

/* White space, ends of lines and comments between the items of an array. */
static int skip_array_space(struct revchain_toml_scanner *scanner)
{
	for (;;) {
		const char *before = scanner->at;
		int status;

		revchain_toml_skip_space(scanner);
		scanner->at += revchain_toml_newline(scanner);
		status = revchain_toml_skip_comment(scanner);
		if (status || scanner->at == before)
			return status;
	}
}

static struct revchain_toml_value *add_item(struct revchain_toml_scanner *scanner,
					    struct revchain_toml_value *array)
{
	struct revchain_toml_value *items = revchain_arena_grow(
		scanner->arena, array->items, array->count, &array->capacity, sizeof(*items));

	if (!items)
		return NULL;
	array->items = items;
	return &items[array->count++];
}

static int parse_array(struct revchain_toml_scanner *scanner, int depth,
		       struct revchain_toml_value *value)
{
	int status;

	scanner->at++;
	while (!(status = skip_array_space(scanner)) && revchain_toml_peek(scanner) != ']') {
		struct revchain_toml_value *item = add_item(scanner, value);

		status = item ? parse_value(scanner, depth, item)
			      : revchain_fail_memory(scanner->error);
		if (!status)
			status = skip_array_space(scanner);
		if (status)
			return status;
		if (revchain_toml_peek(scanner) == ',')
			scanner->at++;
		else if (revchain_toml_peek(scanner) != ']')
			return revchain_toml_fail(scanner, "neither `,` nor `]` in an array");
	}
	if (!status)
		scanner->at++;
	return status;
}

static int parse_value(struct revchain_toml_scanner *scanner, int depth,
		       struct revchain_toml_value *value)
{
	int byte = revchain_toml_peek(scanner);

	value->line = revchain_toml_line(scanner);
	if (byte == '"' || byte == '\'') {
		value->kind = REVCHAIN_TOML_STRING;
		return revchain_toml_string(scanner, true, &value->text);
	}
	if (byte != '[' && byte != '{')
		return revchain_toml_scalar(scanner, value);
	if (depth == REVCHAIN_TOML_DEPTH)
		return revchain_toml_fail(scanner, "arrays and inline tables more than %d deep",
					  REVCHAIN_TOML_DEPTH);
	value->kind = byte == '[' ? REVCHAIN_TOML_ARRAY : REVCHAIN_TOML_TABLE;
	return byte == '[' ? parse_array(scanner, depth + 1, value)
			   : parse_inline_table(scanner, depth + 1, value);
}

static int parse_setting(struct parser *parser, struct key *key)
{
	struct revchain_toml_table *table = parser->current;
	struct revchain_toml_value value = {0};
	int status = parse_pair(&parser->scanner, 0, key, &value);

	if (!status)
		status = descend_dotted(parser, &table, key);
	return status ? status : set(&parser->scanner, table, key, &value);
}

/* [table] */
static int open_table(struct parser *parser, struct revchain_toml_table *table,
		      const struct key *key)
{
	const struct revchain_toml_text *name = &key->parts[key->count - 1];
	struct revchain_toml_entry *entry = find(table, name);

	if (entry && entry->declared)
		return fail_twice(&parser->scanner, entry);
	if (!entry)
		entry = add_table(&parser->scanner, table, name);
	if (!entry)
		return revchain_fail_memory(parser->scanner.error);
	entry->declared = true;
	return open_entry(&parser->scanner, entry, &parser->current);
}

/* [[array of tables]] */
static int open_item(struct parser *parser, struct revchain_toml_table *table,
		     const struct key *key)
{
	struct revchain_toml_scanner *scanner = &parser->scanner;
	const struct revchain_toml_text *name = &key->parts[key->count - 1];
	struct revchain_toml_entry *entry = find(table, name);
	struct revchain_toml_value *item;

	if (entry && (entry->frozen || entry->value.kind != REVCHAIN_TOML_ARRAY))
		return fail_twice(scanner, entry);
	if (!entry) {
		entry = add(scanner, table, name);
		if (!entry)
			return revchain_fail_memory(scanner->error);
		entry->value.kind = REVCHAIN_TOML_ARRAY;
		entry->declared = true;
	}
	item = add_item(scanner, &entry->value);
	if (!item)
		return revchain_fail_memory(scanner->error);
	item->kind = REVCHAIN_TOML_TABLE;
	item->line = revchain_toml_line(scanner);
	item->table = revchain_arena_alloc(scanner->arena, sizeof(*item->table));
	if (!item->table)
		return revchain_fail_memory(scanner->error);
	parser->current = item->table;
	return REVCHAIN_OK;
}

static int parse_header(struct parser *parser, struct revchain_toml_table *root, struct key *key)
{
	struct revchain_toml_scanner *scanner = &parser->scanner;
	bool is_item = revchain_toml_starts(scanner, "[[");
	struct revchain_toml_table *table = root;
	int status;

	for (; parser->pending; parser->pending = parser->pending->next_pending)
		parser->pending->declared = true;
	scanner->at += is_item ? 2 : 1;
	status = parse_key(scanner, key);
	if (!status && !revchain_toml_starts(scanner, is_item ? "]]" : "]"))
		status = revchain_toml_fail(scanner, "no `%s` behind the name of a table",
					    is_item ? "]]" : "]");
	if (!status)
		status = descend(scanner, &table, key);
	if (!status)
		status = is_item ? open_item(parser, table, key) : open_table(parser, table, key);
	if (!status)
		scanner->at += is_item ? 2 : 1;
	return status;
}

/* One statement, or an empty line, with its end of line. */
static int parse_statement(struct parser *parser, struct revchain_toml_table *root, struct key *key)
{
	struct revchain_toml_scanner *scanner = &parser->scanner;
	int status = REVCHAIN_OK, byte;

	revchain_toml_skip_space(scanner);
	byte = revchain_toml_peek(scanner);
	if (byte == '[')
		status = parse_header(parser, root, key);
	else if (byte >= 0 && byte != '#' && !revchain_toml_newline(scanner))
		status = parse_setting(parser, key);
	if (status)
		return status;
	revchain_toml_skip_space(scanner);
	status = revchain_toml_skip_comment(scanner);
	if (status || scanner->at == scanner->end)
		return status;
	if (!revchain_toml_newline(scanner))
		return revchain_toml_fail(scanner, "more on the line than belongs there");
	scanner->at += revchain_toml_newline(scanner);
	return REVCHAIN_OK;
}

int revchain_toml_parse(const char *text, size_t length, const char *path,
			struct revchain_arena *arena, struct revchain_toml_table **root,
			struct revchain_error *error)
{
	struct parser parser = {.scanner = {.at = text,
					    .end = text + length,
					    .counted = text,
					    .line = 1,
					    .path = path,
					    .arena = arena,
					    .error = error}};
	struct key *key;
	int status = revchain_plaintext_check(text, length, path, error);

	if (status)
		return status;
	*root = revchain_arena_alloc(arena, sizeof(**root));
	key = revchain_arena_alloc(arena, sizeof(*key));
	parser.scanner.scratch = revchain_arena_alloc(arena, length + 1);
	if (!*root || !key || !parser.scanner.scratch)
		return revchain_fail_memory(error);
	parser.current = *root;
	while (!status && parser.scanner.at < parser.scanner.end)
		status = parse_statement(&parser, *root, key);
	return status;
}

const struct revchain_toml_value *revchain_toml_get(const struct revchain_toml_table *table,
						    const char *key)
{
	const struct revchain_toml_entry *entry =
		revchain_names_find(&table->names, key, strlen(key));

	return entry ? &entry->value : NULL;
}

const char *revchain_toml_kind_name(enum revchain_toml_kind kind)
{
	static const char *const names[] = {
		[REVCHAIN_TOML_TABLE] = "a table",	[REVCHAIN_TOML_ARRAY] = "an array",
		[REVCHAIN_TOML_STRING] = "a string",	[REVCHAIN_TOML_BOOLEAN] = "a boolean",
		[REVCHAIN_TOML_INTEGER] = "an integer", [REVCHAIN_TOML_FLOAT] = "a float",
		[REVCHAIN_TOML_DATETIME] = "a date",	[REVCHAIN_TOML_DATE] = "a date",
		[REVCHAIN_TOML_TIME] = "a time",
	};

	return names[kind];
}
