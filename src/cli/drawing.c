#include "drawing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FREE ((size_t)-1) /* a track without a line */
#define ENDED                                                                                      \
	((size_t)-2) /* likewise, but its line ended in the row above: one that started here would \
			seem to go on */
#define COMMIT_DIGITS 10
#define ALIGN_MOST 24 /* columns of lines up to which the texts begin at one column */
#define TITLE_LEAST 12

/* Where the lines of a cell lead. */
enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

static const char *const lines[] = {
	[0] = " ",
	[UP] = "╵",
	[DOWN] = "╷",
	[LEFT] = "╴",
	[RIGHT] = "╶",
	[UP | DOWN] = "│",
	[LEFT | RIGHT] = "─",
	[UP | LEFT] = "╯",
	[UP | RIGHT] = "╰",
	[DOWN | LEFT] = "╮",
	[DOWN | RIGHT] = "╭",
	[UP | DOWN | LEFT] = "┤",
	[UP | DOWN | RIGHT] = "├",
	[UP | LEFT | RIGHT] = "┴",
	[DOWN | LEFT | RIGHT] = "┬",
	[UP | DOWN | LEFT | RIGHT] = "┼",
};

static const char *const colours[] = {"\033[31m", "\033[32m", "\033[33m",
				      "\033[34m", "\033[35m", "\033[36m"};

/* The lines on their way down, each on a track of its own. */
struct tracks {
	size_t *to; /* the migration that the line leads to, or FREE */
	unsigned char *cells;
	size_t count, capacity;
};

struct row {
	struct revchain_buffer lines;
	size_t columns;
};

struct state {
	const struct drawing *drawing;
	struct tracks tracks;
	struct row *rows;
	struct revchain_buffer *text;
	size_t lines_columns, revision_columns;
};

static bool make_room(struct tracks *tracks)
{
	size_t larger = tracks->capacity ? tracks->capacity * 2 : 16;
	size_t *to;
	unsigned char *cells;

	if (tracks->count < tracks->capacity)
		return true;
	to = realloc(tracks->to, larger * sizeof(*to));
	if (to)
		tracks->to = to;
	cells = realloc(tracks->cells, larger);
	if (cells)
		tracks->cells = cells;
	if (!to || !cells)
		return false;
	tracks->capacity = larger;
	return true;
}

/* The first track whose line leads to a migration, or which is FREE; their number if there is none.
 */
static size_t find_track(const struct tracks *tracks, size_t to, size_t from)
{
	for (; from < tracks->count && tracks->to[from] != to; from++)
		;
	return from;
}

/* A free track, the first one to the right of `from`, for then no line is crossed that need not be.
 * SIZE_MAX: memory ran out. */
static size_t free_track(struct tracks *tracks, size_t from)
{
	size_t at = find_track(tracks, FREE, from);

	if (at == tracks->count) {
		if (!make_room(tracks))
			return SIZE_MAX;
		tracks->to[tracks->count] = FREE;
		tracks->cells[tracks->count++] = 0;
	}
	return at;
}

/* Draw a line from one track to another, in whose cell it has an end that leads on as `end` says.
 */
static void connect(struct tracks *tracks, size_t from, size_t to, unsigned char end)
{
	size_t low = from < to ? from : to, high = from < to ? to : from, i;

	tracks->cells[low] |= RIGHT;
	tracks->cells[high] |= LEFT;
	for (i = low + 1; i < high; i++)
		tracks->cells[i] |= LEFT | RIGHT;
	tracks->cells[to] |= end;
}

static void trim(struct tracks *tracks)
{
	while (tracks->count && tracks->to[tracks->count - 1] == FREE)
		tracks->count--;
}

static void add_cells(const struct state *state, size_t own, const char *glyph, size_t width,
		      struct row *row)
{
	const struct tracks *tracks = &state->tracks;
	bool colour = state->drawing->colour;
	size_t i;

