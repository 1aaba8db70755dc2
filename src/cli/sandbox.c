#include "sandbox.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Landlock's interface, of which the headers of many systems have less than their kernels: the
 * numbers are the same on all processors.
 */
#define LANDLOCK_CREATE_RULESET 444
#define LANDLOCK_ADD_RULE 445
#define LANDLOCK_RESTRICT_SELF 446
#define LANDLOCK_VERSION 1U	/* a flag: only ask for the version */
#define LANDLOCK_PATH_BENEATH 1 /* the kind of a rule */
#define ACCESS_EXECUTE (1ULL << 0)
#define ACCESS_WRITE_FILE (1ULL << 1)
#define ACCESS_REMOVE_FILE (1ULL << 5)
#define ACCESS_MAKE_DIRECTORY (1ULL << 7)
#define ACCESS_MAKE_FILE (1ULL << 8)
/*
 * Every access but to read a file and to list a directory, of the numbers up to `last`. Truncation
 * and what is done to devices (14 and 15) are left out: with one of them the kernel follows the
 * path of each file that is opened up to the root, also where it is only read, which doubles the
 * time of a check. truncate() is refused by its number; a file that is open to be read cannot be
 * cut.
 */
#define ACCESS_CHANGES(last) (((1ULL << ((last) + 1)) - 1) & ~(1ULL << 2) & ~(1ULL << 3))
#define NETWORK_TCP 3ULL /* bind and connect */
#define SCOPE_ALL 3ULL	 /* abstract sockets and signals */

struct landlock_ruleset {
	uint64_t files, network, scopes;
};

struct landlock_rule {
	uint64_t allowed;
	int32_t directory;
} __attribute__((packed));

/* What a version of the interface can forbid, and the size of the ruleset that it takes. */
static size_t describe_ruleset(int version, struct landlock_ruleset *ruleset)
{
	*ruleset = (struct landlock_ruleset){.files = ACCESS_CHANGES(version >= 2 ? 13 : 12),
					     .network = version >= 4 ? NETWORK_TCP : 0,
					     .scopes = version >= 6 ? SCOPE_ALL : 0};
	return version >= 6   ? sizeof(*ruleset)
	       : version >= 4 ? offsetof(struct landlock_ruleset, scopes)
			      : offsetof(struct landlock_ruleset, network);
}

static int landlock_version(void)
{
	long version = syscall(LANDLOCK_CREATE_RULESET, NULL, 0, LANDLOCK_VERSION);

	return version > 0 ? (int)version : 0;
}

static void allow(int ruleset, const char *path, uint64_t handled)
{
	struct landlock_rule rule = {.directory = open(path, O_PATH | O_CLOEXEC)};
	struct stat info;

	if (rule.directory < 0)
		return; /* what cannot be opened will say so when it is to be written */
	rule.allowed = ACCESS_WRITE_FILE;
	if (fstat(rule.directory, &info) == 0 && S_ISDIR(info.st_mode))
		rule.allowed |= ACCESS_REMOVE_FILE | ACCESS_MAKE_DIRECTORY | ACCESS_MAKE_FILE;
	rule.allowed &= handled;
	syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_PATH_BENEATH, &rule, 0);
	close(rule.directory);
}

/* False: the kernel has it, and this process may not use it. */
static bool restrict_files(int version, const char *const *writable, size_t count)
{
	struct landlock_ruleset rules;
	size_t size = describe_ruleset(version, &rules), i;
	int ruleset = (int)syscall(LANDLOCK_CREATE_RULESET, &rules, size, 0);
	bool done;

	if (ruleset < 0)
		return false;
	for (i = 0; i < count; i++)
		allow(ruleset, writable[i], rules.files);
	done = syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0;
	close(ruleset);
	return done;
}

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define FIRST_FOREIGN 0x40000000U /* the calls of x32 */
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define FIRST_FOREIGN 0xffffffffU
#endif

#ifdef ARCHITECTURE

/*
 * System calls that fail with EPERM from then on. What is not in this list, and what later kernels
 * bring, is left to Landlock and to the rights of the user.
 */
