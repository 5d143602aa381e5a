/* SPDX-License-Identifier: ISC */
/* keys: see keys.h. Keys of a list are offsets in its element, all others in struct conf. */
#include "config.h"

#include "daemon/conf/keys.h"

#include "parsers/reading.h"
#include "daemon/conf/conf.h"

#define LEN(a) (sizeof(a) / sizeof *(a))
#define MB (1024u * 1024)

static const char *const words_tls[] = {"implicit", "starttls", "none", NULL};
static const char *const words_after[] = {"leave", "flag", "move", "delete", NULL};
static const char *const words_oauth[] = {"google", "microsoft", "other", NULL};
static const char *const words_trust[] = {"authenticated", "envelope", NULL};
static const char *const words_reply[] = {"auto", "plus", "subject", NULL};
static const char *const words_level[] = {"error", "warn", "info", "debug", NULL};

#define TEXT(key, where, longest, otherwise, says)                                                 \
	{.name = key, .type = KEY_TEXT, .offset = where, .min = 1, .max = longest,                 \
	    .def_text = otherwise, .doc = says}
#define TYPED(key, kind, where, otherwise, says)                                                   \
	{.name = key, .type = kind, .offset = where, .min = 1, .max = 1000,                        \
	    .def_text = otherwise, .doc = says}
#define NUMBER(key, kind, where, least, most, otherwise, says)                                     \
	{.name = key, .type = kind, .offset = where, .min = least, .max = most, .def = otherwise,  \
	    .doc = says}
#define WORD(key, list, where, otherwise, says)                                                    \
	{.name = key, .type = KEY_WORD, .offset = where, .words = list, .def = otherwise,          \
	    .doc = says}

/* What mailboxes and transports share. */
#define SERVER(of, default_tls)                                                                    \
	TYPED("name", KEY_NAME, offsetof(struct of, name), NULL, "a short name for it"),           \
	TYPED("host", KEY_HOST, offsetof(struct of, server.host), NULL, "the server's name"),      \
	NUMBER("port", KEY_U16, offsetof(struct of, server.port), 1, 65535, 0,                     \
	    "the server's TCP port"),                                                              \
	WORD("tls", words_tls, offsetof(struct of, server.tls), default_tls,                       \
	    "how the connection is encrypted"),                                                    \
	{.name = "allow_plain", .type = KEY_BOOL,                                                  \
	    .offset = offsetof(struct of, server.allow_plain),                                     \
	    .doc = "whether an unencrypted connection may leave this machine"},                    \
	TYPED("ca_file", KEY_FILE, offsetof(struct of, server.ca_file), NULL,                      \
	    "a PEM file of the CAs to trust"),                                                     \
	TYPED("pin_sha256", KEY_HEX, offsetof(struct of, server.pin_sha256), NULL,                 \
	    "the SHA-256 of the server's certificate"),                                            \
	TEXT("user", offsetof(struct of, server.user), 320, NULL, "the name to log in with"),      \
	TYPED("password_file", KEY_FILE, offsetof(struct of, server.secret.file), NULL,            \
	    "a file whose first line is the password"),                                            \
	TEXT("password_command", offsetof(struct of, server.secret.command), 1000, NULL,           \
	    "a command that prints the password"),                                                 \
	TYPED("password_credential", KEY_NAME, offsetof(struct of, server.secret.credential),      \
	    NULL, "a systemd credential that is the password"),                                    \
	TYPED("oauth", KEY_NAME, offsetof(struct of, server.oauth_name), NULL,                     \
	    "the name of a group of oauth: log in by OAuth2"),                                     \
	NUMBER("timeout", KEY_U32, offsetof(struct of, server.timeout), 1, 600, 60,                \
	    "seconds to wait for one answer")

static const struct conf_key top_keys[] = {
    TYPED("templates", KEY_FOLDER, offsetof(struct conf, templates), NULL,
	"a folder of templates that replace the built-in ones"),
    TYPED("run_dir", KEY_RUN_DIR, offsetof(struct conf, run_dir), "/run/tidings",
	"the folder of the control socket"),
    TYPED("user", KEY_NAME, offsetof(struct conf, user), NULL, "the account to run as"),
};

