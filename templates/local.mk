# Files of templates/.
EXTRA_DIST +=
