/* SPDX-License-Identifier: ISC */
/* send_result: what became of one attempt to send one mail to one recipient (RFC 5321, 4.2). */
#ifndef TD_MODEL_SEND_RESULT_H
#define TD_MODEL_SEND_RESULT_H

enum send_result {
	SEND_SENT,    /* 250 after the final dot */
	SEND_TEMP,    /* not taken now: try again later */
	SEND_PERM,    /* refused for good */
	SEND_UNKNOWN, /* the end is not known: the connection was lost after the final dot */
};

#endif
