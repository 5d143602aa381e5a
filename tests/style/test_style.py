# SPDX-License-Identifier: ISC
"""A breach of each house rule is found by check-style.sh, and nothing is found in what is right."""
import os
import shutil
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = "/* SPDX-License-Identifier: ISC */\n/* what it is */\n"  # the code begins in line 3
CLOCK = "only daemon/clock.c asks for the time"
PURE = "a parser knows its bytes alone"
PATH = "by their path from the top"

BAD = [  # file, what stands in line 3 and on, line, what is said
    ("parsers/a.c", '#include "daemon/log.h"', 3, "wrong direction"),
    ("parsers/a.c", '#include "../daemon/log.h"', 3, PATH),
    ("parsers/a.c", '#include "parsers/../daemon/log.h"', 3, "wrong direction"),
    ("parsers/a.c", "#include <daemon/log.h>", 3, "in quotes"),
    ("parsers/a.c", "#include <log.h>", 3, "in quotes"),
    ("parsers/a.c", '# include  "log.h"', 3, PATH),
    ("parsers/a.c", '/* x */ #include "./log.h"', 3, PATH),
    ("parsers/a.c", '#include \\\n "log.h"', 3, PATH),
    ("parsers/a.c", '#define H "daemon/log.h"\n#include H', 4, "names its header"),
    ("parsers/a.c", '#import "daemon/log.h"', 3, "wrong direction"),
    ("parsers/a.c", '#include_next "daemon/log.h"', 3, "wrong direction"),
    ("parsers/a.c", "%: include_next <daemon/log.h>", 3, "in quotes"),
    ("parsers/a.c", "f = fopen(path, mode);", 3, "fopen: " + PURE),
    ("parsers/a.c", "const char *home = (getenv)(name);", 3, "getenv: " + PURE),
    ("parsers/a.c", "n = rand() + random();", 3, "random: " + PURE),
    ("parsers/a.c", "localtime_r(&t, &tm);", 3, "localtime_r: " + PURE),
    ("parsers/a.c", "n = read(fd, buf, sizeof buf);", 3, "read: " + PURE),
    ("parsers/a.c", "fprintf(stdout, text);", 3, "stdout: " + PURE),
    ("daemon/store/a.c", '#include "daemon/compose/x.h"', 3, "wrong direction"),
    ("daemon/model/a.c", '#include "daemon//store/x.h"', 3, "wrong direction"),
    ("daemon/conf/a.h", '#\tinclude "daemon/model/x.h" /* why */', 3, "wrong direction"),
    ("daemon/a.c", '#include "tests/unit/unit.h"', 3, "wrong direction"),
    ("daemon/a.c", "int n = atoi (a);", 3, "atoi: is banned"),
    ("daemon/a.c", "f = (atoi)(a);", 3, "atoi: is banned"),
    ("daemon/a.c", "#define copy strcpy", 3, "strcpy: is banned"),
    ("daemon/a.c", "str\\\ncpy(a, b);", 3, "strcpy: is banned"),
    ("daemon/a.c", "strcpy /* a */\n(a, b);", 3, "strcpy: is banned"),
    ("daemon/a.c", "int (*f)(const char *, ...) = &sscanf;", 3, "sscanf: is banned"),
    ("daemon/a.c", "x = \"/*\"; strtok(a, b); y = \"*/\";", 3, "strtok: is banned"),
    ("daemon/a.c", "c = '\"'; gmtime(&t);", 3, "gmtime: is banned"),
    ("daemon/a.c", "/* // */ sprintf(a, b);", 3, "sprintf: is banned"),
    ("parsers/a.c", "system ( cmd );", 3, "system: is banned"),
    ("daemon/a.c", "t = time(0);", 3, CLOCK),
    ("daemon/a.c", "t = time ( NULL );", 3, CLOCK),
    ("daemon/a.c", "t = (time)(&u);", 3, CLOCK),
    ("daemon/a.c", "if (a)\n\tgettimeofday(&tv, NULL);", 4, CLOCK),
    ("daemon/a.c", "clock_gettime (CLOCK_REALTIME, &ts);", 3, CLOCK),
    ("daemon/a.c", "n = clock();", 3, CLOCK),
    ("parsers/a.c", "g_get_real_time();", 3, CLOCK),
    ("daemon/store/a.c", "q = \"SELECT unixepoch() \";", 3, "not asked for the time"),
    ("daemon/a.c", "q = \"SELECT 1 FROM item\";", 3, "SQL outside"),
    ("daemon/a.c", "q = \" INSERT OR IGNORE INTO item \";", 3, "SQL outside"),
    ("daemon/schedule/a.c", "\n\tstruct compose_common common = {0};", 4, "no reply token"),
    ("daemon/intake/a.c", "struct compose_common common; /* reply_token */", 3, "no reply token"),
    ("daemon/a.c", "/* TODO: more */", 3, "a leftover"),
    ("tests/unit/test-a.c", "\tskip ();", 3, "skip_because"),
    ("daemon/a.c", "\n" * 698 + "int a;", 701, "over 700 lines"),
    ("daemon/a.c", "x" * 101, 3, "wider than 100"),
    ("daemon/a.c", "\t" * 12 + "abcdef", 3, "wider than 100"),
    ("contrib/a.py", "#" * 101, 3, "wider than 100"),
    ("doc/a.c", "x" * 101, 3, "wider than 100"),
]
GOOD = [
    ("daemon/log.h", ""),
    ("daemon/a.c", '#include "config.h"\n\n#include <string.h>\n#include "parsers/base/span.h"'),
    ("daemon/a.c", "/* never strcpy(a, b) */ // nor time(NULL)"),
    ("daemon/a.c", 'log("atoi (x), time(NULL)");'),
    ("daemon/a.c", "item.time(1); item->system(2); my_atoi(3); strcpy_s;"),
    ("parsers/a.c", "struct span read = first(open, write.len); p->random(1);"),
    ("daemon/a.c", "f = fopen(path, mode); getenv(name); localtime_r(&t, &tm);"),
    ("parsers/base/zone.c", "fd = open(path, how); read(fd, a, b); getenv(name);"),
    ("daemon/a.c", "time_t time; strftime(a, b); x_strtol(c);"),
    ("daemon/a.c", 'say("WITH GREETINGS");'),
    ("daemon/schedule/a.c", "struct compose_common common; job_reply_token(c, &common);"),
    ("daemon/intake/decide_calendar.c", "struct compose_common common;"),
    ("daemon/control/a.c", "struct compose_common common;"),
    ("daemon/clock.c", "clock_gettime(CLOCK_REALTIME, &ts); time(NULL);"),
    ("daemon/store/a.c", "q = \"SELECT 1 FROM item\";"),
    ("tests/unit/test-a.c", "skip_because(NOT_SANITIZED); sprintf(a, b);"),
    ("daemon/a.c", "\n" * 697 + "int a;"),
    ("daemon/a.c", "\t" * 12 + "abcd"),
    ("daemon/a.c", "\u00e4" * 100),
]


