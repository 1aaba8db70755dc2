#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "lastwords.h"
#include "options.h"
#include "output.h"
#include "suggest.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{"build", command_build, "decide the order and the chain, and write revision_chain.json"},
	{"check", command_check, "say what is wrong with the migrations: the gate for CI"},
	{"log", command_log, "print every migration in its order"},
	{"heads", command_heads, "print the heads, as alembic heads does"},
	{"history", command_history, "print the graph, as alembic history does, or draw it"},
	{"where", command_where, "find a revision id in all branches and all of history"},
	{"merge", command_merge, "write the migration that merges heads"},
	{"repoint", command_repoint, "move a static migration behind the head of another branch"},
	{"adopt", command_adopt, "let static migrations leave their parent to git"},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

static int print_help(void)
{
	size_t i;

	printf("usage: revchain COMMAND [OPTIONS] [DIR...]\n"
	       "\n"
	       "Decides the one linear order of Alembic migrations from git's history, at build "
	       "time.\n"
	       "\n"
	       "Commands:\n");
	for (i = 0; i < COMMAND_COUNT; i++)
		printf("  %-8s %s\n", commands[i].name, commands[i].summary);
	printf("\n"
	       "  revchain COMMAND --help  says what a command takes\n"
	       "  revchain --version       prints the version\n"
	       "\n"
	       "%s"
	       "\n"
	       "Exit status: 0 done, 1 the migrations are wrong, 2 the command line is, 3 the "
	       "history cannot\n"
	       "be used, 4 not append-only, 5 reading or writing failed.\n",
	       options_common_help);
	return 0;
}

static int fail_unknown(const char *name)
{
	const char *names[COMMAND_COUNT + 1] = {NULL}, *near;
	size_t i;

	for (i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i].name;
	near = suggest(name, names);
	output_error(name[0] == '-' ? "unknown option '%s'" : "unknown command '%s'", name);
	if (near)
		output_hint("did you mean revchain %s?", near);
	output_hint("revchain --help");
	return 2;
}

static int run(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		output_error("no command was given");
		for (i = 0; i < COMMAND_COUNT; i++)
			output_hint("revchain %s: %s", commands[i].name, commands[i].summary);
		output_hint("revchain --help says more");
		return 2;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("revchain %s\n", REVCHAIN_VERSION);
		return 0;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return print_help();
	for (i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	return fail_unknown(argv[1]);
}

int main(int argc, char **argv)
{
	int status;

	lastwords_prepare();
	status = run(argc, argv);
	if (fflush(stdout) != 0 && status == 0) {
		output_error("standard output cannot be written to");
		status = 5;
	}
	return status;
}
