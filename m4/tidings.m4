# SPDX-License-Identifier: ISC
# Macros of configure.ac: dependencies that name their Debian package, build modes, hardening.

# TD_NEED(VARIABLE, PKG-CONFIG SPEC, DEBIAN PACKAGE)
AC_DEFUN([TD_NEED],
[PKG_CHECK_MODULES([$1], [$2], [],
	[AC_MSG_ERROR([$2 was not found; on Debian install it with: apt-get install $3])])])

# TD_WANT(VARIABLE, PKG-CONFIG SPEC, DEBIAN PACKAGE, WHAT FOR): optional, told when it is missing
AC_DEFUN([TD_WANT],
[PKG_CHECK_MODULES([$1], [$2], [have_$1=yes],
	[have_$1=no
	AC_MSG_WARN([$2 was not found ($4); on Debian install it with: apt-get install $3])])])

# TD_NEED_LIB(VARIABLE, HEADER, LIBRARY, FUNCTION, DEBIAN PACKAGE): one that has no usable .pc file
AC_DEFUN([TD_NEED_LIB],
[AC_CHECK_HEADER([$2], [],
	[AC_MSG_ERROR([$2 was not found; on Debian install it with: apt-get install $5])])
td_saved_LIBS=$LIBS
AC_CHECK_LIB([$3], [$4], [AC_SUBST([$1_LIBS], [-l$3])],
	[AC_MSG_ERROR([lib$3 has no $4; on Debian install it with: apt-get install $5])])
LIBS=$td_saved_LIBS])

AC_DEFUN([TD_ARG_BUILD],
[AC_ARG_ENABLE([sanitizers], [AS_HELP_STRING([--enable-sanitizers], [build with ASan and UBSan])])
AC_ARG_ENABLE([fuzzer], [AS_HELP_STRING([--enable-fuzzer], [build the libFuzzer targets (needs clang)])])
AC_ARG_ENABLE([gcov], [AS_HELP_STRING([--enable-gcov], [build for coverage])])
AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [treat warnings as errors])])
TD_CFLAGS="-std=c11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wformat=2 -Wvla -Wno-unused-parameter -Wno-missing-field-initializers"
TD_LDFLAGS=
AS_IF([test "x$enable_werror" = xyes], [TD_CFLAGS="$TD_CFLAGS -Werror"])
AS_IF([test "x$enable_sanitizers" = xyes],
	[TD_CFLAGS="$TD_CFLAGS -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
	TD_LDFLAGS="$TD_LDFLAGS -fsanitize=address,undefined"
	AC_DEFINE([TD_SANITIZERS], [1], [Define when built with sanitizers: address space limits are off])])
AS_IF([test "x$enable_gcov" = xyes],
	[TD_CFLAGS="$TD_CFLAGS --coverage -O0"
	TD_LDFLAGS="$TD_LDFLAGS --coverage"])
AS_IF([test "x$enable_fuzzer" = xyes],
	[AC_MSG_CHECKING([whether $CC has libFuzzer])
	td_saved=$CFLAGS
	CFLAGS="$CFLAGS -fsanitize=fuzzer"
	AC_LINK_IFELSE([AC_LANG_SOURCE([[#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { (void)p; (void)n; return 0; }]])],
		[AC_MSG_RESULT([yes])],
		[AC_MSG_ERROR([--enable-fuzzer needs clang with its runtime; on Debian: apt-get install clang libclang-rt-14-dev, then ./configure CC=clang])])
	CFLAGS=$td_saved
	TD_CFLAGS="$TD_CFLAGS -fsanitize=fuzzer-no-link"])
AM_CONDITIONAL([FUZZER], [test "x$enable_fuzzer" = xyes])
AM_CONDITIONAL([SANITIZERS], [test "x$enable_sanitizers" = xyes])
AC_SUBST([TD_CFLAGS])
AC_SUBST([TD_LDFLAGS])])

# TD_TRY_FLAG(VARIABLE, FLAG, [link])
AC_DEFUN([TD_TRY_FLAG],
[AC_MSG_CHECKING([whether $CC takes $2])
td_saved_CFLAGS=$CFLAGS
CFLAGS="$CFLAGS -Werror $2"
AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
	[AC_MSG_RESULT([yes])
	$1="$$1 $2"],
	[AC_MSG_RESULT([no])])
CFLAGS=$td_saved_CFLAGS])

AC_DEFUN([TD_HARDENING],
[TD_TRY_FLAG([TD_CFLAGS], [-fstack-protector-strong])
TD_TRY_FLAG([TD_CFLAGS], [-fstack-clash-protection])
TD_TRY_FLAG([TD_CFLAGS], [-fcf-protection])
TD_TRY_FLAG([TD_CFLAGS], [-fPIE])
TD_TRY_FLAG([TD_LDFLAGS], [-pie])
TD_TRY_FLAG([TD_LDFLAGS], [-Wl,-z,relro])
TD_TRY_FLAG([TD_LDFLAGS], [-Wl,-z,now])
TD_TRY_FLAG([TD_LDFLAGS], [-Wl,-z,noexecstack])
AS_IF([test "x$enable_sanitizers" != xyes && test "x$enable_gcov" != xyes && test "x$enable_fuzzer" != xyes],
	[AS_CASE([" $CFLAGS $CPPFLAGS "],
		[*_FORTIFY_SOURCE*], [],
		[TD_CFLAGS="$TD_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])])])