	for (i = 0; i < width; i++) {
		unsigned char cell = tracks->cells[i];
		const char *hue = colours[i % (sizeof(colours) / sizeof(*colours))];
		bool coloured = colour && (cell || i == own);

		if (i)
			revchain_buffer_puts(&row->lines, cell & LEFT ? "─" : " ");
		if (coloured)
			revchain_buffer_puts(&row->lines, hue);
		revchain_buffer_puts(&row->lines, i == own ? glyph : lines[cell]);
		if (coloured)
			revchain_buffer_puts(&row->lines, "\033[m");
	}
	row->columns = width ? 2 * width - 1 : 0;
	state->text->failed = state->text->failed || row->lines.failed;
}

static const char *glyph_of(const struct state *state, size_t migration)
{
	const struct drawing *drawing = state->drawing;

	if (drawing->landings &&
	    !(drawing->landings[migration] && drawing->landings[migration]->committed))
		return "○";
	return revchain_revision_is_merge_point(&drawing->map->revisions[migration]) ? "◆" : "●";
}

/* The row of a migration: its lines from above come together, and those to its parents start. */
static bool draw_row(struct state *state, size_t migration, struct row *row)
{
	struct tracks *tracks = &state->tracks;
	const struct revchain_links *parents = &state->drawing->map->revisions[migration].parents;
	size_t own = find_track(tracks, migration, 0), width, i, at;

	if (own == tracks->count)
		own = free_track(tracks, 0);
	if (own == SIZE_MAX)
		return false;
	for (i = 0; i < tracks->count; i++)
		tracks->cells[i] = tracks->to[i] >= ENDED ? 0 : UP | DOWN;
	for (at = own + 1; (at = find_track(tracks, migration, at)) < tracks->count; at++) {
		tracks->cells[at] = 0;
		connect(tracks, own, at, UP);
		tracks->to[at] = FREE;
	}
	for (i = 0; i < tracks->count; i++)
		if (tracks->to[i] == ENDED)
			tracks->to[i] = FREE;
	tracks->to[own] = parents->count ? parents->to[0] : ENDED;
	width = tracks->count;
	for (i = 1; i < parents->count; i++) {
		at = find_track(tracks, parents->to[i], 0);
		if (at == tracks->count)
			at = free_track(tracks, own + 1);
		if (at == SIZE_MAX)
			return false;
		connect(tracks, own, at, DOWN);
		tracks->to[at] = parents->to[i];
		width = width < tracks->count ? tracks->count : width;
	}
	add_cells(state, own, glyph_of(state, migration), width, row);
	trim(tracks);
	return true;
}

/* Below the last row: the lines that lead to what is not drawn. */
static size_t draw_rest(struct state *state, struct row *row)
{
	struct tracks *tracks = &state->tracks;
	size_t i, open = 0;

	for (i = 0; i < tracks->count; i++) {
		revchain_buffer_puts(&row->lines, i ? " " : "");
		revchain_buffer_puts(&row->lines, tracks->to[i] >= ENDED ? " " : "┆");
		open += tracks->to[i] < ENDED;
	}
	row->columns = tracks->count ? 2 * tracks->count - 1 : 0;
	return open;
}

static void add_spaces(struct revchain_buffer *text, size_t count)
{
	while (count--)
		revchain_buffer_puts(text, " ");
}

/* Add a text that may take up so many columns; what does not fit gives way to an ellipsis. Returns
 * those that it takes. */
static size_t add_fitting(struct revchain_buffer *text, const char *from, size_t most)
{
	size_t columns = revchain_text_columns(from), i;
	const char *at = from;

	if (columns <= most) {
		revchain_buffer_puts(text, from);
		return columns;
	}
	for (i = 0; i + 1 < most; i++)
		for (at++; ((unsigned char)*at >> 6) == 2; at++)
			;
	revchain_buffer_add(text, from, (size_t)(at - from));
	revchain_buffer_puts(text, "…");
	return most;
}

