/* SPDX-License-Identifier: ISC */
/* nearest: see nearest.h. Optimal string alignment over three rows. */
#include "config.h"

#include "daemon/conf/nearest.h"

#include <string.h>

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
nearest_distance(const char *a, const char *b)
{
	size_t rows[3][NEAREST_MAX + 1], la = strlen(a), lb = strlen(b);

	if (la > NEAREST_MAX || lb > NEAREST_MAX)
		return NEAREST_MAX;
	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t change = before[j - 1] + (a[i - 1] != b[j - 1]);

			now[j] = least(change, least(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], older[j - 2] + 1);
		}
	}
	return rows[la % 3][lb];
}

void
nearest_try(const char *word, const char *candidate, const char **best)
{
	size_t distance = nearest_distance(word, candidate);
	size_t length = strlen(word) > strlen(candidate) ? strlen(word) : strlen(candidate);

	if (distance > (length + 2) / 3)
		return;
	if (*best == NULL || distance < nearest_distance(word, *best))
		*best = candidate;
}
