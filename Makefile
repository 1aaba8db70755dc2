# revchain: `make help` says what there is.

VERSION = 0.1.0
PREFIX ?= /usr/local
CC = cc
CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Wstrict-prototypes -Wmissing-prototypes
PKG_CONFIG ?= pkg-config
B = build

LIB_SOURCES = $(wildcard src/*.c)
CLI_SOURCES = $(wildcard src/cli/*.c)
UNIT_SOURCES = $(wildcard tests/unit/*.c)
LIB_OBJECTS = $(LIB_SOURCES:%.c=$B/%.o)
CLI_OBJECTS = $(CLI_SOURCES:%.c=$B/%.o)
UNIT_OBJECTS = $(UNIT_SOURCES:%.c=$B/%.o)

LIBS = $$($(PKG_CONFIG) --libs libgit2 libcjson)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DREVCHAIN_VERSION='"$(VERSION)"' -Iinclude -Isrc $(WARNINGS) $(CFLAGS)

# `make V=1` shows the commands.
Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

.PHONY: all
all: $B/revchain $B/librevchain.a

$B/revchain: $(CLI_OBJECTS) $B/librevchain.a
	$(call say,LINK,$@)
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$B/librevchain.a: $(LIB_OBJECTS)
	$(call say,AR,$@)
	$Qrm -f $@ && $(AR) rcsD $@ $^

$B/%.o: %.c
	$(call say,CC,$<)
	$Q mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# One criterion program a module: build/tests/unit/NAME.
$B/tests/unit/%: $B/tests/unit/%.o $B/librevchain.a
	$(call say,LINK,$@)
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcriterion

# A program that an oracle asks: build/tests/oracle/NAME.
$B/tests/oracle/%: $B/tests/oracle/%.o $B/librevchain.a
	$(call say,LINK,$@)
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

.PHONY: clean
clean:
	rm -rf $B

-include $(LIB_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d)