static const unsigned refused[] = {
	/* programs and processes */
	SYS_execve,
	SYS_execveat,
#ifdef SYS_fork
	SYS_fork,
	SYS_vfork,
#endif
	SYS_kill,
	SYS_pidfd_send_signal,
	SYS_pidfd_getfd,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_kcmp,
	SYS_personality,
	SYS_memfd_create,
	/* the network */
	SYS_socket,
	SYS_socketpair,
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_accept,
	SYS_accept4,
	SYS_sendto,
	SYS_sendmsg,
	SYS_sendmmsg,
	/* files, where Landlock has no notion of it, or too dear a one */
	SYS_truncate,
#ifdef SYS_chmod
	SYS_chmod,
	SYS_chown,
	SYS_lchown,
#endif
	SYS_fchmodat,
	SYS_fchownat,
	SYS_setxattr,
	SYS_lsetxattr,
	SYS_fsetxattr,
	SYS_removexattr,
	SYS_lremovexattr,
	SYS_fremovexattr,
	/* other ways into the kernel, and to other rights */
	SYS_io_uring_setup,
	SYS_io_uring_enter,
	SYS_io_uring_register,
	SYS_bpf,
	SYS_perf_event_open,
	SYS_userfaultfd,
	SYS_unshare,
	SYS_setns,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_open_by_handle_at,
	SYS_keyctl,
	SYS_add_key,
	SYS_request_key,
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
	SYS_reboot,
	SYS_setuid,
	SYS_setgid,
	SYS_setresuid,
	SYS_setresgid,
	SYS_capset,
};

#define REFUSED_COUNT (sizeof(refused) / sizeof(*refused))
_Static_assert(REFUSED_COUNT < 255, "a jump is a byte");
#define LOW_WORD(argument) (offsetof(struct seccomp_data, args) + 8 * (argument))

/*
 * Which call, and those of which the arguments decide: memory that is to be run, input that is to
 * be typed into the terminal, a process instead of a thread. A filter cannot see the arguments of
 * clone3: where there is none the C library takes clone.
 */
static bool filter_calls(void)
{
	const struct sock_filter head[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_FOREIGN, REFUSED_COUNT + 1, 0),
	};
	const struct sock_filter tail[] = {
		BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 5, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 6, 8),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(2)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 5, 6),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(1)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 3, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(0)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 2, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const size_t head_count = sizeof(head) / sizeof(*head);
	struct sock_filter
		filter[sizeof(head) / sizeof(*head) + REFUSED_COUNT + sizeof(tail) / sizeof(*tail)];
	struct sock_fprog program = {.len = sizeof(filter) / sizeof(*filter), .filter = filter};
	size_t i;

	memcpy(filter, head, sizeof(head));
	for (i = 0; i < REFUSED_COUNT; i++)
		filter[head_count + i] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, refused[i], (uint8_t)(REFUSED_COUNT - i), 0);
	memcpy(filter + head_count + REFUSED_COUNT, tail, sizeof(tail));
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

#else

static bool filter_calls(void)
{
	return false;
}

#endif

static void limit_memory(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_cur <= SANDBOX_MEMORY_MAX)
		return;
	limit.rlim_cur = SANDBOX_MEMORY_MAX;
	setrlimit(RLIMIT_DATA, &limit);
}

void sandbox_enter(struct sandbox *sandbox)
{
	const char *wanted = getenv("REVCHAIN_SANDBOX");

	*sandbox = (struct sandbox){.off = wanted && strcmp(wanted, "off") == 0};
	if (sandbox->off)
		return;
	limit_memory();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return;
	sandbox->landlock = landlock_version();
	sandbox->seccomp = filter_calls();
}

void sandbox_restrict_files(struct sandbox *sandbox, const char *const *writable, size_t count)
{
	if (sandbox->landlock && !restrict_files(sandbox->landlock, writable, count))
		sandbox->landlock = 0;
}

#else

void sandbox_enter(struct sandbox *sandbox)
{
	*sandbox = (struct sandbox){0};
}

void sandbox_restrict_files(struct sandbox *sandbox, const char *const *writable, size_t count)
{
	(void)sandbox;
	(void)writable;
	(void)count;
}

#endif

const char *sandbox_describe(const struct sandbox *sandbox)
{
	if (sandbox->off)
		return "no sandbox: REVCHAIN_SANDBOX=off";
	if (sandbox->landlock && sandbox->seccomp)
		return "in a sandbox: Landlock, seccomp";
	if (sandbox->landlock)
		return "in a sandbox: Landlock; seccomp is not to be had here";
	if (sandbox->seccomp)
		return "in a sandbox: seccomp; Landlock is not to be had here";
	return "no sandbox: neither Landlock nor seccomp is to be had here";
}
