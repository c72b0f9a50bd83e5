/*
 * Puts an SVG file into a page: only shapes and texts pass, and ids become the figure's own.
 *
 * SPDX-License-Identifier: MIT
 *
 * A run's folder may come from anybody. Inline SVG can run scripts and load files, so what gnuplot
 * does not write is refused rather than cleaned.
 */
#include "report_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BYTES (16u << 20)
#define SVG_END "</svg>"

static char *read_whole(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL, *grown;
	size_t used = 0, room = 0, got = 1;

	while (file && got && used < MAX_BYTES) {
		if (room - used < 2) {
			room = room ? 2 * room : 65536;
			grown = realloc(text, room);
			if (!grown)
				break;
			text = grown;
		}
		got = fread(text + used, 1, room - used - 1, file);
		used += got;
	}
	if (!file || ferror(file) || got) {
		free(text);
		text = NULL;
	} else if (text) {
		text[used] = '\0';
	}
	if (file)
		fclose(file);
	return text;
}

static bool is_allowed(const char *name, size_t length)
{
	static const char *const names[] = {
		"g",	   "defs",     "path",		 "rect",   "circle",  "line",
		"polygon", "polyline", "ellipse",	 "use",	   "text",    "tspan",
		"filter",  "feFlood",  "feComposite",	 "clipPath", "pattern", "linearGradient",
		"stop",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == length && !strncmp(names[i], name, length))
			return true;
	return false;
}

/* A tenth of a pixel is as fine as a page shows: gnuplot writes a hundredth, ten thousand times. */
static const char *skip_digits(const char *at, const char *end)
{
	while (at < end && isdigit((unsigned char)*at))
		at++;
	return at;
}

static void put_places(FILE *out, const char *value, const char *end)
{
	while (value < end) {
		const bool point = *value == '.' && value + 1 < end && isdigit((unsigned char)value[1]);

		if (point)
			fprintf(out, ".%c", value[1]);
		else if (!isspace((unsigned char)*value) || !isspace((unsigned char)value[-1]))
			fputc(isspace((unsigned char)*value) ? ' ' : *value, out);
		value = point ? skip_digits(value + 1, end) : value + 1;
	}
}

static bool is_name(const char *name, size_t length, const char *wanted)
{
	return length == strlen(wanted) && !strncmp(name, wanted, length);
}

/* A value, its ids made the figure's own: of id itself, and after # in references. */
static int put_value(FILE *out, const char *name, size_t name_length, const char *value,
		     size_t length, size_t number)
{
	bool is_id = is_name(name, name_length, "id");
	bool is_href = name_length >= 4 && !strncmp(name + name_length - 4, "href", 4);
	const char *end = value + length, *url;
	unsigned red, green, blue;

	/* What a page that is read in another way than here would take for a tag. */
	if (memchr(value, '<', length) || memchr(value, '>', length))
		return -EBADMSG;
	if (is_href && (!length || *value != '#'))
		return -EBADMSG;
	for (url = value; length > 4 && url < end - 4; url++)
		if (!strncasecmp(url, "url(", 4) && url[4] != '#')
			return -EBADMSG;
	if (is_name(name, name_length, "d") || is_name(name, name_length, "points") ||
	    is_name(name, name_length, "transform")) {
		put_places(out, value, end);
		return 0;
	}
	if (length >= 10 && length <= 18 && sscanf(value, "rgb(%3u,%3u,%3u)", &red, &green, &blue) == 3 &&
	    red < 256 && green < 256 && blue < 256) {
		fprintf(out, "#%02x%02x%02x", red, green, blue);
		return 0;
	}
	if (is_id)
		fprintf(out, "f%zu-", number);
	for (; value < end; value++) {
		fputc(*value, out);
		if (*value == '#' && (is_href || value[-1] == '('))
			fprintf(out, "f%zu-", number);
	}
	return 0;
}

/* The attributes of a tag up to its > or />; *at moves there. */
static int put_attributes(FILE *out, const char **at, size_t number)
{
	for (;;) {
		const char *name, *value, *name_end;
		char quote;

		*at += strspn(*at, " \t\r\n");
		if (**at == '>' || (**at == '/' && (*at)[1] == '>'))
			return 0;
		name = *at;
		name_end = name + strcspn(name, "= \t\r\n>/\"'<");
		value = name_end + strspn(name_end, " \t\r\n");
		if (name_end == name || *value != '=' || !strncasecmp(name, "on", 2))
			return -EBADMSG;
		value += 1 + strspn(value + 1, " \t\r\n");
		quote = *value++;
		if (quote != '\'' && quote != '"')
			return -EBADMSG;
		*at = strchr(value, quote);
		if (!*at)
			return -EBADMSG;
		fprintf(out, " %.*s=%c", (int)(name_end - name), name, quote);
		if (put_value(out, name, (size_t)(name_end - name), value, (size_t)(*at - value),
			      number))
			return -EBADMSG;
		fputc(quote, out);
		(*at)++;
	}
}

