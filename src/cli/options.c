#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "revchain/findingtable.h"

#include "output.h"
#include "suggest.h"

#define ALLOW_HEADS_MAX 1000000

enum {
	OPTION_REV = 256,
	OPTION_FORMAT,
	OPTION_COLOUR,
	OPTION_PROGRESS,
	OPTION_NO_PROGRESS,
	OPTION_RECURSIVE,
	OPTION_STRICT,
	OPTION_ORDER,
	OPTION_ALLOW,
	OPTION_ALLOW_HEADS,
	OPTION_COUNT,
	OPTION_NAME,
	OPTION_BASE,
	OPTION_SINCE,
	OPTION_PREVIOUS,
	OPTION_PIN,
	OPTION_APPLIED,
	OPTION_BRANCHES,
	OPTION_ONTO,
	OPTION_NEW_ID,
	OPTION_FORCE,
	OPTION_DRY_RUN,
	OPTION_ALL,
};

static const struct option long_options[] = {
	{"rev", required_argument, NULL, OPTION_REV},
	{"recursive", no_argument, NULL, OPTION_RECURSIVE},
	{"order", required_argument, NULL, OPTION_ORDER},
	{"base", required_argument, NULL, OPTION_BASE},
	{"since", required_argument, NULL, OPTION_SINCE},
	{"previous", required_argument, NULL, OPTION_PREVIOUS},
	{"pin", required_argument, NULL, OPTION_PIN},
	{"applied", required_argument, NULL, OPTION_APPLIED},
	{"branches", required_argument, NULL, OPTION_BRANCHES},
	{"onto", required_argument, NULL, OPTION_ONTO},
	{"strict", no_argument, NULL, OPTION_STRICT},
	{"progress", no_argument, NULL, OPTION_PROGRESS},
	{"no-progress", no_argument, NULL, OPTION_NO_PROGRESS},
	{"color", required_argument, NULL, OPTION_COLOUR},
	{"config", required_argument, NULL, 'c'},
	{"name", required_argument, NULL, OPTION_NAME},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{"output", required_argument, NULL, 'o'},
	{"format", required_argument, NULL, OPTION_FORMAT},
	{"allow", required_argument, NULL, OPTION_ALLOW},
	{"allow-heads", required_argument, NULL, OPTION_ALLOW_HEADS},
	{"rev-range", required_argument, NULL, 'r'},
	{"max-count", required_argument, NULL, OPTION_COUNT},
	{"message", required_argument, NULL, 'm'},
	{"rev-id", required_argument, NULL, OPTION_NEW_ID},
	{"force", no_argument, NULL, OPTION_FORCE},
	{"dry-run", no_argument, NULL, OPTION_DRY_RUN},
	{"all", no_argument, NULL, OPTION_ALL},
	{NULL, 0, NULL, 0},
};

const char options_common_help[] =
	"Which migrations:\n"
	"  DIR...             versions directories, one lane each; without any, those of the "
	"Alembic\n"
	"                     project: alembic.ini or pyproject.toml, from here upwards\n"
	"  -c, --config FILE  that file instead\n"
	"  -n, --name SECTION section of alembic.ini (default: alembic)\n"
	"      --recursive    directories below a lane belong to it (recursive_version_locations)\n"
	"      --rev REV      read history and files from a commit; no work tree is looked at\n"
	"\n"
	"Which order:\n"
	"      --order ORDER  landing (default): in which they arrived on the branch; date, topo: "
	"in which\n"
	"                     git log --reverse [--topo-order] --diff-filter=A shows them\n"
	"      --base REF     the migrations of REF first, in REF's order: what it will be once "
	"this is\n"
	"                     merged into REF\n"
	"\n"
	"Besides:\n"
	"      --strict       refuse what is otherwise a warning (migrations that are not "
	"committed)\n"
	"      --progress, --no-progress\n"
	"                     show how far a long walk is (default: on a terminal)\n"
	"      --color WHEN   auto, always or never\n"
	"  -q, --quiet        say only what is wrong\n"
	"  -v, --verbose      say what was read\n"
	"  -h, --help         this text\n";

