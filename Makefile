# revchain. `make help` says what there is to make; V=1 shows the commands.

VERSION = 0.1.0

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
CC = cc
CFLAGS ?= -O2 -g
HARDENING ?= -D_FORTIFY_SOURCE=3 -fPIE -fstack-protector-strong -fstack-clash-protection \
	$(if $(findstring x86_64,$(shell $(CC) -dumpmachine)),-fcf-protection)
HARDENED_LINK ?= -pie -Wl,-z,relro,-z,now
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3
B = build
COUNT = 20000
DIST = $B/dist
CHECKS = test lint test-sanitizers test-threads test-valgrind test-valgrind-unit fuzz test-release test-docker test-orders \
	coverage mutation test-faults
SUITES ?= unit cli
TARBALL = $(DIST)/revchain-$(VERSION).tar.gz

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Wstrict-prototypes -Wmissing-prototypes
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DREVCHAIN_VERSION='"$(VERSION)"' -Iinclude -Isrc $(WARNINGS) $(HARDENING) $(CFLAGS)
LIBS ?= $(shell $(PKG_CONFIG) --libs libgit2 libcjson)

LIBRARY = $(patsubst %.c,$B/%.o,$(wildcard src/*.c))
PROGRAM = $(patsubst %.c,$B/%.o,$(wildcard src/cli/*.c))
UNIT_TESTS = $(patsubst %.c,$B/%,$(wildcard tests/unit/*.c))
SHIMS = $(patsubst %.c,$B/%.so,$(wildcard tests/faults/*.c))
ORACLES = $(patsubst %.c,$B/%,$(wildcard tests/oracle/*.c))
VALGRIND_TOOLS = $(patsubst %.c,$B/%,$(wildcard tests/valgrind/*.c))
FUZZERS = $(patsubst %.c,$B/%,$(wildcard tests/fuzz/*.c))

BUILD_PACKAGES = gcc libc6-dev make pkg-config git libgit2-dev libcjson-dev
TEST_PACKAGES = $(BUILD_PACKAGES) libcriterion-dev python3 python3-alembic python3-hatchling python3-venv strace valgrind \
	mariadb-server-core mariadb-client-core python3-psycopg2 python3-pymysql python3-aiosqlite zsh fish
POSTGRESQL = --if-writable /etc/ssl/certs postgresql
WHEEL_PACKAGES = $(shell docker/build-static packages) python3 python3-hatchling
DEB_PACKAGES = debhelper dh-python dpkg-dev lintian pybuild-plugin-pyproject python3-all
RELEASE_PACKAGES = $(BUILD_PACKAGES) $(WHEEL_PACKAGES) $(DEB_PACKAGES) binutils mandoc python3-venv unzip
LINT_PACKAGES = $(TEST_PACKAGES) clang clang-format clang-tidy libclang-rt-dev cppcheck shellcheck mandoc libdeflate-dev zlib1g-dev \
	libpython3-dev

# A build for the sanitizers and libFuzzer, in a directory of its own.
SANITIZED = B=$B/sanitized CC=clang HARDENING= HARDENED_LINK= CFLAGS='-O1 -g -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'

THREADED = B=$B/threaded CC=clang HARDENING= HARDENED_LINK= CFLAGS='-O1 -g -fsanitize=thread'
# Threads count, too: what they lose of a count makes other ones wrong that are reckoned from it.
COVERED = B=$B/coverage CC=gcc HARDENING= HARDENED_LINK= CFLAGS='-O0 -g --coverage -fprofile-update=atomic'

# Of what has to be built first, where who starts make has not said how.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

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

$(FUZZERS): $B/%: $B/%.o $B/librevchain.a
	@$(call say,LINK,$@)
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

# It compares at each bit: to trace that takes a fuzzer more time than all the rest, and teaches it nothing.
%/sanitized/src/inflate.o: ALL_CFLAGS += -fno-sanitize-coverage=trace-cmp

# These look at zlib.
$B/tests/fuzz/inflate $B/tests/fuzz/loose: LIBS += -lz

# This one has CPython in it.
$B/tests/fuzz/pyscan_ast.o: WARNINGS += $(subst -I,-isystem ,$(shell $(PKG_CONFIG) --cflags python3-embed))
$B/tests/fuzz/pyscan_ast: LIBS += $(shell $(PKG_CONFIG) --libs python3-embed)

$(VALGRIND_TOOLS): $B/%: $B/%.o $B/librevchain.a
	@$(call say,LINK,$@)
	$Q$(CC) $(CFLAGS) $(HARDENED_LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) $B/librevchain.a $(LIBS)

# All unit tests in one program.
$B/tests/valgrind/unit: $(UNIT_TESTS:=.o)
$B/tests/valgrind/unit: LIBS += -lcriterion

# The program once more, as a function of a server.
$B/tests/oracle/order_server $B/tests/valgrind/server: $B/tests/program_main.o $(filter-out %/main.o,$(PROGRAM))
$B/tests/program_main.o: $B/src/cli/main.o
	@mkdir -p $(@D) && objcopy --redefine-sym main=program_main $< $@

demo: ## install what the build needs, build, and show the main job on a sample repository
	@tests/install-packages $(BUILD_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) all
	@tests/cli/demo $B/revchain $B/demo

image: ## the image that docker/Dockerfile makes, under the name revchain
	@docker info >/dev/null || { echo "make $@ needs Docker: docker info says why it cannot be used" >&2; exit 1; }
	@tests/docker/base-image debian:bookworm-slim
	@$(call say,IMAGE,revchain)
	$Qdocker build -q -f docker/Dockerfile -t revchain . >/dev/null

example: ## the example application in Docker: build it, start it with PostgreSQL, show it at work, take it down
	@docker info >/dev/null || { echo "make example needs Docker: docker info says why it cannot be used" >&2; exit 1; }
	@docker compose version >/dev/null 2>&1 || tests/install-packages docker-compose
	@tests/docker/base-image postgres:15
	@$(MAKE) --no-print-directory image
	@docker/example/demo $B/example

test: ## install what the tests need, build, and run every test that this machine can run
	@tests/install-packages $(TEST_PACKAGES)
	@tests/install-packages $(POSTGRESQL)
	@$(MAKE) --no-print-directory $(JOBS) test-programs
	@B=$B PYTHON=$(PYTHON) tests/run

test-orders: ## 20,000 random histories against git and the oracle, a few minutes; COUNT=, SEED=
	@tests/install-packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) all $B/tests/oracle/order_server
	@$(PYTHON) tests/oracle/order.py --count $(COUNT) $(if $(SEED),--seed $(SEED)) --steps 3 -j $$(nproc) \
		--server $B/tests/oracle/order_server $B/revchain

test-faults: ## memory, disks, signals and damage, everything in turn: an hour; SEED=
	@tests/install-packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) all $(SHIMS) $B/tests/oracle/order_server
	@PYTHON=$(PYTHON) tests/faults/run --full $(if $(SEED),--seed $(SEED)) $B/revchain

test-programs: all $(UNIT_TESTS) $(ORACLES) $(SHIMS)

unit-objects: $(UNIT_TESTS:=.o)

fuzzers: $(FUZZERS)

test-sanitizers: ## the unit tests and the black-box suite with a program that looks at every access: ASan, UBSan and LSan
	@tests/install-packages $(LINT_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) $(SANITIZED) test-programs
	@ASAN_OPTIONS=allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 B=$B/sanitized tests/run $(SUITES)

test-threads: ## what works side by side, under TSan: reading the work tree
	@tests/install-packages $(LINT_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) $(THREADED) all
	@TSAN_OPTIONS=exitcode=66 tests/cli/run $B/threaded/revchain check

test-valgrind: ## the black-box suite under valgrind, three minutes; SCRIPT= one of tests/cli
	@tests/install-packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) all $B/tests/valgrind/server $B/tests/valgrind/client
	@tests/valgrind/run $B $(SCRIPT)

test-valgrind-unit: ## the unit tests under valgrind, four minutes; SUITE= one of tests/unit
	@tests/install-packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) $B/tests/valgrind/unit
	@tests/valgrind/run -u $B $(SUITE)

# What is counted is written at the end of a process, which the sandbox forbids.
coverage: export REVCHAIN_SANDBOX = off
coverage: ## what the tests of the library and the program reach of each module, as a table; in build/coverage
	@tests/install-packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) $(COVERED) test-programs
	@find $B/coverage -name '*.gcda' -delete
	@umask 0 && $B/coverage/revchain --version >/dev/null # some cases count as a user who may write what all may
	@B=$B/coverage tests/run unit cli
	@$(PYTHON) tests/oracle/merge.py $B/coverage/revchain
	@$(PYTHON) tests/oracle/mend.py --count 30 $B/coverage/revchain
	@$(PYTHON) tests/oracle/alembic_graph.py --count 15 $B/coverage/revchain
	@$(PYTHON) tests/oracle/onto.py --count 15 $B/coverage/revchain
	@$(PYTHON) tests/faults/damaged.py $B/coverage/revchain
	@$(PYTHON) tests/coverage/table.py --least 90 $B/coverage

mutation: ## change one operator of order and chain at a time: do the tests notice? ten minutes; MODULE=, EVERY=, ALL=1
	@tests/install-packages $(LINT_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) all unit-objects
	@$(MAKE) --no-print-directory $(JOBS) $(SANITIZED) $B/sanitized/librevchain.a unit-objects
	@$(PYTHON) tests/mutation/mutate.py $(addprefix --module ,$(MODULE)) $(addprefix --every ,$(EVERY)) $(if $(ALL),--all) $B

fuzz: ## each fuzz target from its seeds, a minute; RUNS=
	@tests/install-packages $(LINT_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) $(SANITIZED) fuzzers
	@PYTHON=$(PYTHON) tests/fuzz/run -r $(or $(RUNS),30000) $B/sanitized/tests/fuzz $(TARGET)

fuzz-long: ## the same for hours, going on from what was found before; RUNS=10000000, TARGET=, SEED=
	@tests/install-packages $(LINT_PACKAGES)
	@$(MAKE) --no-print-directory $(JOBS) $(SANITIZED) fuzzers
	@PYTHON=$(PYTHON) tests/fuzz/run -k -r $(or $(RUNS),10000000) $(if $(SEED),-s $(SEED)) $B/sanitized/tests/fuzz $(TARGET)

test-docker: ## real docker builds: the image, what goes wrong in containers, the example application
	@tests/docker/run

test-release: ## tarball, Debian packages, wheels, static program and its SBOM: made, and used as a stranger would
	@tests/install-packages $(RELEASE_PACKAGES)
	@B=$B tests/release/run

check-release: ## all but fuzz-long, with what CI leaves out: some hours; CHECKS= names the targets
	@.ci/run $(CHECKS)

bench: all ## whole processes against git and the peer, and what git's orders displace; REPOSITORIES="NAME=DIR:LANE ..."
	$(PYTHON) tests/bench/walk.py --cache $B/bench $B/revchain $(REPOSITORIES)
	$(PYTHON) tests/bench/displaced.py $B/revchain
	$(PYTHON) tests/bench/lookup.py
	$(PYTHON) tests/bench/gate.py $B/revchain

bench-docker: image ## what the chain's stage adds to a docker build of the example; CLIENT= is the docker program
	$(PYTHON) tests/bench/dockerbuild.py $(if $(CLIENT),--client $(CLIENT))

bench-scale: all ## time and memory on synthetic histories of 10,000 to 1,000,000 commits, and on the hard shapes
	$(PYTHON) tests/bench/scale.py --cache $B/bench --svg $B/scale.svg $B/revchain

lint: ## every checker: format, clang-tidy, cppcheck, both compilers, shellcheck, mandoc, ruff, mypy; CHECK= names some
	@tests/install-packages $(LINT_PACKAGES)
	@B=$B tests/lint $(CHECK)

format: ## bring C and Python into their form, which lint asks for
	@tests/install-packages $(LINT_PACKAGES)
	@B=$B tests/lint --format

build-deps: ## install the Debian packages for the build alone
	@tests/install-packages $(BUILD_PACKAGES)

deps: ## install the Debian packages for build, tests and lint
	@tests/install-packages $(LINT_PACKAGES)
	@tests/install-packages $(POSTGRESQL)

dist: ## the source of the last commit as a tarball, the same bytes each time, in build/dist
	@mkdir -p $(DIST)
	@git diff --quiet HEAD || echo "NOTE: what is not committed is not in the tarball"
	git archive --prefix=revchain-$(VERSION)/ HEAD | gzip -9n >$(TARBALL)

deb: dist ## Debian packages of that source, in build/dist
	@tests/install-packages $(BUILD_PACKAGES) $(DEB_PACKAGES)
	rm -rf $B/deb && mkdir -p $B/deb
	cp $(TARBALL) $B/deb/revchain_$(VERSION).orig.tar.gz
	tar -C $B/deb -xf $(TARBALL)
	cp -R $B/deb/revchain-$(VERSION)/src/debian $B/deb/revchain-$(VERSION)/debian
	sed 's|@VERSION@|$(VERSION)|; s|@DATE@|'"$$(git log -1 --format=%cD)"'|' src/debian/changelog.in \
		>$B/deb/revchain-$(VERSION)/debian/changelog
	rm $B/deb/revchain-$(VERSION)/debian/changelog.in
	cd $B/deb/revchain-$(VERSION) && PATH=/usr/sbin:/usr/bin:/sbin:/bin dpkg-buildpackage -us -uc
	cp $B/deb/*.deb $(DIST)/

static: ## the program without shared libraries, as in the image: build/static/revchain
	@tests/install-packages $(shell docker/build-static packages)
	@[ $B/static/lib/libgit2.a -nt docker/build-static ] || docker/build-static libraries $B/static
	@docker/build-static program $B/static
	@docker/build-static licences $B/static

wheel: static ## wheels with the module, and with the static program too, for this machine, in build/dist
	@tests/install-packages $(WHEEL_PACKAGES)
	cd src/python && $(PYTHON) -m hatchling build -t wheel -d $(abspath $(DIST))
	cd src/python && REVCHAIN_PROGRAM=$(abspath $B/static/revchain) $(PYTHON) -m hatchling build -t wheel -d $(abspath $(DIST))

sbom: static ## what the static program is made of, with versions, as SPDX, in build/dist
	@mkdir -p $(DIST)
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(PYTHON) docker/sbom.py $B/static $(VERSION) >$(TARBALL:.tar.gz=.spdx.json)

# The shells look for their completions in these.
COMPLETIONS = $(DESTDIR)$(PREFIX)/share/bash-completion/completions/revchain \
	$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_revchain \
	$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/revchain.fish

install: all ## program, library, headers, pkg-config file, manual page and completions, under PREFIX (and DESTDIR)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/include/revchain \
		$(DESTDIR)$(PREFIX)/share/man/man1 $(dir $(COMPLETIONS))
	install -m 755 $B/revchain $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $B/librevchain.a $(DESTDIR)$(LIBDIR)/
	install -m 644 include/revchain/*.h $(DESTDIR)$(PREFIX)/include/revchain/
	sed 's|@VERSION@|$(VERSION)|' src/cli/revchain.1 >$(DESTDIR)$(PREFIX)/share/man/man1/revchain.1
	install -m 644 src/cli/completions/revchain.bash $(word 1,$(COMPLETIONS))
	install -m 644 src/cli/completions/_revchain $(word 2,$(COMPLETIONS))
	install -m 644 src/cli/completions/revchain.fish $(word 3,$(COMPLETIONS))
	sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR:$(PREFIX)/%=$${prefix}/%)|; s|@VERSION@|$(VERSION)|' src/revchain.pc.in \
		>$(DESTDIR)$(LIBDIR)/pkgconfig/revchain.pc

uninstall: ## take away what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/revchain $(DESTDIR)$(LIBDIR)/librevchain.a $(DESTDIR)$(LIBDIR)/pkgconfig/revchain.pc \
		$(DESTDIR)$(PREFIX)/share/man/man1/revchain.1 $(COMPLETIONS)
	rm -rf $(DESTDIR)$(PREFIX)/include/revchain

clean: ## remove build/
	rm -rf $B

help: ## this list
	@sed -n 's/^\([a-z-]*\):.* ## /\1\t/p' Makefile | expand -t 20

.PHONY: all demo example image test test-orders test-faults test-programs unit-objects test-sanitizers test-threads test-valgrind \
	test-valgrind-unit test-docker test-release check-release fuzz fuzz-long fuzzers coverage mutation bench bench-docker \
	bench-scale lint format build-deps deps dist deb static wheel sbom install uninstall clean help
.SECONDARY:

-include $(patsubst %.c,$B/%.d,$(wildcard src/*.c src/cli/*.c tests/unit/*.c tests/oracle/*.c tests/valgrind/*.c tests/fuzz/*.c))
