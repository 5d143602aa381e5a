/* SPDX-License-Identifier: ISC */
/*
 * cursor: UID arithmetic, kept apart from the protocol so that each rule can be tested alone.
 * Every sum is made so that it cannot pass 2^32-1. Sorting is O(n log n), filtering one walk
 * over two sorted lists.
 */
#include "config.h"

#include "daemon/fetch/cursor.h"

#include <stdlib.h>

#include "parsers/base/arena.h"

#define WIDTH_MAX (UINT32_C(1) << 30)
#define THIN 1000u /* fewer UIDs than this in a window: the next one may be wider */

static int
compare_uids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static bool
is_sorted(const uint32_t *uids, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (uids[i - 1] >= uids[i])
			return false;
	return true;
}

size_t
cursor_sort(uint32_t *uids, size_t n)
{
	size_t kept = 0;

	/* servers answer in order nearly always */
	if (n > 1 && !is_sorted(uids, n))
		qsort(uids, n, sizeof *uids, compare_uids);
	for (size_t i = 0; i < n; i++)
		if (uids[i] != 0 && (kept == 0 || uids[kept - 1] != uids[i]))
			uids[kept++] = uids[i];
	return kept;
}

size_t
cursor_find(const uint32_t *uids, size_t n, uint32_t uid)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (uids[middle] == uid)
			return middle;
		if (uids[middle] < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return n;
}

bool
cursor_has(const uint32_t *uids, size_t n, uint32_t uid)
{
	return cursor_find(uids, n, uid) < n;
}

size_t
cursor_filter(const struct cursor *cursor, uint32_t *uids, size_t n)
{
	size_t kept = 0, k = 0;

	for (size_t i = 0; i < n; i++) {
		if (uids[i] <= cursor->watermark)
			continue;
		while (k < cursor->n_known && cursor->known[k] < uids[i])
			k++;
		if (k < cursor->n_known && cursor->known[k] == uids[i])
			continue;
		uids[kept++] = uids[i];
	}
	return kept;
}

void
cursor_list_begin(struct cursor_list *list, const struct cursor *cursor, size_t max)
{
	*list = (struct cursor_list){.cursor = cursor, .max = max,
	    .uids = td_alloc(2 * max * sizeof *list->uids)};
}

void
cursor_list_window(struct cursor_list *list, struct cursor_range window)
{
	list->window = window;
	list->answered = 0;
}

static void
list_settle(struct cursor_list *list)
{
	list->n = cursor_sort(list->uids, list->n);
	list->n = cursor_filter(list->cursor, list->uids, list->n);
	if (list->n <= list->max)
		return;
	list->n = list->max;
	list->cut = true;
}

void
cursor_list_add(struct cursor_list *list, uint32_t uid)
{
	if (uid == 0 || uid < list->window.first || uid > list->window.last)
		return;
	list->answered++;
	if (uid > list->highest)
		list->highest = uid;
	if (list->cut && uid > list->uids[list->max - 1])
		return;
	list->uids[list->n++] = uid;
	if (list->n == 2 * list->max)
		list_settle(list);
}

uint32_t
cursor_list_end(struct cursor_list *list, uint32_t seen)
{
	list_settle(list);
	if (list->cut)
		return list->uids[list->n - 1];
	return list->highest > seen ? list->highest : seen;
}

bool
cursor_first(const struct cursor *cursor, uint32_t *first_r)
{
	if (cursor->watermark == UINT32_MAX)
		return false;
	*first_r = cursor->watermark + 1;
	return true;
}

struct cursor_range
cursor_window(uint32_t first, uint32_t width, uint32_t last)
{
	struct cursor_range window = {first, last};

	if (width > 0 && last - first >= width)
		window.last = first + (width - 1);
	return window;
}

uint32_t
cursor_widen(uint32_t width, size_t found)
{
	if (found >= THIN)
		return width;
	return width > WIDTH_MAX / 4 ? WIDTH_MAX : width * 4;
}

uint32_t
cursor_scanned(uint32_t seen, uint32_t lowest_left_out)
{
	if (lowest_left_out != 0 && lowest_left_out <= seen)
		return lowest_left_out - 1;
	return seen;
}

size_t
cursor_ranges(const uint32_t *uids, size_t n, struct cursor_range *ranges, size_t max,
    size_t *n_ranges_r)
{
	size_t count = 0, i;

	for (i = 0; i < n; i++) {
		if (count > 0 && ranges[count - 1].last + 1 == uids[i]) {
			ranges[count - 1].last = uids[i];
			continue;
		}
		if (count == max)
			break;
		ranges[count++] = (struct cursor_range){uids[i], uids[i]};
	}
	*n_ranges_r = count;
	return i;
}
