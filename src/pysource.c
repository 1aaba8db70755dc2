#include "pysource.h"

#include <stdbool.h>
#include <string.h>

#include "pyencoding.h"
#include "pyutf8.h"

#define HINT_UTF8 "save the file as UTF-8"
#define HINT_DECLARATION "save the file as UTF-8 and remove its coding line"

/* A name is shown up to here; what is longer is no encoding. */
#define NAME_SHOWN 60

struct input {
	const char *bytes;
	size_t length;
	struct revchain_arena *arena; /* for messages */
	struct revchain_pyproblem *problem;
	enum revchain_pyencoding encoding;
	const char *name; /* as declared; NULL: not */
	size_t name_length;
	int name_shown; /* of its length, in messages */
	int name_line;
};

/* The line, counted from 1, of a position. */
static int line_of(const char *bytes, size_t position)
{
	int line = 1;
	size_t i;

	for (i = 0; i < position; i++)
		if (bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n'))
			line++;
	return line;
}

static size_t line_length(const char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length && bytes[i] != '\n' && bytes[i] != '\r'; i++)
		;
	return i;
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.';
}

/* Look for a coding declaration in a line. Returns whether the next line may have one. */
static bool read_declaration(struct input *input, const char *line, size_t length)
{
	size_t i, end;

	for (i = 0; i < length && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f'); i++)
		;
	if (i < length && line[i] != '#')
		return false;
	for (; i + 6 < length; i++) {
		if (memcmp(line + i, "coding", 6) != 0 ||
		    (line[i + 6] != ':' && line[i + 6] != '='))
			continue;
		for (end = i + 7; end < length && (line[end] == ' ' || line[end] == '\t'); end++)
			;
		input->name = line + end;
		for (; end < length && is_name(line[end]); end++)
			;
		input->name_length = (size_t)(line + end - input->name);
		if (input->name_length > 0)
			return false;
	}
	input->name = NULL;
	return true;
}

static enum revchain_pystatus find_encoding(struct input *input, bool marked)
{
	size_t first = line_length(input->bytes, input->length), second = first;

	input->encoding = REVCHAIN_PYENCODING_UTF8;
	input->name_line = 1;
	if (read_declaration(input, input->bytes, first) && first < input->length) {
		second += first + 1 < input->length && input->bytes[first] == '\r' &&
					  input->bytes[first + 1] == '\n'
				  ? 2
				  : 1;
		input->name_line = 2;
		read_declaration(input, input->bytes + second,
				 line_length(input->bytes + second, input->length - second));
	}
	if (!input->name)
		return REVCHAIN_PY_OK;
	input->name_shown =
		(int)(input->name_length < NAME_SHOWN ? input->name_length : NAME_SHOWN);
	if (marked && !revchain_pyencoding_is_utf8_name(input->name, input->name_length))
		return revchain_pyproblem_set(
			input->problem, input->arena, input->name_line, HINT_DECLARATION,
			"the encoding %.*s contradicts the file's UTF-8 byte order mark",
			input->name_shown, input->name);
	input->encoding = revchain_pyencoding_find(input->name, input->name_length);
	if (input->encoding == REVCHAIN_PYENCODING_UNSUPPORTED)
		return revchain_pyproblem_set(input->problem, input->arena, input->name_line,
					      HINT_DECLARATION,
					      "the encoding %.*s is unknown or not supported",
					      input->name_shown, input->name);
	return REVCHAIN_PY_OK;
}

static enum revchain_pystatus refuse_byte(const struct input *input, size_t position)
{
	int byte = (unsigned char)input->bytes[position];
	int line = line_of(input->bytes, position);

	if (!input->name)
		return revchain_pyproblem_set(
			input->problem, input->arena, line, HINT_UTF8,
			"byte 0x%02x is not valid UTF-8, and no encoding is declared", byte);
	return revchain_pyproblem_set(input->problem, input->arena, line, HINT_DECLARATION,
				      "byte 0x%02x is not valid in the declared encoding %.*s",
				      byte, input->name_shown, input->name);
}

/* How many bytes from `from` on are ASCII without a carriage return, and so stay as they are. */
static size_t count_plain(const char *from, size_t length)
{
	const uint64_t ones = UINT64_MAX / 0xFF, high = ones * 0x80, returns = ones * '\r';
	size_t i = 0;

	for (; length - i >= sizeof(ones); i += sizeof(ones)) {
		uint64_t word, other;

		memcpy(&word, from + i, sizeof(word));
		other = word ^ returns; /* a zero byte where there is a carriage return */
		if ((word | ((other - ones) & ~other)) & high)
			break;
	}
	while (i < length && (unsigned char)from[i] < 0x80 && from[i] != '\r')
		i++;
	return i;
}

/* Decode the character from 0x80 at `position` into `text`. Returns how many bytes were read, 0:
 * not valid. */
static size_t decode(const struct input *input, size_t position, char *text, size_t *used)
{
	const char *bytes = input->bytes + position;
	uint32_t code_point;
	size_t size = 1;

	switch (input->encoding) {
	case REVCHAIN_PYENCODING_UTF8:
		size = revchain_utf8_read(bytes, input->length - position, &code_point);
		memcpy(text + *used, bytes, size);
		*used += size;
		return size;
	case REVCHAIN_PYENCODING_OPAQUE:
		text[(*used)++] = *bytes;
		return 1;
	case REVCHAIN_PYENCODING_ASCII:
	case REVCHAIN_PYENCODING_UNSUPPORTED:
		return 0;
	case REVCHAIN_PYENCODING_LATIN1:
	case REVCHAIN_PYENCODING_LATIN9:
	case REVCHAIN_PYENCODING_CP1252:
		break;
	}
	code_point = revchain_pyencoding_decode(input->encoding, (unsigned char)*bytes);
	if (code_point == 0)
		return 0;
	*used += revchain_utf8_write(text + *used, code_point);
	return size;
}

static enum revchain_pystatus decode_text(const struct input *input, struct revchain_arena *scratch,
					  struct revchain_pysource *source)
{
	bool single = input->encoding == REVCHAIN_PYENCODING_LATIN1 ||
		      input->encoding == REVCHAIN_PYENCODING_LATIN9 ||
		      input->encoding == REVCHAIN_PYENCODING_CP1252;
	size_t i, used = 0, widest = single ? 3 : 1;
	bool shifted = false;
	char *text = revchain_arena_array(scratch, input->length + 2, widest);

	if (!text)
		return REVCHAIN_PY_MEMORY;
	for (i = 0; i < input->length;) {
		size_t plain = count_plain(input->bytes + i, input->length - i);

		memcpy(text + used, input->bytes + i, plain);
		used += plain;
		i += plain;
		if (i == input->length)
			break;
		if ((unsigned char)input->bytes[i] >= 0x80) {
			size_t size = decode(input, i, text, &used);
			if (size == 0)
				return refuse_byte(input, i);
			i += size;
			shifted |= single;
			continue;
		}
		i++; /* a carriage return */
		text[used++] = '\n';
		if (i < input->length && input->bytes[i] == '\n') {
			i++;
			shifted = true;
		}
	}
	if (used == 0 || text[used - 1] != '\n')
		text[used++] = '\n';
	text[used] = '\0';
	source->text = text;
	source->length = used;
	source->bytes = input->bytes;
	source->size = input->length;
	source->single = single;
	source->shifted = shifted;
	return REVCHAIN_PY_OK;
}

static enum revchain_pystatus refuse_nul(const struct input *input, const char *nul)
{
	const char *bytes = input->bytes;

	if (input->length >= 2 &&
	    (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
		return revchain_pyproblem_set(
			input->problem, input->arena, 1, HINT_UTF8,
			"the file is in UTF-16 or UTF-32, which Python does not read");
	return revchain_pyproblem_set(input->problem, input->arena,
				      line_of(bytes, (size_t)(nul - bytes)), HINT_UTF8,
				      "the file holds a NUL byte, which Python does not read");
}

enum revchain_pystatus revchain_pysource_read(struct revchain_pysource *source, const char *bytes,
					      size_t length, struct revchain_arena *scratch,
					      struct revchain_arena *arena,
					      struct revchain_pyproblem *problem)
{
	struct input input = {
		.bytes = bytes ? bytes : "", .length = length, .arena = arena, .problem = problem};
	const char *nul = memchr(input.bytes, '\0', length);
	bool marked = length >= 3 && memcmp(input.bytes, "\xEF\xBB\xBF", 3) == 0;
	enum revchain_pystatus status;

	memset(source, 0, sizeof(*source));
	if (length > REVCHAIN_PYSOURCE_MAX)
		return revchain_pyproblem_set(problem, arena, 0, NULL,
					      "the file is larger than %zu MiB",
					      REVCHAIN_PYSOURCE_MAX / 1024 / 1024);
	if (nul)
		return refuse_nul(&input, nul);
	if (marked) {
		source->mark = 3;
		input.bytes += 3;
		input.length -= 3;
	}
	status = find_encoding(&input, marked);
	if (status)
		return status;
	if (input.encoding == REVCHAIN_PYENCODING_OPAQUE) {
		source->opaque = revchain_arena_copy(arena, input.name, input.name_length);
		if (!source->opaque)
			return REVCHAIN_PY_MEMORY;
	}
	return decode_text(&input, scratch, source);
}

size_t revchain_pysource_original(const struct revchain_pysource *source,
				  struct revchain_pycursor *cursor, size_t offset)
{
	if (!source->shifted) /* of a newline that was put at the end, the end */
		return source->mark + (offset < source->size ? offset : source->size);
	if (offset < cursor->decoded)
		*cursor = (struct revchain_pycursor){0, 0};
	while (cursor->decoded < offset && cursor->original < source->size) {
		const char *byte = source->bytes + cursor->original;
		bool pair = *byte == '\r' && cursor->original + 1 < source->size && byte[1] == '\n';
		unsigned char lead = (unsigned char)source->text[cursor->decoded];

		cursor->original += pair ? 2 : 1;
		cursor->decoded += source->single && lead >= 0x80 ? lead >= 0xE0 ? 3 : 2 : 1;
	}
	return source->mark + cursor->original;
}
