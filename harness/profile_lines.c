#include <errno.h>
#include "profile_lines.h"
int lines_take(struct words *words, const struct workload *cell, const struct params *params,
	       char *const *arguments, unsigned number, unsigned seconds, const char *directory)
{
	(void)cell;(void)params;(void)arguments;(void)number;(void)seconds;(void)directory;
	words_add(words, "todo");
	return 0;
}
