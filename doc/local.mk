# Files of doc/.
EXTRA_DIST +=
