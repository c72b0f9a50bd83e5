/*
 * meta.json as read: every field may be absent or of another type, which readers here never notice.
 *
 * SPDX-License-Identifier: MIT
 */
#include "results_internal.h"
#include "runfile.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int results_meta_read(json_t **meta, FILE *file, const char *path, struct error *err)
{
	json_error_t where;

	*meta = json_loadf(file, 0, &where);
	fclose(file);
	if (!*meta)
		return error_set(err, EBADMSG, "%s:%d: %s", path, where.line, where.text);
	if (!json_is_object(*meta))
		return error_set(err, EBADMSG, "%s: not an object", path);
	if (json_is_integer(json_object_get(*meta, "format")) &&
	    json_integer_value(json_object_get(*meta, "format")) != RESULTS_FORMAT)
		return error_set(err, EBADMSG, "%s: of another format than this krefbench reads", path);
	return 0;
}

int results_meta_load(json_t **meta, const char *dir, struct error *err)
{
	char *path;
	FILE *file;
	int ret;

	if (asprintf(&path, "%s/meta.json", dir) < 0)
		return error_set(err, ENOMEM, "out of memory");
	file = runfile_open(path, &ret, err);
	if (file)
		ret = results_meta_read(meta, file, path, err);
	free(path);
	return ret;
}

json_t *results_meta(const struct results *results, const char *outer, const char *inner)
{
	json_t *value = json_object_get(results->meta, outer);

	return inner ? json_object_get(value, inner) : value;
}

const char *results_meta_text(const struct results *results, const char *outer, const char *inner)
{
	const char *text = json_string_value(results_meta(results, outer, inner));

	return text ? text : "";
}

double results_meta_number(const struct results *results, const char *outer, const char *inner)
{
	json_t *value = results_meta(results, outer, inner);

	return json_is_number(value) ? json_number_value(value) : NAN;
}
