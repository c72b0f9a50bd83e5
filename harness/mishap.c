/*
 * Tells which point crashed, hung or left, from handlers: nothing here may lock or allocate in a signal's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mishap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "stack.h"

#define BASE_NS 30000000000ull
#define WINDOWS 100
/* A profile's window has seconds: what is beside it grows no more, and nobody waits for a hundred of them. */
#define LONG_NS 60000000000ull
#define THREAD_NS 100000000ull

/*
 * The limit in so many expirations of the timer, each of which has to be seen: a process that was stopped, or
 * a machine that stood still, finds one of them when it goes on, however long that was.
 */
#define TICKS 8
/* For each thread to print its stack; one that blocks the signal never does. */
#define ANSWER_MS 200
/* Told within two ticks of this, or not at all: what hangs may hold a lock that unwinding takes. */
#define TELLING_NS 10000000000ull

#define STACK_BYTES (256u << 10)

#define SIGNAL_TICK SIGRTMIN
#define SIGNAL_STACK (SIGRTMIN + 1)

static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

static struct {
	bool open;
	int fd;
	uint64_t base_ns;
	timer_t timer;
	/* Written by the controller, read by handlers: */
	atomic_int point, stage;
	atomic_uint_fast64_t limit_ns;
	atomic_uint ticks;
	atomic_int teller;		/* the thread that tells, 0: none yet */
	atomic_int answered;		/* the latest thread that has printed its stack */
} mishap;

static _Thread_local int worker = -1;
static _Thread_local void *worker_stack;
static _Thread_local volatile sig_atomic_t worker_waits;

const char *mishap_stage_name(enum mishap_stage stage)
{
	static const char *const names[NR_MISHAP_STAGES] = {
		[MISHAP_OUTSIDE] = "outside of any point", [MISHAP_SETUP] = "in its setup",
		[MISHAP_OPS] = "in its ops", [MISHAP_QUIESCE] = "waiting for its last frees",
		[MISHAP_VERIFY] = "in its check",
	};

	return names[stage];
}

uint64_t mishap_base_ns(void)
{
	const char *text = getenv(MISHAP_LIMIT);

	return text ? strtoull(text, NULL, 10) * 1000000 : 0;
}

uint64_t mishap_limit_ns(uint64_t base_ns, uint64_t window_ns, unsigned threads)
{
	const uint64_t several_ns = WINDOWS * window_ns, long_ns = 2 * window_ns + LONG_NS;

	return base_ns + (several_ns < long_ns ? several_ns : long_ns) + THREAD_NS * threads;
}

struct line {
	char text[96];
	size_t length;
};

static void put(struct line *line, const char *text)
{
	while (*text && line->length < sizeof(line->text))
		line->text[line->length++] = *text++;
}

static void put_number(struct line *line, long number)
{
	unsigned long rest = number < 0 ? -(unsigned long)number : (unsigned long)number;
	char digits[24], *at = digits + sizeof(digits) - 1;

	*at = '\0';
	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		*--at = '-';
	put(line, at);
}

static void send_line(struct line *line)
{
	const char *text = line->text;

	put(line, "\n");
	while (line->length) {
		const ssize_t written = write(mishap.fd, text, line->length);

		if (written < 0 && errno != EINTR)
			return;
		text += written > 0 ? written : 0;
		line->length -= written > 0 ? (size_t)written : 0;
	}
}

static void tell_what(const char *what, long number)
{
	const int stage = atomic_load(&mishap.stage);
	struct line line = { .length = 0 };

	put(&line, what);
	put_number(&line, stage ? atomic_load(&mishap.point) : -1);
	put(&line, " ");
	put_number(&line, stage);
	put(&line, " ");
	put_number(&line, number);
	send_line(&line);
}

/* Between windows only the controller has something to do, and it alone sets up and checks. */
static bool waits(void)
{
	return worker >= 0 && (atomic_load(&mishap.stage) == MISHAP_OPS ? worker_waits : worker > 0);
}

static void tell_thread(void)
{
	struct line line = { .length = 0 };

	put(&line, worker < 0 ? "stack thread " : "stack worker ");
	put_number(&line, worker < 0 ? gettid() : worker);
	put(&line, waits() ? ", waits" : ", runs");
	send_line(&line);
}

static void tell_stack(const void *context)
{
	tell_thread();
	stack_print(mishap.fd, context);
}

static void arm(uint64_t tick_ns)
{
	const struct timespec tick = {
		.tv_sec = (time_t)(tick_ns / 1000000000), .tv_nsec = (long)(tick_ns % 1000000000),
	};

	timer_settime(mishap.timer, 0, &(struct itimerspec){ tick, tick }, NULL);
}

/* One thread tells, and the process ends with that: false for all others, and for one that fails in telling. */
static bool may_tell(void)
{
	int nobody = 0;

	if (!atomic_compare_exchange_strong(&mishap.teller, &nobody, gettid())) {
		while (nobody != gettid())
			pause();
		return false;
	}
	atomic_store(&mishap.ticks, 0);
	arm(TELLING_NS);
	return true;
}

static void on_stack(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	tell_stack(context);
	atomic_store(&mishap.answered, gettid());
}

