/* SPDX-License-Identifier: ISC */
/*
 * tls-verify: is this the server that was meant? Either its certificate has the pinned SHA-256,
 * or it is valid today, for this host, under a trusted authority. What is wrong is told apart,
 * since each has its own cure, and the fingerprint is shown for those who want to pin it.
 *
 * The trust of a CA file is loaded once and shared by all threads: the system's takes 3.8 MB.
 */
#include "config.h"

#include "daemon/fetch/tls-private.h"

#include <gnutls/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "parsers/base/arena.h"

#define HEX_LEN 64

struct tls_trust {
	struct tls_trust *next;
	char *ca_file; /* NULL: the system's */
	bool pinned;
	gnutls_certificate_credentials_t credentials;
};

static pthread_mutex_t trust_lock = PTHREAD_MUTEX_INITIALIZER;
static struct tls_trust *trusts;

static bool
is_trust_of(const struct tls_trust *trust, const char *ca_file, bool pinned)
{
	if (trust->pinned || pinned)
		return trust->pinned && pinned;
	if (trust->ca_file == NULL || ca_file == NULL)
		return trust->ca_file == ca_file;
	return strcmp(trust->ca_file, ca_file) == 0;
}

static enum td_status
load_trust(struct tls_trust *trust, struct err *err)
{
	int n;

	if (gnutls_certificate_allocate_credentials(&trust->credentials) < 0)
		return err_temp(err, "out of memory");
	if (trust->pinned)
		return TD_OK;
	if (trust->ca_file == NULL) {
		n = gnutls_certificate_set_x509_system_trust(trust->credentials);
		if (n > 0)
			return TD_OK;
		return err_perm(err, "this machine trusts no certificate authority: install "
		    "ca-certificates, or set ca_file or pin_sha256");
	}
	n = gnutls_certificate_set_x509_trust_file(trust->credentials, trust->ca_file,
	    GNUTLS_X509_FMT_PEM);
	if (n > 0)
		return TD_OK;
	return err_perm(err, "ca_file %s gives no certificate (%s): it must be a readable PEM file",
	    trust->ca_file, n < 0 ? gnutls_strerror(n) : "it holds none");
}

static void
free_trust(struct tls_trust *trust)
{
	if (trust->credentials != NULL)
		gnutls_certificate_free_credentials(trust->credentials);
	free(trust->ca_file);
	free(trust);
}

enum td_status
tls_trust_get(const char *ca_file, bool pinned, gnutls_certificate_credentials_t *trust_r,
    struct err *err)
{
	struct tls_trust *trust;
	enum td_status status = TD_OK;

	pthread_mutex_lock(&trust_lock);
	for (trust = trusts; trust != NULL; trust = trust->next)
		if (is_trust_of(trust, ca_file, pinned))
			break;
	if (trust == NULL) {
		trust = td_alloc(sizeof *trust);
		trust->ca_file = td_strdup(ca_file);
		trust->pinned = pinned;
		status = load_trust(trust, err);
		if (status == TD_OK) {
			trust->next = trusts;
			trusts = trust;
		} else {
			free_trust(trust);
		}
	}
	if (status == TD_OK)
		*trust_r = trust->credentials;
	pthread_mutex_unlock(&trust_lock);
	return status;
}

void
tls_release_all(void)
{
	pthread_mutex_lock(&trust_lock);
	while (trusts != NULL) {
		struct tls_trust *next = trusts->next;

		free_trust(trusts);
		trusts = next;
	}
	pthread_mutex_unlock(&trust_lock);
}

