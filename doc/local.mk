# Files of doc/.
dist_man_MANS += \
	doc/tidings.conf.5

EXTRA_DIST += doc/architecture.md
