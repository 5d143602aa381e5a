# Files of doc/.
dist_man_MANS += \
	doc/tidings.conf.5
