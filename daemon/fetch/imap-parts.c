/* SPDX-License-Identifier: ISC */
/*
 * imap-parts: reading FETCH answers. A server may send FETCH data that nobody asked for (flags
 * changed elsewhere) and may leave items out, so each is looked for and none is taken for granted.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

static const struct mailimap_msg_att_static *
find_item(const struct mailimap_msg_att *att, int type)
{
	for (clistiter *cell = clist_begin(att->att_list); cell != NULL; cell = clist_next(cell)) {
		const struct mailimap_msg_att_item *item = clist_content(cell);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
		    item->att_data.att_static->att_type == type)
			return item->att_data.att_static;
	}
	return NULL;
}

uint32_t
imap_att_uid(const struct mailimap_msg_att *att)
{
	const struct mailimap_msg_att_static *uid = find_item(att, MAILIMAP_MSG_ATT_UID);

	return uid != NULL ? uid->att_data.att_uid : 0;
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar; month 1..12. */
static int64_t
days_of(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, of_era = y % 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t
imap_date(const struct mailimap_date_time *date)
{
	int64_t zone;

	if (date == NULL || date->dt_year < 1970 || date->dt_year > 9999 || date->dt_month < 1 ||
	    date->dt_month > 12 || date->dt_day < 1 || date->dt_day > 31 || date->dt_hour < 0 ||
	    date->dt_hour > 23 || date->dt_min < 0 || date->dt_min > 59 || date->dt_sec < 0 ||
	    date->dt_sec > 60 || date->dt_zone < -9959 || date->dt_zone > 9959)
		return 0;
	/* the zone is hours and minutes as they are written: -0700 is -700 */
	zone = (int64_t)(date->dt_zone / 100) * 3600 + (date->dt_zone % 100) * 60;
	return days_of(date->dt_year, date->dt_month, date->dt_day) * 86400 +
	    date->dt_hour * 3600 + date->dt_min * 60 + date->dt_sec - zone;
}

bool
imap_att_item(const struct mailimap_msg_att *att, struct imap_item *item_r)
{
	const struct mailimap_msg_att_static *size = find_item(att, MAILIMAP_MSG_ATT_RFC822_SIZE);
	const struct mailimap_msg_att_static *date =
	    find_item(att, MAILIMAP_MSG_ATT_INTERNALDATE);
	uint32_t uid = imap_att_uid(att);

	if (uid == 0 || size == NULL)
		return false;
	item_r->uid = uid;
	item_r->size = size->att_data.att_rfc822_size;
	item_r->internaldate = date != NULL ? imap_date(date->att_data.att_internal_date) : 0;
	return true;
}

const struct mailimap_msg_att_body_section *
imap_att_body(const struct mailimap_msg_att *att)
{
	const struct mailimap_msg_att_static *body = find_item(att, MAILIMAP_MSG_ATT_BODY_SECTION);

	return body != NULL ? body->att_data.att_body_section : NULL;
}
