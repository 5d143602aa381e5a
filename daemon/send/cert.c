/* SPDX-License-Identifier: ISC */
/* cert: see cert.h. */
#include "config.h"

#include "daemon/send/cert.h"

#include <string.h>
#include <time.h>

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

bool
cert_matches(gnutls_session_t session, const char *pin)
{
	unsigned char digest[32], difference = 0;
	unsigned int n = 0;
	const gnutls_datum_t *peers = gnutls_certificate_get_peers(session, &n);
	static const char hex[] = "0123456789abcdef";

	if (peers == NULL || n == 0 || strlen(pin) != 64 ||
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, peers[0].data, peers[0].size, digest) < 0)
		return false;
	for (size_t i = 0; i < 32; i++) {
		difference |= (unsigned char)(pin[2 * i] ^ hex[digest[i] >> 4]);
		difference |= (unsigned char)(pin[2 * i + 1] ^ hex[digest[i] & 15]);
	}
	return difference == 0;
}

static void
day_text(time_t at, char out[32])
{
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL || strftime(out, 32, "%Y-%m-%d", &tm) == 0)
		out[0] = '\0';
}

static void
explain_crt(gnutls_x509_crt_t crt, const char *host, int64_t now, struct err *err)
{
	char day[32], text[200] = "?";
	size_t size = sizeof text;
	time_t ends = gnutls_x509_crt_get_expiration_time(crt);
	time_t begins = gnutls_x509_crt_get_activation_time(crt);

	if (ends != (time_t)-1 && (int64_t)ends < now) {
		day_text(ends, day);
		(void)err_temp(err, "the certificate of %s expired on %s; who runs the server must "
		    "renew it", host, day);
	} else if (begins != (time_t)-1 && (int64_t)begins > now) {
		day_text(begins, day);
		(void)err_temp(err, "the certificate of %s is valid only from %s; is the clock of "
		    "this machine right?", host, day);
	} else if (!gnutls_x509_crt_check_hostname(crt, host)) {
		(void)gnutls_x509_crt_get_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, text,
		    &size);
		(void)err_temp(err, "the certificate of %s is made out to another name (%s); set "
		    "host to the name in it", host, text);
	} else {
		(void)gnutls_x509_crt_get_issuer_dn(crt, text, &size);
		(void)err_temp(err,
		    "the certificate of %s comes from a CA that is not trusted (%s); "
		    "name its CA with ca_file, or pin the certificate with pin_sha256",
		    host, text);
	}
}

void
cert_explain(gnutls_session_t session, const char *host, int64_t now, struct err *err)
{
	unsigned int n = 0;
	const gnutls_datum_t *peers = gnutls_certificate_get_peers(session, &n);
	gnutls_x509_crt_t crt;

	if (peers == NULL || n == 0 || gnutls_x509_crt_init(&crt) < 0)
		return;
	if (gnutls_x509_crt_import(crt, &peers[0], GNUTLS_X509_FMT_DER) == 0)
		explain_crt(crt, host, now, err);
	gnutls_x509_crt_deinit(crt);
}
