/* The commands: argv[0] is the command's own name; each returns the exit status. */
#ifndef COMMANDS_H
#define COMMANDS_H

int command_adopt(int argc, char **argv);
int command_build(int argc, char **argv);
int command_check(int argc, char **argv);
int command_heads(int argc, char **argv);
int command_history(int argc, char **argv);
int command_log(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_repoint(int argc, char **argv);
int command_where(int argc, char **argv);

#endif
