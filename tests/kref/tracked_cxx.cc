/*
 * A C++17 user of tracked: what was put in a file of C is told of by one of C++, and it exits silently.
 *
 * SPDX-License-Identifier: MIT
 */
#include <cstdio>
#include <string>

#include <unistd.h>

#include "tests/kref/tracked_other.h"

namespace {

struct session {
	/* As C++ has it: the next one at the same address begins without a kref_init(). */
	struct kref kref = KREF_INIT(1);
};

void session_release(struct kref *kref)
{
	delete reinterpret_cast<session *>(kref);
}

bool lives_and_dies()
{
	session *s = new session;

	kref_get(&s->kref);
	if (kref_read(&s->kref) != 2 || tracked_other_put(&s->kref, session_release))
		return false;
	return kref_put(&s->kref, session_release);
}

/* What a get after the last put says. */
std::string said_of_late_get(std::FILE *said)
{
	session *s = new session;
	char line[256];
	std::string text;

	if (!tracked_other_put(&s->kref, session_release))
		return "";
	kref_get(&s->kref);
	std::rewind(said);
	while (std::fgets(line, sizeof(line), said))
		text += line;
	return text;
}

}

int main()
{
	std::FILE *said = std::tmpfile();
	const int own = dup(STDERR_FILENO);
	std::string text;
	bool right = true;

	if (!said || own < 0 || dup2(fileno(said), STDERR_FILENO) < 0)
		return 1;
	for (unsigned i = 0; i < 3; i++)
		right = right && lives_and_dies();
	text = said_of_late_get(said);
	if (dup2(own, STDERR_FILENO) < 0)
		return 1;
	if (!right || text.find("this get: tests/kref/tracked_cxx.cc:") == std::string::npos ||
	    text.find("last put: tests/kref/tracked_other.c:") == std::string::npos) {
		std::fprintf(stderr, "tracked_cxx: C and C++ do not share the ledger:\n%s",
			     text.c_str());
		return 1;
	}
	return 0;
}