const char options_append_help[] =
	"Append-only (exit status 4 where a migration comes before one that a database has without "
	"it):\n"
	"      --since REF    the chain at REF must be the beginning of this one\n"
	"      --previous FILE\n"
	"                     the same against an earlier chain file\n"
	"      --applied FILE nothing may come before one of these that is not one of them: "
	"revisions\n"
	"                     that a database has applied, one a line; - is standard input\n"
	"      --pin FILE     keep the order of this chain file, and put what is new behind it\n"
	"\n";

/* What a command must take for the option to be its own; 0: every command has it. */
static unsigned needed(int option)
{
	switch (option) {
	case 'o':
		return TAKES_OUTPUT;
	case OPTION_FORMAT:
		return TAKES_FORMAT;
	case OPTION_ALLOW:
	case OPTION_ALLOW_HEADS:
		return TAKES_ALLOW;
	case OPTION_SINCE:
	case OPTION_PREVIOUS:
	case OPTION_PIN:
	case OPTION_APPLIED:
		return TAKES_APPEND;
	case 'r':
		return TAKES_RANGE;
	case OPTION_COUNT:
		return TAKES_COUNT;
	case 'm':
	case OPTION_NEW_ID:
		return TAKES_MESSAGE;
	case OPTION_BRANCHES:
		return TAKES_BRANCHES;
	case OPTION_ONTO:
		return TAKES_BRANCHES | TAKES_ONTO;
	case OPTION_FORCE:
		return TAKES_ONTO;
	case OPTION_DRY_RUN:
		return TAKES_DRY_RUN;
	case OPTION_ALL:
		return TAKES_ALL;
	default:
		return 0;
	}
}

static bool applies(int option, unsigned takes)
{
	return !needed(option) || (takes & needed(option));
}

static int fail_unknown(const char *command, const char *word, unsigned takes)
{
	const char *names[sizeof(long_options) / sizeof(*long_options)], *near = NULL;
	char name[SUGGEST_WORD_MAX + 2];
	size_t i, count = 0;

	for (i = 0; long_options[i].name; i++)
		if (applies(long_options[i].val, takes))
			names[count++] = long_options[i].name;
	names[count] = NULL;
	if (strncmp(word, "--", 2) == 0) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
		near = suggest(name, names);
	}
	output_error("unknown option '%s' for revchain %s", word, command);
	if (near)
		output_hint("did you mean --%s?", near);
	output_hint("revchain %s --help", command);
	return 2;
}

static int fail_value(const char *option, const char *value, const char *const *allowed)
{
	const char *near = suggest(value, allowed);
	char list[256] = "";
	size_t i, used = 0;

	for (i = 0; allowed[i]; i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
					 allowed[i]);
	output_error("%s does not take '%s', but one of: %s", option, value, list);
	if (near)
		output_hint("did you mean %s=%s?", option, near);
	return 2;
}

static bool is_one_of(const char *value, const char *const *allowed)
{
	for (; *allowed; allowed++)
		if (strcmp(value, *allowed) == 0)
			return true;
	return false;
}

static int read_colour(struct options *options, const char *value)
{
	static const char *const allowed[] = {"auto", "always", "never", NULL};

	if (!is_one_of(value, allowed))
		return fail_value("--color", value, allowed);
	options->colour = strcmp(value, "auto") == 0	 ? CHOICE_AUTO
			  : strcmp(value, "always") == 0 ? CHOICE_YES
							 : CHOICE_NO;
	return 0;
}

static int read_order(struct options *options, const char *value)
{
	static const char *const allowed[] = {[REVCHAIN_ORDER_LANDING] = "landing",
					      [REVCHAIN_ORDER_DATE] = "date",
					      [REVCHAIN_ORDER_TOPO] = "topo",
					      NULL};
	int order;

	for (order = 0; allowed[order]; order++)
		if (strcmp(value, allowed[order]) == 0) {
			options->order = (enum revchain_order_kind)order;
			return 0;
		}
	return fail_value("--order", value, allowed);
}

