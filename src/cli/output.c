#include "output.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "revchain/text.h"

#define BAR_COLUMNS 24
#define SHOW_AFTER 0.5 /* seconds */
#define DRAW_EVERY 0.1 /* seconds */

bool output_colour(enum choice choice, FILE *stream)
{
	const char *terminal = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (choice != CHOICE_AUTO)
		return choice == CHOICE_YES;
	return isatty(fileno(stream)) && !(no_color && *no_color) && terminal &&
	       strcmp(terminal, "dumb") != 0;
}

static void say(const char *head, const char *format, va_list arguments)
{
	struct revchain_buffer escaped = {0};
	char text[4096];

	vsnprintf(text, sizeof(text), format, arguments);
	revchain_text_escape(&escaped, text);
	fprintf(stderr, "%s: %s\n", head, escaped.text ? escaped.text : "");
	revchain_buffer_free(&escaped);
}

void output_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("revchain: error", format, arguments);
	va_end(arguments);
}

void output_hint(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("hint", format, arguments);
	va_end(arguments);
}

void output_note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("revchain", format, arguments);
	va_end(arguments);
}

int output_failure(const struct revchain_error *error, const struct options *options)
{
	struct revchain_buffer text = {0};

	revchain_report_error(error, output_colour(options->colour, stderr), &text);
	fputs(text.failed ? "revchain: error: memory ran out\n" : text.text, stderr);
	revchain_buffer_free(&text);
	return (int)error->status;
}

static void print_findings(const struct revchain_findings *findings, enum revchain_severity least,
			   const struct options *options)
{
	struct revchain_buffer text = {0};

	revchain_report_findings(findings, least, output_colour(options->colour, stderr), &text);
	if (text.text)
		fputs(text.text, stderr);
	revchain_buffer_free(&text);
}

void output_findings(const struct revchain_findings *findings, const struct options *options)
{
	enum revchain_severity least = options->verbose ? REVCHAIN_NOTE : REVCHAIN_WARNING;

	if (options->quiet && !options->strict)
		least = REVCHAIN_ERROR;
	print_findings(findings, least, options);
}

void output_notes(const struct revchain_findings *findings, const struct options *options)
{
	if (!options->quiet)
		print_findings(findings, REVCHAIN_NOTE, options);
}

void output_report(const struct revchain_report *report, bool findings,
		   const struct options *options)
{
	bool wrong = report->findings->errors || report->findings->warnings;
	struct revchain_buffer text = {0};

	if (findings)
		revchain_report_grouped(report, output_colour(options->colour, stderr), &text);
	if (text.length)
		revchain_buffer_puts(&text, "\n");
	if (wrong || !options->quiet) {
		revchain_buffer_puts(&text, "revchain: ");
		revchain_report_summary(report, &text);
		revchain_buffer_puts(&text, "\n");
	}
	if (text.text)
		fputs(text.text, stderr);
	revchain_buffer_free(&text);
}

bool output_result(const struct revchain_buffer *text)
{
	if (text->length && fwrite(text->text, 1, text->length, stdout) != text->length)
		goto fail;
	if (fflush(stdout) == 0)
		return true;
fail:
	output_error("standard output cannot be written to");
	return false;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

bool output_progress_wanted(const struct options *options)
{
	if (options->progress != CHOICE_AUTO)
		return options->progress == CHOICE_YES;
	return isatty(STDERR_FILENO) && !options->quiet;
}

void output_progress_start(struct progress *progress)
{
	progress->started = now();
	progress->shown = 0;
}

void output_progress(void *data, size_t commits, size_t landed, size_t files)
{
	struct progress *progress = data;
	double time = now();
	size_t i, filled = files ? landed * BAR_COLUMNS / files : 0;
	char bar[BAR_COLUMNS + 1];

	if (time - progress->started < SHOW_AFTER || time - progress->shown < DRAW_EVERY)
		return;
	for (i = 0; i < BAR_COLUMNS; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[BAR_COLUMNS] = '\0';
	fprintf(stderr, "\r[%s] %zu of %zu migrations found, %zu commits read", bar, landed, files,
		commits);
	fflush(stderr);
	progress->shown = time;
}

void output_progress_end(struct progress *progress)
{
	if (progress->shown > 0)
		fputs("\r\033[K", stderr);
}
