# Files of contrib/.
EXTRA_DIST += \
	contrib/tidings.conf.example \
	contrib/packages \
	contrib/install-missing \
	contrib/check
