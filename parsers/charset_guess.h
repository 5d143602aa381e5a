/* SPDX-License-Identifier: ISC */
/*
 * charset_guess: the charset of 8-bit text that names none and is not UTF-8, where the bytes
 * themselves say it: Cyrillic in KOI8-R or windows-1251; Japanese, Chinese and Korean. Latin text
 * has its 8-bit letters one by one between others; nothing is guessed of it, or of short texts.
 */
#ifndef TD_CHARSET_GUESS_H
#define TD_CHARSET_GUESS_H

#include "parsers/base/span.h"

/* iconv's name, NULL where nothing is certain enough. */
const char *charset_guess(struct span bytes);

#endif
