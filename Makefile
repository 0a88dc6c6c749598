# cust360: build, test, demo, install. "make help" lists the targets.
#
#   VARIANT  release  what is installed                    build/release
#            asan     AddressSanitizer and UBSan           build/asan
#            clang    clang, warnings are errors           build/clang
#            analyze  gcc -fanalyzer, warnings are errors  build/analyze
#            coverage counts which lines were run          build/coverage
#   V=1      shows the commands as they are
#   FILTER   the tests to run, as Criterion has it: make unit FILTER='base_text/*'
SHELL         := /bin/bash
.SHELLFLAGS   := -eu -o pipefail -c
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS     += --no-builtin-rules

VARIANT ?= release
# How a command is shown: itself with V=1, otherwise "  CC  its target".
show     = $(if $(V),,@echo '  $1  $2';)
BUILD   := build
OUT     := $(BUILD)/$(VARIANT)
PREFIX  ?= /usr/local
# The processors of this machine, for targets that call make again.
JOBS    := $(shell nproc 2>/dev/null || echo 2)

# Empty on a machine without the packages; "make demo" and "make test" install them and then call
# make again, which reads them here.
PACKAGES       := libxml-2.0 libpcre2-8 sqlite3 libfyaml libutf8proc libxxhash odbc libmicrohttpd libsodium
PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PACKAGE_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)

# ---- compiler and flags -------------------------------------------------------------------------

VARIANTS := release asan clang analyze fuzz coverage
ifeq ($(filter $(VARIANT),$(VARIANTS)),)
$(error VARIANT=$(VARIANT) is none of: $(VARIANTS))
endif

# What makes an overrun end the program instead of running it; tests/package/run looks for each.
HARDENED       := -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
                  -fcf-protection -fPIE
# The folder that it was built in is no part of the program: the same source gives the same bytes.
CFLAGS_release := -O2 -g $(HARDENED) "-ffile-prefix-map=$(CURDIR)=."
LDFLAGS_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
CFLAGS_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
                  -fno-sanitize-recover=all -DARENA_DEBUG
CFLAGS_clang   := -O2 -g -Werror
CFLAGS_analyze := -O2 -g -Werror
# The shared libubsan of gcc does not write its reports to files, which tests/run looks for.
LDFLAGS_asan   := -fsanitize=address,undefined -static-libasan -static-libubsan
CC_clang       := clang
# Not optimized, so that a line of the source is a line of the program; threads count exactly.
CFLAGS_coverage  := -O0 -g --coverage -fprofile-update=atomic -fprofile-abs-path
LDFLAGS_coverage := --coverage
# libFuzzer is clang's; the fuzz targets are linked with its main.
CFLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LDFLAGS_fuzz   := -fsanitize=address,undefined
CC_fuzz        := clang

CC       := $(or $(CC_$(VARIANT)),gcc)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wvla -Wundef -Wformat=2
ifneq ($(CC),clang)
WARNINGS += -Wduplicated-cond -Wlogical-op
endif
# -fcf-protection is of x86 alone.
ifeq ($(filter x86_64 i686,$(shell uname -m)),)
HARDENED := $(filter-out -fcf-protection,$(HARDENED))
endif
CPPFLAGS += -Iinclude -Ietl -D_GNU_SOURCE
CFLAGS   += -std=c11 $(WARNINGS) $(CFLAGS_$(VARIANT)) -pthread $(PACKAGE_CFLAGS)
LDFLAGS  += $(LDFLAGS_$(VARIANT)) -pthread
LDLIBS   += $(PACKAGE_LIBS) -lcsv -lm

# The analyzer reads the program, not its tests. Two of its warnings are left to the sanitizers: it
# takes (iconv_t)-1 for memory that is lost, and the NULL of an empty slice for an argument.
ANALYZER := -fanalyzer -Wno-analyzer-malloc-leak -Wno-analyzer-null-argument
$(OUT)/etl/%.o: CFLAGS += $(if $(filter analyze,$(VARIANT)),$(ANALYZER))

# What every value of every row passes through.
$(OUT)/etl/standardize/%.o: CFLAGS += $(if $(filter release,$(VARIANT)),-O3)