static const struct conf_key store_keys[] = {
    TYPED("path", KEY_PATH, offsetof(struct conf, store_path), NULL, "the database file"),
    NUMBER("reserve_mb", KEY_U32, offsetof(struct conf, store_reserve_mb), 0, 65536, 64,
	"megabytes of disk held in reserve"),
};

static const struct conf_key mailbox_keys[] = {
    SERVER(conf_mailbox, CONF_TLS_IMPLICIT),
    TYPED("maildir", KEY_RUN_DIR, offsetof(struct conf_mailbox, maildir), NULL,
	"the folder of a Maildir, instead of a server"),
    TEXT("folder", offsetof(struct conf_mailbox, folder), 1000, "INBOX", "the folder to read"),
    WORD("after", words_after, offsetof(struct conf_mailbox, after), CONF_AFTER_DEFAULT,
	"what becomes of a mail that was taken in"),
    TEXT("move_to", offsetof(struct conf_mailbox, move_to), 1000, NULL,
	"the folder for mail that was taken in"),
    NUMBER("poll", KEY_U32, offsetof(struct conf_mailbox, poll), 1, 86400, 60,
	"seconds between two looks where the server does not tell of new mail"),
    {.name = "idle", .type = KEY_BOOL, .offset = offsetof(struct conf_mailbox, idle), .def = 1,
	.doc = "whether the server is to tell of new mail (IDLE)"},
    NUMBER("recheck", KEY_U32, offsetof(struct conf_mailbox, recheck), 1, CONF_RECHECK_MAX, 0,
	"seconds between two looks where the server tells of new mail"),
};

static const struct conf_key transport_keys[] = {
    SERVER(conf_transport, CONF_TLS_STARTTLS),
    TYPED("helo", KEY_HOST, offsetof(struct conf_transport, helo), NULL,
	"the name given in EHLO"),
};

#define OAUTH(field) offsetof(struct conf_oauth, field)

static const struct conf_key oauth_keys[] = {
    TYPED("name", KEY_NAME, OAUTH(name), NULL, "a short name for it"),
    WORD("provider", words_oauth, OAUTH(provider), CONF_OAUTH_OTHER, "whose server it is"),
    TYPED("tenant", KEY_HOST, OAUTH(tenant), "common", "the directory at Microsoft"),
    TEXT("client_id", OAUTH(client_id), 500, NULL, "the client that was registered there"),
    TYPED("client_secret_file", KEY_FILE, OAUTH(secret.file), NULL,
	"a file whose first line is the client's secret"),
    TEXT("client_secret_command", OAUTH(secret.command), 1000, NULL,
	"a command that prints the client's secret"),
    TYPED("client_secret_credential", KEY_NAME, OAUTH(secret.credential), NULL,
	"a systemd credential that is the client's secret"),
    TYPED("token_url", KEY_URL, OAUTH(token_url), NULL, "where tokens are had"),
    TYPED("device_url", KEY_URL, OAUTH(device_url), NULL, "where a log-in by device begins"),
    TYPED("authorize_url", KEY_URL, OAUTH(authorize_url), NULL,
	"where a log-in by browser begins"),
    TEXT("scope", OAUTH(scope), 1000, NULL, "what the client asks to be allowed"),
    TYPED("ca_file", KEY_FILE, OAUTH(ca_file), NULL, "a PEM file of the CAs to trust"),
    NUMBER("timeout", KEY_U32, OAUTH(timeout), 1, 600, 30, "seconds to wait for one answer"),
};

#define QUESTION(key, says) TEXT(#key, offsetof(struct conf_form, key), 200, NULL, says)

static const struct conf_key form_keys[] = {
    TYPED("name", KEY_NAME, offsetof(struct conf_form, name), NULL, "a short name for it"),
    TEXT("from", offsetof(struct conf_form, from), 320, NULL, "the address that sends it"),
    TEXT("to", offsetof(struct conf_form, to), 320, NULL, "the address of the team"),
    TEXT("as", offsetof(struct conf_form, as), 320, NULL, "the member whose tasks it makes"),
    QUESTION(title, "the question for the title"),
    QUESTION(owner, "the question for the owner"),
    QUESTION(due, "the question for the due date"),
    QUESTION(priority, "the question for the priority"),
    QUESTION(project, "the question for the project"),
    QUESTION(tags, "the question for the tags"),
};

