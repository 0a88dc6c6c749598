# cust360: build, test, demo, install. "make help" lists the targets.
SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := all

VARIANT ?= release
BUILD   := build
OUT     := $(BUILD)/$(VARIANT)

PACKAGES := libxml-2.0 libpcre2-8 sqlite3 libfyaml libutf8proc libxxhash odbc
CFLAGS_release := -O2 -g
CFLAGS_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -DARENA_DEBUG
LDFLAGS_asan   := -fsanitize=address,undefined
CFLAGS_clang   := -O2 -g
CC_clang       := clang

CC       := $(or $(CC_$(VARIANT)),gcc)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wwrite-strings -Wcast-qual -Wvla -Wundef -Wformat=2
ifneq ($(CC),clang)
WARNINGS += -Wduplicated-cond -Wlogical-op
endif
CPPFLAGS += -Iinclude -Ietl -D_GNU_SOURCE
CFLAGS   += -std=c11 $(WARNINGS) $(CFLAGS_$(VARIANT)) -pthread $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LDFLAGS  += $(LDFLAGS_$(VARIANT)) -pthread
LDLIBS   += $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv -lm

SOURCES      := $(sort $(shell find etl -name '*.c'))
OBJECTS      := $(SOURCES:%.c=$(OUT)/%.o)
PART_OBJECTS := $(filter-out $(OUT)/etl/main.o,$(OBJECTS))
UNIT_OBJECTS := $(patsubst %.c,$(OUT)/%.o,$(sort $(shell find tests/unit -name '*.c' 2>/dev/null)))
E2E_OBJECTS  := $(patsubst %.c,$(OUT)/%.o,$(sort $(shell find tests/e2e -name '*.c' 2>/dev/null)))

all: $(BUILD)/cust360

$(BUILD)/cust360: $(OUT)/bin/cust360
	@cp -f $< $@

$(OUT)/bin/cust360: $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(OUT)/tests/unit/unit: $(UNIT_OBJECTS) $(PART_OBJECTS)
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -lcriterion -o $@

$(OUT)/tests/e2e/e2e: $(E2E_OBJECTS) $(PART_OBJECTS)
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -lcriterion -o $@

unit: $(OUT)/tests/unit/unit
	$< $(if $(FILTER),--filter '$(FILTER)')

e2e: $(OUT)/tests/e2e/e2e $(OUT)/bin/cust360
	CUST360=$(OUT)/bin/cust360 $< $(if $(FILTER),--filter '$(FILTER)')

format:
	clang-format -i $$(git ls-files '*.c' '*.h'; git ls-files -o --exclude-standard '*.c' '*.h')

clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d) $(E2E_OBJECTS:.o=.d)
.PHONY: all unit e2e format clean