/* What stands in front of the title: head, labels, the lane of a head, dependencies. */
static void describe(const struct state *state, size_t migration, struct revchain_buffer *marks)
{
	const struct revchain_revmap *map = state->drawing->map;
	const struct revchain_migration *item = &map->set->items[migration];
	const struct revchain_revision *revision = &map->revisions[migration];
	const struct revchain_value *depends_on = &item->scan.depends_on;
	bool is_head = revchain_revision_is_head(revision);
	size_t i, labels = is_head ? map->label_count : 0;

	if (is_head)
		revchain_buffer_puts(marks, revchain_revision_is_real_head(revision)
						    ? ", head"
						    : ", effective head");
	for (i = 0; i < labels; i++)
		if (revchain_revision_has_label(map, migration, i)) {
			revchain_buffer_puts(marks, ", ");
			revchain_text_escape(marks, map->labels[i]);
		}
	for (i = 0; !is_head && i < item->scan.branch_labels.count; i++) {
		revchain_buffer_puts(marks, ", ");
		revchain_text_escape(marks, item->scan.branch_labels.strings[i]);
	}
	if (is_head && map->set->lane_count > 1) {
		revchain_buffer_puts(marks, ", in ");
		revchain_text_escape(marks, map->set->lanes[item->lane].directory);
	}
	for (i = 0; i < depends_on->count; i++) {
		revchain_buffer_puts(marks, i ? " " : ", needs ");
		revchain_text_escape(marks, depends_on->strings[i]);
	}
}

static void add_landing(const struct state *state, size_t migration, struct revchain_buffer *text)
{
	const struct revchain_ordered *landing = state->drawing->landings[migration];
	bool colour = state->drawing->colour;
	char hex[REVCHAIN_OID_HEX + 1];
	struct revchain_buffer date = {0};

	if (!landing || !landing->has_commit) {
		revchain_buffer_puts(text, "  uncommitted           ");
		return;
	}
	revchain_text_date(&date, landing->date, landing->zone);
	git_oid_tostr(hex, COMMIT_DIGITS + 1, &landing->commit);
	revchain_buffer_printf(text, "  %.10s  %s%s%s", date.text ? date.text : "",
			       colour ? "\033[33m" : "", hex, colour ? "\033[m" : "");
	text->failed = text->failed || date.failed;
	revchain_buffer_free(&date);
}

/* What was added, also where it is nothing. */
static const char *text_of(const struct revchain_buffer *buffer)
{
	return buffer->text ? buffer->text : "";
}

static void add_texts(const struct state *state, size_t migration, size_t used)
{
	const struct drawing *drawing = state->drawing;
	const struct revchain_migration *item = &drawing->map->set->items[migration];
	const char *bold = drawing->colour ? "\033[1m" : "",
		   *plain = drawing->colour ? "\033[m" : "",
		   *mark = drawing->colour ? "\033[1;36m" : "",
		   *title = revchain_revmap_title(item, drawing->map->set->arena);
	struct revchain_buffer word = {0}, *text = state->text;
	size_t left;

	revchain_text_escape(&word, item->revision);
	revchain_buffer_printf(text, "  %s%s%s", bold, text_of(&word), plain);
	add_spaces(text, state->revision_columns - revchain_text_columns(text_of(&word)));
	if (drawing->landings)
		add_landing(state, migration, text);
	used += 2 + state->revision_columns + (drawing->landings ? 14 + COMMIT_DIGITS : 0);
	left = !drawing->columns		       ? SIZE_MAX
	       : drawing->columns > used + TITLE_LEAST ? drawing->columns - used
						       : TITLE_LEAST;
	word.length = 0;
	describe(state, migration, &word);
	if (word.length) {
		revchain_buffer_printf(text, "  %s(", mark);
		left -= 4;
		left -= add_fitting(text, word.text + 2, left - 1);
		revchain_buffer_printf(text, ")%s", plain);
	}
	word.length = 0;
	revchain_text_escape(&word, title ? title : "");
	if (title && *title && left > TITLE_LEAST / 2) {
		revchain_buffer_puts(text, "  ");
		add_fitting(text, text_of(&word), left - 2);
	}
	revchain_buffer_puts(text, "\n");
	text->failed = text->failed || word.failed || !title;
	revchain_buffer_free(&word);
}