class Style(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.mkdtemp(prefix="tdstyle")
        self.addCleanup(shutil.rmtree, self.top)
        for folder in "contrib templates parsers tests daemon/store daemon/compose".split():
            os.makedirs(os.path.join(self.top, folder))
        self.write("bootstrap", "#!/bin/sh\n")
        self.write("build-version", "#!/bin/sh\n")
        self.write("daemon/store/schema-0001.sql", "CREATE TABLE item (\n")
        self.write("daemon/compose/draft.c", HEAD)
        self.write("doc/store.md", "`item`\n")
        self.write("doc/mail-out.md", "`digest`\n")
        self.write("daemon/log.h", HEAD)

    def write(self, name, text):
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)

    def put(self, rows):
        """Writes each row's code into a file of its own beside the one it names; their names."""
        names = []
        for n, row in enumerate(rows):
            names.append(row[0])
            if row[0].endswith(("/a.c", "/a.h", "/a.py", "test-a.c")):
                names[-1] = row[0].replace("a.", f"a{n}.")
            self.write(names[-1], HEAD + row[1] + "\n")
        return names

    def findings(self):
        done = subprocess.run(["sh", os.path.join(HERE, "check-style.sh")], check=False, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env={**os.environ, "TD_SRCDIR": self.top})
        self.assertEqual(done.returncode, 1 if done.stdout else 0, done.stdout)
        return done.stdout.splitlines()

    def test_each_breach_is_found(self):
        names = self.put(BAD)
        found = self.findings()
        for name, (_, code, line, what) in zip(names, BAD):
            with self.subTest(name=name, code=code[-60:]):
                mine = [f for f in found if f.startswith(f"{name}:{line}: ") and what in f]
                self.assertTrue(mine, [f for f in found if f.startswith(name)])

    def test_what_is_right_passes(self):
        self.put(GOOD)
        self.assertEqual(self.findings(), [])

    def test_head_of_a_file(self):
        self.write("tests/unit/x.c", "int a;\nint b;\n")
        self.write("parsers/x.h", "")
        found = self.findings()
        for name in ("tests/unit/x.c", "parsers/x.h"):
            self.assertIn(f"{name}:1: no SPDX line", found)
            self.assertIn(f"{name}:2: no head comment", found)

    def test_tables_and_streams_are_described(self):
        self.write("daemon/store/schema-0002.sql", "CREATE VIRTUAL TABLE lost USING fts5(\n")
        self.write("daemon/compose/draft.c", HEAD + "stream_of(int kind)\n{\n"
                   '\treturn "digest";\n\treturn "nobody";\n}\n')
        self.assertEqual(self.findings(), ["doc/store.md: `lost` is not described",
                                           "doc/mail-out.md: `nobody` is not described"])


if __name__ == "__main__":
    unittest.main()
