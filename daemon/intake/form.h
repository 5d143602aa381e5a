/* SPDX-License-Identifier: ISC */
/*
 * form: mail of a task form ("Question: answer", a line each) from an address that the
 * configuration allows. Whoever fills in the form is a stranger: nothing in the mail is a command.
 * form_reading makes a reading of it that says no more than "a task with these fields"; the
 * questions that are mapped give the fields, and all of the text stays as the task's body.
 */
#ifndef TD_FORM_H
#define TD_FORM_H

#include "daemon/intake/admit.h"
#include "daemon/store/db.h"

#define FORM_TASKS_A_DAY 200 /* of one form; more are kept aside */

/*
 * Where the mail comes from a form: *adm is decided anew, as mail of the form's own person, and
 * *form_r is set when it acts. Kept aside, with the reason, where the sender's domain is not
 * authenticated or the person has no right in the team. Else nothing changes.
 */
TD_CHECK enum td_status form_admit(struct arena *arena, const struct reading *reading,
    const struct conf *conf, const struct admit_lookup *lookup, struct admission *adm,
    const struct conf_form **form_r, struct err *err);

/* Mails of the form that acted on this day (UTC); and one more. */
TD_CHECK enum td_status form_count(struct db *db, struct arena *arena,
    const struct conf_form *form, int64_t now, uint32_t *n_r, struct err *err);
TD_CHECK enum td_status form_counted(struct db *db, struct arena *arena,
    const struct conf_form *form, int64_t now, struct err *err);

const struct reading *form_reading(struct arena *arena, const struct reading *reading,
    const struct conf_form *form, const char *zone, int64_t now);

#endif