static const struct conf_key trust_keys[] = {
    WORD("mode", words_trust, offsetof(struct conf, trust.mode), CONF_TRUST_AUTHENTICATED,
	"what proves who a mail is from"),
    TYPED("authserv_id", KEY_HOST, offsetof(struct conf, trust.authserv_id), NULL,
	"the name in your mail server's Authentication-Results"),
    TYPED("border_host", KEY_HOST, offsetof(struct conf, trust.border_host), NULL,
	"the host that takes your mail from the Internet"),
    WORD("reply_token", words_reply, offsetof(struct conf, trust.reply), CONF_REPLY_AUTO,
	"where the token of a mail stands, by which a reply to it is known"),
};

#define LIMIT(key, kind, least, most, otherwise, says)                                             \
	NUMBER(#key, kind, offsetof(struct conf, limits.key), least, most, otherwise, says)

static const struct conf_key limit_keys[] = {
    LIMIT(mail_bytes, KEY_U64, 65536, 1024 * MB, READING_MAIL_BYTES, "bytes of the largest mail"),
    LIMIT(mime_depth, KEY_U32, 1, 200, READING_MIME_DEPTH, "levels of nested parts"),
    LIMIT(mime_parts, KEY_U32, 1, 20000, READING_MIME_PARTS, "parts of a mail"),
    LIMIT(header_bytes, KEY_U32, 4096, 16 * MB, READING_HEADER_BYTES,
	"bytes of a mail's headers"),
    LIMIT(parser_mb, KEY_U32, 32, 4096, 128, "megabytes of memory for one parser"),
    LIMIT(parser_cpu, KEY_U32, 1, 120, 5, "seconds of CPU for one mail"),
    LIMIT(parser_wall, KEY_U32, 1, 600, 30, "seconds for one mail"),
    LIMIT(parsers, KEY_U32, 1, 64, 2, "parser processes"),
    LIMIT(commands, KEY_U32, 1, 2000, READING_COMMANDS, "commands in one mail"),
    LIMIT(ics_bytes, KEY_U32, 4096, 16 * MB, READING_ICS_BYTES, "bytes of a calendar part"),
    LIMIT(acks_per_day, KEY_U32, 0, 1000, 20, "acknowledgements to a person in a day"),
};

static const struct conf_key log_keys[] = {
    WORD("level", words_level, offsetof(struct conf, log_level), LOG_LEVEL_INFO,
	"how much is logged"),
    TYPED("file", KEY_PATH, offsetof(struct conf, log_file), NULL,
	"the file to log to instead of standard error"),
};

const struct conf_section conf_sections[] = {
    [CONF_SECTION_TOP] = {"", CONF_TOP, 0, top_keys, LEN(top_keys)},
    [CONF_SECTION_STORE] = {"store", CONF_GROUP, 0, store_keys, LEN(store_keys)},
    [CONF_SECTION_MAILBOXES] = {"mailboxes", CONF_LIST, sizeof(struct conf_mailbox),
	mailbox_keys, LEN(mailbox_keys)},
    [CONF_SECTION_TRANSPORTS] = {"transports", CONF_LIST, sizeof(struct conf_transport),
	transport_keys, LEN(transport_keys)},
    [CONF_SECTION_OAUTH] = {"oauth", CONF_LIST, sizeof(struct conf_oauth), oauth_keys,
	LEN(oauth_keys)},
    [CONF_SECTION_FORMS] = {"forms", CONF_LIST, sizeof(struct conf_form), form_keys,
	LEN(form_keys)},
    [CONF_SECTION_TRUST] = {"trust", CONF_GROUP, 0, trust_keys, LEN(trust_keys)},
    [CONF_SECTION_LIMITS] = {"limits", CONF_GROUP, 0, limit_keys, LEN(limit_keys)},
    [CONF_SECTION_LOG] = {"log", CONF_GROUP, 0, log_keys, LEN(log_keys)},
};
const size_t conf_n_sections = LEN(conf_sections);