static void measure(struct state *state)
{
	const struct drawing *drawing = state->drawing;
	struct revchain_buffer escaped = {0};
	size_t i, columns;

	for (i = 0; i < drawing->count; i++) {
		escaped.length = 0;
		revchain_text_escape(&escaped,
				     drawing->map->set->items[drawing->order[i]].revision);
		columns = revchain_text_columns(text_of(&escaped));
		if (columns > state->revision_columns)
			state->revision_columns = columns;
		if (state->rows[i].columns > state->lines_columns)
			state->lines_columns = state->rows[i].columns;
	}
	if (state->lines_columns > ALIGN_MOST)
		state->lines_columns = ALIGN_MOST;
	state->text->failed = state->text->failed || escaped.failed;
	revchain_buffer_free(&escaped);
}

static void add_row(const struct state *state, size_t index)
{
	const struct row *row = &state->rows[index];
	size_t padding =
		row->columns < state->lines_columns ? state->lines_columns - row->columns : 0;

	revchain_buffer_puts(state->text, row->lines.text ? row->lines.text : "");
	add_spaces(state->text, padding);
	if (index < state->drawing->count)
		add_texts(state, state->drawing->order[index], row->columns + padding);
}

void drawing_render(const struct drawing *drawing, struct revchain_buffer *text)
{
	struct state state = {.drawing = drawing, .text = text};
	size_t i, open = 0;
	bool good;

	state.rows = calloc(drawing->count + 1, sizeof(*state.rows));
	good = state.rows != NULL;
	for (i = 0; good && i < drawing->count; i++)
		good = draw_row(&state, drawing->order[i], &state.rows[i]);
	if (good) {
		open = draw_rest(&state, &state.rows[drawing->count]);
		measure(&state);
	}
	for (i = 0; good && !text->failed && i < drawing->count + (open > 0); i++)
		add_row(&state, i);
	if (good && open)
		revchain_buffer_printf(text, "  %zu more\n",
				       drawing->map->set->count - drawing->count);
	for (i = 0; state.rows && i <= drawing->count; i++)
		revchain_buffer_free(&state.rows[i].lines);
	free(state.rows);
	free(state.tracks.to);
	free(state.tracks.cells);
	text->failed = text->failed || !good;
}

/* Whether the landing of one is later than that of another; what is not committed is the latest. */
static bool is_later(const struct revchain_ordered *a, const struct revchain_ordered *b)
{
	bool a_landed = a && a->committed, b_landed = b && b->committed;

	if (!a_landed || !b_landed)
		return b_landed;
	if (a->date != b->date)
		return a->date > b->date;
	return a > b; /* in landing order, where they are of one lane */
}

bool drawing_sort(const struct revchain_revmap *map, const struct revchain_ordered *const *landings,
		  size_t *order, size_t count)
{
	size_t *waiting = calloc(map->set->count + 1, sizeof(*waiting)), i, j, done;

	if (!waiting)
		return false;
	for (i = 0; i < count; i++) {
		const struct revchain_links *parents = &map->revisions[order[i]].parents;

		for (j = 0; j < parents->count; j++)
			waiting[parents->to[j]]++;
	}
	for (done = 0; done < count; done++) {
		const struct revchain_links *parents;
		size_t best = count;

		for (i = done; i < count; i++)
			if (!waiting[order[i]] &&
			    (best == count || is_later(landings[order[i]], landings[order[best]])))
				best = i;
		i = order[best];
		memmove(&order[done + 1], &order[done], (best - done) * sizeof(*order));
		order[done] = i;
		parents = &map->revisions[i].parents;
		for (j = 0; j < parents->count; j++)
			waiting[parents->to[j]]--;
	}
	free(waiting);
	return true;
}
