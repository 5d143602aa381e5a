#!/bin/sh
# SPDX-License-Identifier: ISC
# embed.sh FILE...: writes the files as C strings to standard output.
set -eu
echo '/* Made by templates/embed.sh. */'
echo '#include "config.h"'
echo '#include "templates/embedded.h"'
echo '#include <stddef.h>'
echo 'const struct embedded embedded_templates[] = {'
for file; do
	printf '{"%s",\n' "${file##*/}"
	sed -e 's/[\\"?]/\\&/g' -e 's/	/\\t/g' -e 's/^/"/' -e 's/$/\\n"/' "$file"
	echo '},'
done
echo '{NULL, NULL}};'