static int read_allow(struct options *options, const char *value)
{
	const char *ids[OPTIONS_KINDS_MAX + 1], *near;
	char list[2048] = "";
	size_t i, used = 0, index = revchain_finding_kind_index(value);

	if (index < revchain_finding_kind_count) {
		options->allowed[index] = true;
		return 0;
	}
	for (i = 0; i < revchain_finding_kind_count; i++) {
		ids[i] = revchain_finding_kinds[i].id;
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? " " : "",
					 ids[i]);
	}
	ids[i] = NULL;
	near = suggest(value, ids);
	output_error("--allow takes the id of a finding, and there is none '%s'", value);
	if (near)
		output_hint("did you mean --allow=%s?", near);
	output_hint("there are: %s", list);
	return 2;
}

static int read_allow_heads(struct options *options, const char *value)
{
	size_t count = 0;
	const char *at;

	for (at = value; *at >= '0' && *at <= '9' && count < ALLOW_HEADS_MAX; at++)
		count = 10 * count + (size_t)(*at - '0');
	if (*at || !count || count > ALLOW_HEADS_MAX) {
		output_error("--allow-heads takes a number from 1 on, not '%s'", value);
		return 2;
	}
	options->allow_heads = count;
	return 0;
}

static bool is_number(const char *value)
{
	return *value && value[strspn(value, "0123456789")] == '\0';
}

static int read_count(struct options *options, const char *value)
{
	if (!is_number(value) || strlen(value) > 9 || strspn(value, "0") == strlen(value)) {
		output_error("--max-count takes a number from 1 on, not '%s'", value);
		return 2;
	}
	options->count = strtoul(value, NULL, 10);
	return 0;
}

static int read_branches(struct options *options, const char *value)
{
	if (options->branch_count == OPTIONS_BRANCHES_MAX) {
		output_error("--branches can be given %d times at most", OPTIONS_BRANCHES_MAX);
		output_hint("one pattern may stand for many branches: --branches 'origin/*'");
		return 2;
	}
	options->branches[options->branch_count++] = value;
	return 0;
}

/* Options of which the value is kept as it is. */
static const struct text_option {
	int option;
	size_t place; /* of a const char * in the options */
} text_options[] = {
	{OPTION_REV, offsetof(struct options, revision)},
	{OPTION_BASE, offsetof(struct options, base)},
	{OPTION_ONTO, offsetof(struct options, onto)},
	{OPTION_SINCE, offsetof(struct options, since)},
	{OPTION_PREVIOUS, offsetof(struct options, previous)},
	{OPTION_PIN, offsetof(struct options, pin)},
	{OPTION_APPLIED, offsetof(struct options, applied)},
	{OPTION_NEW_ID, offsetof(struct options, new_id)},
	{OPTION_NAME, offsetof(struct options, section)},
	{'m', offsetof(struct options, message)},
	{'c', offsetof(struct options, config)},
	{'n', offsetof(struct options, section)},
	{'r', offsetof(struct options, range)},
	{'o', offsetof(struct options, output)},
};

/* Options that are there or not. */
static const struct flag_option {
	int option;
	size_t place; /* of a bool in the options */
} flag_options[] = {
	{OPTION_RECURSIVE, offsetof(struct options, recursive)},
	{OPTION_STRICT, offsetof(struct options, strict)},
	{OPTION_FORCE, offsetof(struct options, force)},
	{OPTION_DRY_RUN, offsetof(struct options, dry_run)},
	{OPTION_ALL, offsetof(struct options, all)},
	{'q', offsetof(struct options, quiet)},
	{'v', offsetof(struct options, verbose)},
	{'h', offsetof(struct options, help)},
};