/* The text alternative, where a reader of the page is told of the figure. */
static void put_words(FILE *out, const struct svg_words *svg)
{
	fprintf(out, "<title id=\"f%zu-title\">", svg->number);
	html_text(out, svg->title);
	fprintf(out, "</title><desc id=\"f%zu-desc\">", svg->number);
	html_text(out, svg->desc);
	fputs("</desc>", out);
}

/* The end of gnuplot's own title or description, past its name at the start; NULL: it is another's. */
static const char *words_end(const char *at, bool is_title)
{
	const char *end = *at == '>' ? strstr(at, is_title ? "</title>" : "</desc>") : NULL;

	return end ? end + (is_title ? 8 : 7) : NULL;
}

/* The outermost tag, *at on its <: the figure to a reader of the page. */
static int put_root(FILE *out, const char **at, const struct svg_words *svg)
{
	fprintf(out, "<svg role=\"img\" aria-labelledby=\"f%zu-title f%zu-desc\"", svg->number, svg->number);
	*at += strlen("<svg");
	if (put_attributes(out, at, svg->number) || *(*at)++ != '>')
		return -EBADMSG;
	fputc('>', out);
	put_words(out, svg);
	return 0;
}

/* One tag, *at on its <. gnuplot's own title and description are left out. */
static int put_tag(FILE *out, const char **at, size_t number)
{
	const char *name = *at + 1 + ((*at)[1] == '/');
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const bool closing = name[-1] == '/', is_title = is_name(name, length, "title");

	if (is_title || is_name(name, length, "desc")) {
		*at = closing ? NULL : words_end(name + length, is_title);
		return *at ? 0 : -EBADMSG;
	}
	if (!is_allowed(name, length))
		return -EBADMSG;
	fprintf(out, "<%s%.*s", closing ? "/" : "", (int)length, name);
	*at = name + length;
	if (put_attributes(out, at, number))
		return -EBADMSG;
	if (**at == '/')
		fputc(*(*at)++, out);
	fputc(*(*at)++, out);
	return 0;
}

/* The end of a group that holds nothing, at its <g; NULL: it holds something. gnuplot writes many. */
static const char *empty_group_end(const char *at)
{
	if (strncmp(at, "<g ", 3) && strncmp(at, "<g>", 3))
		return NULL;
	at += strcspn(at, ">");
	if (!*at)
		return NULL;
	at++;
	at += strspn(at, " \t\r\n");
	return strncmp(at, "</g>", 4) ? NULL : at + 4;
}

static int put_svg(FILE *out, const char *at, const struct svg_words *svg)
{
	const char *end;
	long mark;

	at = strstr(at, "<svg");
	if (!at || put_root(out, &at, svg))
		return -EBADMSG;
	while (strncmp(at, SVG_END, strlen(SVG_END)) != 0) {
		if (!*at) {
			return -EBADMSG;
		} else if (*at != '<') {
			bool space = isspace((unsigned char)*at);

			/* gnuplot indents; one blank is all that a page needs of it. */
			fputc(space ? (*at == '\n' ? '\n' : ' ') : *at, out);
			at += space ? strspn(at, " \t\r\n") : 1;
		} else if ((end = empty_group_end(at))) {
			/* Held to the same rules, and taken back. */
			mark = ftell(out);
			if (put_tag(out, &at, svg->number) || fseek(out, mark, SEEK_SET))
				return -EBADMSG;
			at = end;
		} else if (!strncmp(at, "<!--", 4)) {
			end = strstr(at, "-->");
			if (!end)
				return -EBADMSG;
			at = end + 3;
		} else if (put_tag(out, &at, svg->number)) {
			return -EBADMSG;
		}
	}
	fputs(SVG_END, out);
	at += strlen(SVG_END);
	/* A page takes what follows for its own. */
	return at[strspn(at, " \t\r\n")] ? -EBADMSG : 0;
}

int report_svg(FILE *out, const char *path, const struct svg_words *svg)
{
	char *text = read_whole(path), *safe = NULL;
	size_t length;
	FILE *page;
	int ret = -EBADMSG;

	if (!text)
		return -EBADMSG;
	page = open_memstream(&safe, &length);
	if (page) {
		ret = put_svg(page, text, svg);
		if (fclose(page))
			ret = -ENOMEM;
		if (!ret && fwrite(safe, 1, length, out) != length)
			ret = -EIO;
	}
	free(safe);
	free(text);
	return ret;
}