static void ask_stack(int tid)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	if (tid == gettid() || syscall(SYS_tgkill, getpid(), tid, SIGNAL_STACK))
		return;
	for (unsigned i = 0; i < ANSWER_MS && atomic_load(&mishap.answered) != tid; i++)
		nanosleep(&moment, NULL);
}

/* As getdents64(2) gives it: readdir() allocates. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static void ask_stacks(void)
{
	const int fd = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_Alignas(struct entry) char entries[4096];
	long bytes;

	while (fd >= 0 && (bytes = syscall(SYS_getdents64, fd, entries, sizeof(entries))) > 0)
		for (long at = 0; at < bytes;) {
			const struct entry *entry = (const struct entry *)(entries + at);
			int tid = 0;

			for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++)
				tid = 10 * tid + *digit - '0';
			if (tid)
				ask_stack(tid);
			at += entry->length;
		}
}

static void on_tick(int signal, siginfo_t *info, void *context)
{
	const int before = errno;

	(void)signal;
	(void)info;
	if (atomic_load(&mishap.teller)) {
		if (atomic_fetch_add(&mishap.ticks, 1))
			_exit(EXIT_FAILURE);
	} else if (atomic_load(&mishap.stage) && atomic_fetch_add(&mishap.ticks, 1) + 1 >= TICKS &&
		   may_tell()) {
		tell_what("hang ", (long)(atomic_load(&mishap.limit_ns) / 1000000));
		tell_stack(context);
		ask_stacks();
		_exit(EXIT_FAILURE);
	}
	errno = before;
}

/* Sent by another process it is no mishap of a cell. */
static bool is_own(const siginfo_t *info)
{
	return info->si_code > 0 || info->si_pid == getpid();
}

static void on_fatal(int number, siginfo_t *info, void *context)
{
	if (is_own(info) && may_tell()) {
		tell_what("crash ", number);
		tell_stack(context);
	}
	/* Comes when the handler returns, with the registers of the crash. */
	signal(number, SIG_DFL);
	syscall(SYS_tgkill, getpid(), gettid(), number);
}

/* By exit(3), which whoever waits for this process would take for its end. */
static void on_exit_of_process(void)
{
	if (!mishap.open || !atomic_load(&mishap.stage) || !may_tell())
		return;
	tell_what("exit ", 0);
	tell_thread();
	stack_print_from(mishap.fd, __builtin_return_address(0));
	_exit(EXIT_FAILURE);
}

static int catch(int number, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {
		.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | flags,
	};

	return sigaction(number, &action, NULL);
}

static void *stack_begin(void)
{
	void *memory = malloc(STACK_BYTES);
	const stack_t stack = { .ss_sp = memory, .ss_size = STACK_BYTES };

	/* Without it handlers run on the thread's own. */
	if (memory && sigaltstack(&stack, NULL)) {
		free(memory);
		memory = NULL;
	}
	return memory;
}

static void stack_end(void *memory)
{
	sigaltstack(&(stack_t){ .ss_flags = SS_DISABLE }, NULL);
	free(memory);
}

int mishap_open(int fd, uint64_t base_ns, struct error *err)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGNAL_TICK };
	int failed = timer_create(CLOCK_MONOTONIC, &event, &mishap.timer);

	if (failed)
		return error_set(err, errno, "no timer to see that a cell hangs: %s", strerror(errno));
	stack_prepare();
	mishap.fd = fd;
	mishap.base_ns = base_ns ? base_ns : BASE_NS;
	mishap.open = true;
	mishap_worker_begin(0);
	for (unsigned i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		failed |= catch(fatal[i], on_fatal, 0);
	/* Once more inside itself, where telling takes too long. */
	failed |= catch(SIGNAL_TICK, on_tick, SA_NODEFER);
	failed |= catch(SIGNAL_STACK, on_stack, 0);
	failed |= atexit(on_exit_of_process);
	return failed ? error_set(err, errno, "cannot catch signals and exits: %s", strerror(errno)) : 0;
}

void mishap_close(void)
{
	if (!mishap.open)
		return;
	timer_delete(mishap.timer);
	for (unsigned i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		signal(fatal[i], SIG_DFL);
	mishap_worker_end();
	mishap.open = false;
}

void mishap_worker_begin(unsigned index)
{
	worker = (int)index;
	worker_waits = true;
	if (mishap.open)
		worker_stack = stack_begin();
}

void mishap_worker_end(void)
{
	if (worker_stack)
		stack_end(worker_stack);
	worker_stack = NULL;
}

void mishap_wait(bool waits)
{
	worker_waits = waits;
}

void mishap_begin(unsigned point, uint64_t window_ns, unsigned threads)
{
	uint64_t limit_ns;

	if (!mishap.open)
		return;
	limit_ns = mishap_limit_ns(mishap.base_ns, window_ns, threads);
	atomic_store(&mishap.limit_ns, limit_ns);
	atomic_store(&mishap.point, (int)point);
	atomic_store(&mishap.ticks, 0);
	arm(limit_ns / TICKS);
	atomic_store(&mishap.stage, MISHAP_SETUP);
}

void mishap_stage(enum mishap_stage stage)
{
	atomic_store(&mishap.stage, stage);
}

void mishap_end(void)
{
	atomic_store(&mishap.stage, MISHAP_OUTSIDE);
}