static bool take_plain(struct options *options, int option, const char *value)
{
	size_t i;

	for (i = 0; i < sizeof(text_options) / sizeof(*text_options); i++)
		if (text_options[i].option == option) {
			memcpy((char *)options + text_options[i].place, &value, sizeof(value));
			return true;
		}
	for (i = 0; i < sizeof(flag_options) / sizeof(*flag_options); i++)
		if (flag_options[i].option == option) {
			*((bool *)((char *)options + flag_options[i].place)) = true;
			return true;
		}
	return false;
}

/* Take in one option that is known and applies. */
static int take(struct options *options, int option, const char *value, const char *const *formats)
{
	if (take_plain(options, option, value))
		return 0;
	switch (option) {
	case OPTION_BRANCHES:
		return read_branches(options, value);
	case OPTION_ORDER:
		return read_order(options, value);
	case OPTION_COLOUR:
		return read_colour(options, value);
	case OPTION_ALLOW:
		return read_allow(options, value);
	case OPTION_ALLOW_HEADS:
		return read_allow_heads(options, value);
	case OPTION_COUNT:
		return read_count(options, value);
	case OPTION_FORMAT:
		if (!is_one_of(value, formats))
			return fail_value("--format", value, formats);
		options->format = value;
		return 0;
	default: /* --progress or --no-progress */
		options->progress = option == OPTION_PROGRESS ? CHOICE_YES : CHOICE_NO;
		return 0;
	}
}

/* An option as it was typed: `option` is what getopt_long returned, `at` where it began to read. */
static const char *given_word(int option, char **argv, int at, char letter[3])
{
	if (option == '?' && optopt > 0 && optopt < 256) {
		letter[0] = '-';
		letter[1] = (char)optopt;
		letter[2] = '\0';
		return letter;
	}
	if (option != '?' && optarg &&
	    optarg == argv[optind - 1]) /* its value is a word of its own */
		return argv[optind - 2];
	return argv[at < optind ? optind - 1 : at];
}

/* Part the words from the directories: bring them to the front, each kind in its order. */
static void part_words(struct options *options)
{
	char **given = options->directories;
	size_t i, j, count = options->directory_count, words = 0;

	for (i = 0; i < count; i++) {
		char *word = given[i];

		if (strchr(word, '/'))
			continue;
		for (j = i; j > words; j--)
			given[j] = given[j - 1];
		given[words++] = word;
	}
	options->words = given;
	options->word_count = words;
	options->directories = given + words;
	options->directory_count = count - words;
}

int options_read(struct options *options, int argc, char **argv, unsigned takes,
		 const char *const *formats)
{
	int option, status;

	memset(options, 0, sizeof(*options));
	opterr = 0;
	optind = 1;
	for (;;) {
		int at = optind;
		char letter[3];

		option = getopt_long(argc, argv, ":c:m:n:o:r:qvh", long_options, NULL);
		if (option < 0)
			break;
		if (option == ':') {
			output_error("%s needs a value", argv[optind - 1]);
			output_hint("revchain %s --help", argv[0]);
			return 2;
		}
		if (option == '?' || !applies(option, takes))
			return fail_unknown(argv[0], given_word(option, argv, at, letter), takes);
		if (optarg && !*optarg) {
			output_error("an option of revchain %s has an empty value", argv[0]);
			output_hint("revchain %s --help", argv[0]);
			return 2;
		}
		if (option == 'n' && takes & TAKES_COUNT && optarg && is_number(optarg))
			option = OPTION_COUNT;
		status = take(options, option, optarg ? optarg : "", formats);
		if (status)
			return status;
	}
	options->directories = argv + optind;
	options->directory_count = (size_t)(argc - optind);
	for (; optind < argc; optind++)
		if (!*argv[optind]) {
			output_error("the name of a versions directory is empty");
			return 2;
		}
	if (takes & TAKES_WORDS)
		part_words(options);
	return 0;
}
