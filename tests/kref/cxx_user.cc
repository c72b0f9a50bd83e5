/*
 * A C++17 user of the installed header with the default strategy, beside a file of C.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <cstddef>
#include <cstdio>

#include <kref/kref.h>

#include "tests/kref/refcount_other.h"

namespace {

struct session {
	struct kref kref = KREF_INIT(1);
	int id = 0;
};

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int released_id;
unsigned reports;

void session_release(struct kref *kref)
{
	session *s = reinterpret_cast<session *>(kref);

	static_assert(offsetof(session, kref) == 0, "the cast above");
	released_id = s->id;
	delete s;
}

void session_release_locked(struct kref *kref)
{
	session_release(kref);
	pthread_mutex_unlock(&mutex);
}

void note_report(enum kref_report, struct kref *)
{
	reports++;
}

bool lives_and_dies()
{
	session *s = new session;

	s->id = 7;
	kref_init(&s->kref);
	kref_get(&s->kref);
	if (kref_put(&s->kref, session_release) || !kref_get_unless_zero(&s->kref))
		return false;
	if (kref_put_mutex(&s->kref, session_release_locked, &mutex) || kref_read(&s->kref) != 1)
		return false;
	return kref_put_mutex(&s->kref, session_release_locked, &mutex) && released_id == 7;
}

/* One state for C and C++: a hook set here hears of a misuse there, and the other way round. */
bool shares_the_hook_with_c()
{
	struct kref kref = KREF_INIT(1);

	kref_set_report_hook(note_report);
	refcount_other_misuse(&kref, KREF_REPORT_ADD_ON_ZERO);
	kref_set_report_hook(nullptr);
	refcount_other_set_hook(note_report);
	kref_get(&kref);
	refcount_other_set_hook(nullptr);
	return reports == 2;
}

}

int main()
{
	if (!lives_and_dies()) {
		std::fprintf(stderr, "cxx_user: the counter is wrong in C++\n");
		return 1;
	}
	if (!shares_the_hook_with_c()) {
		std::fprintf(stderr, "cxx_user: C and C++ do not share the report hook\n");
		return 1;
	}
	return 0;
}
