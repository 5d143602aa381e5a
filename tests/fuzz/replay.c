/* SPDX-License-Identifier: ISC */
/*
 * replay: a main for fuzz targets where there is no libFuzzer: runs each file named, then RUNS
 * inputs made from them by a generator that always gives the same, so that make check keeps every
 * target alive.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUNS 20000
#define SIZE 4096
#define SEEDS 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct {
	uint8_t bytes[SIZE];
	size_t size;
} seeds[SEEDS];
static size_t n_seeds;

static uint32_t
next_random(void)
{
	static uint32_t x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static void
load(const char *path)
{
	FILE *file = fopen(path, "r");

	if (file == NULL || n_seeds == SEEDS) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	seeds[n_seeds].size = fread(seeds[n_seeds].bytes, 1, SIZE, file);
	fclose(file);
	LLVMFuzzerTestOneInput(seeds[n_seeds].bytes, seeds[n_seeds].size);
	n_seeds++;
}

/* Bytes that mean something to mail, more often than others. */
static uint8_t
some_byte(void)
{
	static const char often[] =
	    "\0\0\r\n <>@:,;\"\\=?_.+-()\t/\xc3\xab\xe2\x82\xac\xff\x7f\x1b";

	return next_random() % 3 != 0 ? (uint8_t)often[next_random() % (sizeof often - 1)]
	                              : (uint8_t)next_random();
}

static void
mutate(void)
{
	uint8_t bytes[SIZE] = {0};
	size_t size = next_random() % 300;

	if (n_seeds > 0) {
		size_t pick = next_random() % n_seeds;

		size = seeds[pick].size;
		memcpy(bytes, seeds[pick].bytes, size);
	}
	for (unsigned n = next_random() % 12; n > 0 && size > 0; n--)
		bytes[next_random() % size] = some_byte();
	LLVMFuzzerTestOneInput(bytes, size);
}

int
main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		load(argv[i]);
	for (int i = 0; i < RUNS; i++)
		mutate();
	printf("%zu files and %d inputs made from them\n", n_seeds, RUNS);
	return 0;
}
