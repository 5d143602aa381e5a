#!/bin/sh
# SPDX-License-Identifier: ISC
# replay.sh: each fuzz target that was built with the replay driver, on its seeds.
set -eu
for target in mailbuild oauth token; do
	"$TD_BUILDDIR/tests/fuzz/fuzz-$target" "$TD_SRCDIR/tests/fuzz/seeds/$target"/*
done
