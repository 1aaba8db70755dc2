# revchain. `make help` says what there is to make; V=1 shows the commands.

VERSION = 0.1.0

PREFIX ?= /usr/local
CC = cc
CFLAGS ?= -O2 -g
HARDENING ?= -D_FORTIFY_SOURCE=3 -fPIE -fstack-protector-strong -fstack-clash-protection \
	$(if $(findstring x86_64,$(shell $(CC) -dumpmachine)),-fcf-protection)
HARDENED_LINK ?= -pie -Wl,-z,relro,-z,now
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3
B = build
COUNT = 20000

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Wstrict-prototypes -Wmissing-prototypes
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DREVCHAIN_VERSION='"$(VERSION)"' -Iinclude -Isrc $(WARNINGS) $(HARDENING) $(CFLAGS)
LIBS ?= $(shell $(PKG_CONFIG) --libs libgit2 libcjson)

LIBRARY = $(patsubst %.c,$B/%.o,$(wildcard src/*.c))
PROGRAM = $(patsubst %.c,$B/%.o,$(wildcard src/cli/*.c))
UNIT_TESTS = $(patsubst %.c,$B/%,$(wildcard tests/unit/*.c))
SHIMS = $(patsubst %.c,$B/%.so,$(wildcard tests/faults/*.c))
ORACLES = $(patsubst %.c,$B/%,$(wildcard tests/oracle/*.c))

BUILD_PACKAGES = gcc libc6-dev make pkg-config git libgit2-dev libcjson-dev
TEST_PACKAGES = $(BUILD_PACKAGES) libcriterion-dev python3 python3-alembic python3-hatchling python3-venv strace valgrind \
	mariadb-server-core mariadb-client-core python3-psycopg2 python3-pymysql python3-aiosqlite
POSTGRESQL = --if-writable /etc/ssl/certs postgresql
LINT_PACKAGES = $(TEST_PACKAGES) clang clang-format clang-tidy cppcheck shellcheck mandoc libdeflate-dev zlib1g-dev

Q = $(if $(V),,@)
say = $(if $(V),:,printf '  %-6s %s\n' $(1) $(2))

all: $B/revchain $B/librevchain.a ## the program and the library (the default)

$B/revchain: $(PROGRAM) $B/librevchain.a
	@$(call say,LINK,$@)
	$Q$(CC) $(CFLAGS) $(HARDENED_LINK) $(LDFLAGS) -o $@ $^ $(LIBS)

$B/librevchain.a: $(LIBRARY)
	@$(call say,AR,$@)
	$Qrm -f $@ && $(AR) rcsD $@ $^

$B/%.o: %.c Makefile
	@$(call say,CC,$<) && mkdir -p $(@D)
	$Q$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(UNIT_TESTS): $B/%: $B/%.o $B/librevchain.a
	@$(call say,LINK,$@)
	$Q$(CC) $(CFLAGS) $(HARDENED_LINK) $(LDFLAGS) -o $@ $^ $(LIBS) -lcriterion

$(ORACLES): $B/%: $B/%.o $B/librevchain.a
	@$(call say,LINK,$@)
	$Q$(CC) $(CFLAGS) $(HARDENED_LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) $B/librevchain.a $(LIBS)

# What tests put in front of the program with LD_PRELOAD.
$(SHIMS): $B/%.so: %.c Makefile
	@$(call say,LINK,$@) && mkdir -p $(@D)
	$Q$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -Wno-pedantic -O2 -g -fPIC -shared -o $@ $<

# The program once more, as a function of order_server.
$B/tests/oracle/order_server: $B/tests/oracle/program_main.o $(filter-out %/main.o,$(PROGRAM))
$B/tests/oracle/program_main.o: $B/src/cli/main.o
	@mkdir -p $(@D) && objcopy --redefine-sym main=program_main $< $@

demo: ## install what the build needs, build, and show the main job on a sample repository
	@tests/install-packages $(BUILD_PACKAGES)
	@$(MAKE) --no-print-directory all
	@tests/cli/demo $B/revchain $B/demo

test: ## install what the tests need, build, and run every test that this machine can run
	@tests/install-packages $(TEST_PACKAGES)
	@tests/install-packages $(POSTGRESQL)
	@$(MAKE) --no-print-directory test-programs
	@B=$B PYTHON=$(PYTHON) tests/run

test-orders: ## 20,000 random histories against git and the oracle, a few minutes; COUNT=, SEED=
	@tests/install-packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory all $B/tests/oracle/order_server
	@$(PYTHON) tests/oracle/order.py --count $(COUNT) $(if $(SEED),--seed $(SEED)) --steps 3 -j $$(nproc) \
		--server $B/tests/oracle/order_server $B/revchain

test-programs: all $(UNIT_TESTS) $(ORACLES) $(SHIMS)

test-docker: ## the image, and the example application, in real docker builds
	@tests/docker/run

bench: all ## whole processes against git and the peer, and what git's orders displace; REPOSITORIES="NAME=DIR:LANE ..."
	$(PYTHON) tests/bench/walk.py --cache $B/bench $B/revchain $(REPOSITORIES)
	$(PYTHON) tests/bench/displaced.py $B/revchain
	$(PYTHON) tests/bench/lookup.py

bench-scale: all ## time and memory on synthetic histories of 10,000 to 1,000,000 commits, and on the hard shapes
	$(PYTHON) tests/bench/scale.py --cache $B/bench --svg $B/scale.svg $B/revchain

lint: ## every checker: format, clang-tidy, cppcheck, both compilers, shellcheck, mandoc, ruff, mypy
	@tests/install-packages $(LINT_PACKAGES)
	@B=$B tests/lint

format: ## bring the C code into its form
	clang-format -i $(wildcard include/revchain/*.h src/*.[ch] src/cli/*.[ch] tests/*/*.c)

build-deps: ## install the Debian packages for the build alone
	@tests/install-packages $(BUILD_PACKAGES)

deps: ## install the Debian packages for build, tests and lint
	@tests/install-packages $(LINT_PACKAGES)

install: all ## program, library, headers, pkg-config file and manual page, under PREFIX (and DESTDIR)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/revchain \
		$(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $B/revchain $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $B/librevchain.a $(DESTDIR)$(PREFIX)/lib/
	install -m 644 include/revchain/*.h $(DESTDIR)$(PREFIX)/include/revchain/
	install -m 644 src/cli/revchain.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' src/revchain.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/revchain.pc

uninstall: ## take away what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/revchain $(DESTDIR)$(PREFIX)/lib/librevchain.a \
		$(DESTDIR)$(PREFIX)/lib/pkgconfig/revchain.pc $(DESTDIR)$(PREFIX)/share/man/man1/revchain.1
	rm -rf $(DESTDIR)$(PREFIX)/include/revchain

clean: ## remove build/
	rm -rf $B

help: ## this list
	@sed -n 's/^\([a-z-]*\):.* ## /\1\t/p' Makefile | expand -t 14

.PHONY: all demo test test-orders test-programs test-docker bench bench-scale lint format build-deps deps install uninstall clean help
.SECONDARY:

-include $(patsubst %.c,$B/%.d,$(wildcard src/*.c src/cli/*.c tests/unit/*.c tests/oracle/*.c))