# ---- files --------------------------------------------------------------------------------------

SOURCES      := $(sort $(shell find etl -name '*.c' 2>/dev/null))
# The files of the stewards' page, as one C file.
PAGE_FILES   := $(sort $(wildcard etl/review/serve/page/*))
PAGE         := $(OUT)/generated/page
OBJECTS      := $(SOURCES:%.c=$(OUT)/%.o) $(PAGE).o
PART_OBJECTS := $(filter-out $(OUT)/etl/main.o,$(OBJECTS))
UNIT_OBJECTS := $(patsubst %.c,$(OUT)/%.o,$(sort $(shell find tests/unit -name '*.c' 2>/dev/null)))
E2E_OBJECTS  := $(patsubst %.c,$(OUT)/%.o,$(sort $(wildcard tests/e2e/*.c)))
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SOURCES := $(sort $(wildcard tests/bench/*.c))
FUZZ_SHARED  := $(patsubst %.c,$(BUILD)/fuzz/%.o,$(filter-out tests/fuzz/fuzz_%,$(wildcard tests/fuzz/*.c)))
FUZZ_TARGETS := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/fuzz/bin/%)
# A dealer's database stands in the samples as text; the program reads it over ODBC.
DATABASES    := $(patsubst %.sql,%.sqlite,$(wildcard samples/group/feeds/*.sql))

# ---- build --------------------------------------------------------------------------------------

## all: build build/cust360 (the default)
all: $(if $(filter release,$(VARIANT)),$(BUILD)/cust360,$(OUT)/bin/cust360)

$(BUILD)/cust360: $(OUT)/bin/cust360
	@cp $< $@.new && mv -f $@.new $@

$(OUT)/bin/cust360: $(OBJECTS)
	@mkdir -p $(@D)
	$(call show,LD,$@)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call show,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(PAGE).c: etl/review/serve/embed $(PAGE_FILES)
	@mkdir -p $(@D)
	$(call show,PAGE,$@)etl/review/serve/embed etl/review/serve/page >$@

$(PAGE).o: $(PAGE).c $(OUT)/flags
	$(call show,CC,$@)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

# Changes when the flags do, and then everything is compiled again. Says what to do when the
# packages are missing, before a compiler fails on the first header.
$(OUT)/flags: FORCE
	@.ci/deps --installed build
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LDLIBS)' | cmp -s - $@ || \
	    echo '$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LDLIBS)' >$@

%.sqlite: %.sql
	@rm -f $@ $@.new
	$(call show,DB,$@)sqlite3 $@.new <$<
	@mv $@.new $@

# ---- tests --------------------------------------------------------------------------------------

$(OUT)/tests/unit/unit: $(UNIT_OBJECTS) $(PART_OBJECTS)
	$(call show,LD,$@)$(CC) $(LDFLAGS) $^ $(LDLIBS) -lcriterion -o $@

$(OUT)/tests/e2e/e2e: $(E2E_OBJECTS) $(PART_OBJECTS)
	$(call show,LD,$@)$(CC) $(LDFLAGS) $^ $(LDLIBS) -lcriterion -o $@

## unit: build and run the unit tests (VARIANT=, FILTER=)
unit: $(OUT)/tests/unit/unit
	@tests/run $< $(if $(FILTER),--filter '$(FILTER)')

## e2e: build and run the end-to-end tests on the real program (VARIANT=, FILTER=)
e2e: $(OUT)/tests/e2e/e2e $(OUT)/bin/cust360 $(DATABASES) $(BUILD)/tests/lying_driver.so \
     $(BUILD)/tests/failing_call.so $(BUILD)/crash/shim.so
	@CUST360=$(OUT)/bin/cust360 tests/run $< $(if $(FILTER),--filter '$(FILTER)')

# An ODBC driver that misbehaves, and a library whose calls fail: loaded when a test says so.
$(BUILD)/tests/%.so: tests/e2e/driver/%.c
	@mkdir -p $(@D)
	$(call show,CC,$<)gcc -std=c11 -D_GNU_SOURCE -O1 -Wall -Wextra -Wconversion -shared -fPIC $< -o $@

## test-samples: test the generator of sample nights
test-samples:
	@python3 -B -m unittest discover tests/samples

## browser: go through the stewards' page with Chromium (screenshots: build/browser)
browser: $(BUILD)/cust360 $(DATABASES)
	@tests/browser/run $(BUILD)/cust360

# ---- crashes ----

$(BUILD)/crash/shim.so: tests/crash/shim.c
	@mkdir -p $(@D)
	$(call show,CC,$<)gcc -std=c11 -D_GNU_SOURCE -O1 -Wall -Wextra -Wconversion -shared -fPIC $< -o $@ -ldl

CRASH_POINTS ?= 300

## crash: break a night at CRASH_POINTS (300) random moments (CRASH_SEED=); ALLOCATIONS=N or all: where it asks for memory
crash: $(BUILD)/cust360 $(BUILD)/crash/shim.so
	@python3 -B tests/crash/crash.py --program $(BUILD)/cust360 --shim $(BUILD)/crash/shim.so \
	    --points $(or $(filter-out all,$(ALLOCATIONS)),$(CRASH_POINTS)) \
	    $(if $(ALLOCATIONS),--few --kinds site) $(if $(filter all,$(ALLOCATIONS)),--each site) \
	    $(if $(CRASH_SEED),--seed $(CRASH_SEED))

crash-short:
	@$(MAKE) --no-print-directory crash CRASH_POINTS=18
	@$(MAKE) --no-print-directory faults CRASH_POINTS=9
	@$(MAKE) --no-print-directory crash ALLOCATIONS=20

## faults: memory that runs out, failing and short writes, clocks that jump, at CRASH_POINTS moments
#  FAULT=alloc tries each of them, one after the other, from FAULT_FROM (1) on: for hours.
FAULT_KINDS := alloc,memory,write,short,alloc,eintr,back,alloc,forward
faults: $(BUILD)/cust360 $(BUILD)/crash/shim.so
	@python3 -B tests/crash/crash.py --program $(BUILD)/cust360 --shim $(BUILD)/crash/shim.so \
	    --points $(CRASH_POINTS) --kinds $(FAULT_KINDS) $(if $(CRASH_SEED),--seed $(CRASH_SEED)) \
	    $(if $(FAULT),--each $(FAULT) --each-from $(or $(FAULT_FROM),1))

## spark-demo: the sample group's night on Apache Spark (two workers), compared with this machine's
spark-demo: deps-test
	@$(MAKE) --no-print-directory -j$(JOBS) all $(DATABASES)
	@etl/spark/demo $(BUILD)/cust360 $(BUILD)

## spark-test: the same with workers killed and filters that crash or end early
spark-test: spark-demo
	@tests/spark/run $(BUILD)/cust360 $(BUILD)

## test: install what is needed, build, run all tests
test: deps-test
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(MAKE) --no-print-directory -j$(JOBS) build-tests
	@$(MAKE) --no-print-directory test-samples
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory e2e
	@$(MAKE) --no-print-directory browser
	@$(MAKE) --no-print-directory crash-short
	@$(MAKE) --no-print-directory package-test
	@$(MAKE) --no-print-directory spark-test
	@echo "make test: all tests passed"

build-tests: $(OUT)/bin/cust360 $(OUT)/tests/unit/unit $(OUT)/tests/e2e/e2e

## coverage: run the tests on a program that counts; at least 90 % of lines and 80 % of branches
coverage: deps-test
	@.ci/deps coverage
	@find $(BUILD)/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory -j$(JOBS) VARIANT=coverage build-tests
	@NIGHTS_SEED=1 NIGHTS_COUNT=20 $(MAKE) --no-print-directory VARIANT=coverage unit
	@TEST_LIMIT_SECONDS=7200 $(MAKE) --no-print-directory VARIANT=coverage e2e
	@tests/coverage/run $(BUILD)/coverage

# ---- checks -------------------------------------------------------------------------------------

## check-style: the rules of the source tree, in seconds
check-style: deps-check
	@tests/style/run

## check: static analysis, both compilers without a warning, all tests under the sanitizers
check: deps-check
	@.ci/check

check-tidy:
	@printf '%s\n' $(SOURCES) | xargs -P$(JOBS) -n4 \
	    .ci/tidy $(CPPFLAGS) -std=c11 $(PACKAGE_CFLAGS) --

check-cppcheck:
	@.ci/cppcheck $(sort $(dir $(SOURCES)))

## valgrind: two nights of the sample and the commands between them under valgrind (minutes)
valgrind: deps-check
	@$(MAKE) --no-print-directory -j$(JOBS) all $(DATABASES)
	@tests/valgrind/run $(BUILD)/cust360

## fuzz: run each fuzz target for TIME seconds (20), or RUNS executions; more: tests/fuzz/README.md
TIME         ?= 20
FUZZ_SECONDS ?= $(TIME)
MUTATIONS    ?= 1000000
fuzz:
	@$(MAKE) --no-print-directory -j$(JOBS) VARIANT=fuzz fuzz-targets
	@FUZZ_RUNS=$(RUNS) tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ_TARGETS)
	@$(MAKE) --no-print-directory -j$(JOBS) mutations

## mutations: mutated values through every kind under the sanitizers (MUTATIONS=, MUTATION_SEED=)
mutations:
	@MUTATIONS=$(MUTATIONS) MUTATION_SEED=$(or $(MUTATION_SEED),1) \
	    $(MAKE) --no-print-directory VARIANT=asan unit FILTER='mutations/*'

## nights: random sequences of nights against a rebuild (SEQUENCES=, SEED=)
nights:
	@NIGHTS_SEED=$(or $(SEED),1000) NIGHTS_COUNT=$(or $(SEQUENCES),1000) TEST_LIMIT_SECONDS=36000 \
	    $(MAKE) --no-print-directory unit FILTER='nights/*'

fuzz-targets: $(FUZZ_TARGETS)

$(BUILD)/fuzz/bin/%: $(BUILD)/fuzz/tests/fuzz/%.o $(FUZZ_SHARED) $(PART_OBJECTS)
	@mkdir -p $(@D)
	$(call show,LD,$@)$(CC) $(LDFLAGS) -fsanitize=fuzzer \
	    -Wl,--wrap=encoding_open,--wrap=encoding_close $^ $(LDLIBS) -o $@

## bench: time standardizing, matching by size and whole nights
bench: bench-standardize bench-match bench-nights

## bench-nights: time runs of 20,000 and 200,000 records (RECORDS="20000 200000")
RECORDS ?= 20000 200000
bench-nights: all
	@tests/bench/run $(RECORDS)

## bench-match: CSV to clusters, SIZES="10000 100000 1000000", into tests/bench/README.md
SIZES ?= 10000 100000 1000000
bench-match: all
	@tests/bench/match $(SIZES)

## bench-peers: matching beside others, installed below build/ (PEER_RECORDS=1000000, PEER_CSV=)
PEER_RECORDS ?= 1000000
bench-peers: all
	@tests/bench/peers --records $(PEER_RECORDS) $(if $(PEER_CSV),--csv $(PEER_CSV))

## bench-standardize: rows standardized a second, and what each kind costs
bench-standardize: $(OUT)/tests/bench/bench_standardize
	@tests/bench/standardize $<

## bench-drafts: how many lines of drafted mappings a person would change (SHOW=1: which)
bench-drafts: all $(DATABASES)
	@python3 tests/bench/drafts.py --program $(BUILD)/cust360 $(if $(SHOW),--show)

## bench-publish: a view of PUBLISH_RECORDS (1000000) golden records to PostgreSQL, then 1 % of it (MARIADB=1)
bench-publish: PUBLISH_RECORDS ?= 1000000
bench-publish: all deps-test
	@tests/bench/publish $(BUILD)/cust360 $(PUBLISH_RECORDS)

## bench-review: a steward's actions among 1,000,000 customers and 100,000 cases (CUSTOMERS=, CASES=)
CUSTOMERS ?= 1000000
CASES     ?= 100000
bench-review: all $(OUT)/tests/bench/bench_review $(DATABASES)
	@tests/bench/review $(BUILD)/cust360 $(OUT)/tests/bench/bench_review $(CUSTOMERS) $(CASES)

## bench-view: the view of a state made anew, each statement's time (STATE=build/bench/…/state.db, AS_OF=)
AS_OF ?= 2026-06-30
bench-view: $(OUT)/tests/bench/bench_view
	@$< mappings/view $(STATE) build/bench/view.db $(AS_OF)

$(OUT)/tests/bench/%: $(OUT)/tests/bench/%.o $(PART_OBJECTS)
	$(call show,LD,$@)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

# ---- install ------------------------------------------------------------------------------------

SHARE := $(DESTDIR)$(PREFIX)/share/cust360
DOC   := $(DESTDIR)$(PREFIX)/share/doc/cust360

## install: put the program, its mappings, samples, manual pages and completion under PREFIX (/usr/local), with DESTDIR
install: all $(DATABASES)
	install -D -m 755 $(BUILD)/cust360 $(DESTDIR)$(PREFIX)/bin/cust360
	install -d $(SHARE) $(DOC)
	tar -cf - --exclude=__pycache__ --exclude='samples/*/state' --exclude='samples/*/out' \
	    mappings samples | tar -xf - -C $(SHARE) --no-same-owner
	install -m 644 LICENSE $(wildcard README.md) mappings/reference/NOTICE $(DOC)
	.package/manual $(BUILD)/cust360 $(DESTDIR)$(PREFIX)/share

## uninstall: remove what install put there
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/cust360
	rm -rf $(SHARE) $(DOC)
	.package/manual --remove $(DESTDIR)$(PREFIX)/share

## deb: a Debian package of what install installs, under /usr (build/*.deb)
deb: all $(DATABASES)
	@.package/deb $(BUILD)

## sbom: what the program is linked with, versions and licences, as CycloneDX (build/cust360.cdx.json)
sbom: all
	@.package/sbom $(BUILD)/cust360 $(PACKAGES) libcsv >$(BUILD)/cust360.cdx.json.new
	@mv $(BUILD)/cust360.cdx.json.new $(BUILD)/cust360.cdx.json
	@echo "sbom: $(BUILD)/cust360.cdx.json"

## reproducible: build the program in two other folders and compare the bytes
reproducible:
	@tests/package/reproducible $(SOURCES)

## package-test: hardened, reproducible (some files), bill of materials, package, manual pages
package-test: all sbom deb
	@tests/package/run $(BUILD)
	@tests/package/reproducible etl/main.c etl/base/text.c etl/cli/command.c etl/extract/xml.c

# ---- packages -----------------------------------------------------------------------------------

## deps: install the packages that the build needs (Debian and Ubuntu)
deps:
	@.ci/deps build

## deps-test: and those that the tests need
deps-test:
	@.ci/deps build test

## deps-check: and those that the checks need
deps-check:
	@.ci/deps build test check

# ---- the rest -----------------------------------------------------------------------------------

## demo: install what is needed, build, run a small group's night and show the view
demo: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all $(DATABASES)
	@samples/demo $(BUILD)/cust360

## format: lay out all C files with clang-format 14
format:
	clang-format-14 -i $$(find etl include tests -name '*.[ch]')

## clean: remove what was built
clean:
	rm -rf $(BUILD) $(DATABASES)

## help: list the targets
help:
	@sed -n 's/^## \([a-z0-9-]*\): \(.*\)/  \1\t\2/p' Makefile | expand -t 16

FORCE:
-include $(OBJECTS:.o=.d) $(FUZZ_SOURCES:%.c=$(OUT)/%.d) \
         $(BENCH_SOURCES:%.c=$(OUT)/%.d) $(UNIT_OBJECTS:.o=.d) $(E2E_OBJECTS:.o=.d)
.PHONY: faults valgrind coverage spark-demo spark-test all unit e2e crash crash-short test test-samples build-tests check check-style check-tidy check-cppcheck fuzz \
        bench-standardize bench-drafts bench-publish bench-review bench-view mutations nights \
        fuzz-targets bench \
        install uninstall deb sbom reproducible package-test deps deps-test deps-check demo format clean help FORCE