static bool
fingerprint(const gnutls_datum_t *der, char hex[HEX_LEN + 1])
{
	unsigned char digest[HEX_LEN / 2];
	size_t len = sizeof digest;

	if (gnutls_fingerprint(GNUTLS_DIG_SHA256, der, digest, &len) < 0 || len != sizeof digest)
		return false;
	for (size_t i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return true;
}

/* Compares with what people paste: upper or lower case, with colons or without. */
static bool
pin_matches(const char *pin, const char hex[HEX_LEN + 1])
{
	size_t n = 0;

	for (; *pin != '\0'; pin++) {
		char c = *pin >= 'A' && *pin <= 'F' ? (char)(*pin - 'A' + 'a') : *pin;

		if (c == ':' || c == ' ')
			continue;
		if (n == HEX_LEN || hex[n++] != c)
			return false;
	}
	return n == HEX_LEN;
}

static const char *
date_of(time_t when, char text[16])
{
	struct tm tm;

	if (when == (time_t)-1 || gmtime_r(&when, &tm) == NULL ||
	    strftime(text, 16, "%Y-%m-%d", &tm) == 0)
		snprintf(text, 16, "?");
	return text;
}

/* The names that the certificate is for, as many as fit, for the message. */
static void
names_of(gnutls_x509_crt_t crt, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < 3; i++) {
		char name[80];
		size_t len = sizeof name - 1;
		int type = gnutls_x509_crt_get_subject_alt_name(crt, i, name, &len, NULL);

		if (type != GNUTLS_SAN_DNSNAME || len >= sizeof name)
			continue;
		name[len] = '\0';
		used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", name);
		if (used >= size)
			break;
	}
	if (text[0] == '\0')
		snprintf(text, size, "another host");
}

static enum td_status
tell_bad(const struct tls_peer *peer, unsigned status, gnutls_x509_crt_t crt, const char *hex,
    struct err *err)
{
	char date[16], names[200];

#define BAD(fmt, ...)                                                                              \
	err_perm(err, "certificate of %s:%u " fmt " (its pin_sha256 is %s)", peer->host,           \
	    peer->port, __VA_ARGS__, hex)
	if (status & GNUTLS_CERT_REVOKED)
		return BAD("was %s: the server needs a new one", "revoked");
	if (status & GNUTLS_CERT_EXPIRED)
		return BAD("expired %s: renew it on the server, or set pin_sha256",
		    date_of(gnutls_x509_crt_get_expiration_time(crt), date));
	if (status & GNUTLS_CERT_NOT_ACTIVATED)
		return BAD("is valid only from %s: is this machine's clock right?",
		    date_of(gnutls_x509_crt_get_activation_time(crt), date));
	if (status & GNUTLS_CERT_UNEXPECTED_OWNER) {
		names_of(crt, names, sizeof names);
		return BAD("is for %s, not for %s: correct host, or set pin_sha256", names,
		    peer->host);
	}
	if (status & GNUTLS_CERT_SIGNER_NOT_FOUND)
		return BAD("is signed by an authority that %s does not hold: set ca_file to its "
		    "certificate, or set pin_sha256", peer->ca_file ? peer->ca_file :
		    "this machine's trust");
	if (status & GNUTLS_CERT_INSECURE_ALGORITHM)
		return BAD("uses a broken %s: renew it on the server", "signature algorithm");
	return BAD("was %s: renew it on the server, or set pin_sha256", "not accepted");
#undef BAD
}

enum td_status
tls_verify(struct tls_stream *stream, struct err *err)
{
	const struct tls_peer *peer = &stream->peer;
	unsigned n = 0, bad = 0;
	const gnutls_datum_t *chain = gnutls_certificate_get_peers(stream->session, &n);
	gnutls_x509_crt_t crt = NULL;
	enum td_status status = TD_OK;
	char hex[HEX_LEN + 1];

	if (chain == NULL || n == 0 || !fingerprint(&chain[0], hex))
		return err_perm(err, "%s:%u showed no certificate", peer->host, peer->port);
	if (peer->pin_sha256 != NULL) {
		if (pin_matches(peer->pin_sha256, hex))
			return TD_OK;
		return err_perm(err, "certificate of %s:%u is not the pinned one: if you did "
		    "not renew it, someone may be in between; if you did, set pin_sha256 = \"%s\"",
		    peer->host, peer->port, hex);
	}
	if (gnutls_certificate_verify_peers3(stream->session, peer->host, &bad) < 0)
		return err_perm(err, "certificate of %s:%u cannot be read", peer->host, peer->port);
	if (bad == 0)
		return TD_OK;
	if (gnutls_x509_crt_init(&crt) < 0)
		return err_temp(err, "out of memory");
	if (gnutls_x509_crt_import(crt, &chain[0], GNUTLS_X509_FMT_DER) < 0)
		status = err_perm(err, "certificate of %s:%u cannot be read", peer->host,
		    peer->port);
	else
		status = tell_bad(peer, bad, crt, hex, err);
	gnutls_x509_crt_deinit(crt);
	return status;
}
