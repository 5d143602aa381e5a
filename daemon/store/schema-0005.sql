-- Schema 5: log-ins by OAuth2. The tokens stand here alone; nothing of them goes into events, logs
-- or exports.
CREATE TABLE oauth_token (
	account TEXT NOT NULL,                   -- name of the oauth group in the configuration
	login TEXT NOT NULL,                     -- user name at the mail server
	refresh_token TEXT NOT NULL,
	access_token TEXT,                       -- NULL: none that is good
	expires_at INTEGER NOT NULL DEFAULT 0,   -- of the access token
	state TEXT NOT NULL DEFAULT 'ok',        -- ok, revoked
	why TEXT,                                -- what the authorization server said
	login_at INTEGER NOT NULL,               -- when a person logged in
	refreshed_at INTEGER NOT NULL,
	PRIMARY KEY (account, login)
);
