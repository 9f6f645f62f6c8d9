# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Builds every lesson found here. `make help` lists the targets.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := all

# A lesson is a folder whose file needs says so in its first line. Any other folder
# with a Makefile, but for these, is somebody's own: it is built, and not tested.
NOT_LESSONS := common tests testenv doctor template grader bench docs solutions
FOLDERS := $(filter-out $(NOT_LESSONS),$(patsubst %/Makefile,%,$(wildcard */Makefile)))
LESSONS := $(filter $(FOLDERS),$(shell awk 'FNR == 1 && $$2 == "lesson" && \
	FILENAME == $$3 "/needs" { print $$3 }' */needs 2>/dev/null))
OWN := $(filter-out $(LESSONS),$(FOLDERS))
# What is built with them, and how new ones begin.
ROOMS := $(patsubst %/Makefile,%,$(wildcard testenv/Makefile template/Makefile)) $(FOLDERS)
TEST_DIRS := $(patsubst %/Makefile,%,$(wildcard tests/*/Makefile))

# Nothing needs to be configured in order to clean up, to ask for help or to
# make a folder; an export configures when it builds.
ifneq ($(filter-out clean help lessons own copy new-lesson export docs,$(or $(MAKECMDGOALS),all)),)
include config.mk
endif

config.mk: configure
	@./configure

.PHONY: all build build-doctor build-bench common clean check check-all check-vm tests-build demo \
	doctor bench skips help lessons own copy new-lesson export compat docs $(ROOMS) \
	start grade hint reset learn progress

all: build
	@$(MAKE) -s skips

build: $(ROOMS) build-doctor

common:
	@$(MAKE) -C common

$(ROOMS): common
	@$(MAKE) -C $@

# Not one of ROOMS, as `make doctor` is to run it.
build-doctor: common
	@$(MAKE) -C doctor

# Not a part of `make`: only who measures needs it.
build-bench: common
	@$(MAKE) -C bench

# What was left out of the build, and why: no output means nothing was.
skips:
	@for room in $(FOLDERS); do $(MAKE) -s -C $$room skips || exit; done

tests-build: build build-bench
	@for dir in $(TEST_DIRS); do $(MAKE) -C $$dir || exit; done

check: tests-build
	@tests/run.sh

# With what takes long: exports, rebuilds, faults, floods, figures.
check-all: tests-build
	@tests/run.sh --all

# KERNEL and TESTS, from the command line or the environment. It ends with make.
check-vm: export KERNEL := $(KERNEL)
check-vm: export TESTS := $(TESTS)
check-vm: tests-build
	@exec setpriv --pdeathsig TERM tests/vm/check-vm

demo: build
	@testenv/demo.sh

new-lesson:
	@template/new-lesson.sh "$$NAME"

copy:
	@template/copy.sh "$$FROM" "$$TO"

# Assignments; A=basic03/02 names one.
start grade hint reset:
	@grader/grade.sh $@ $(if $(JSON),--json) "$$A"

learn:
	@$(MAKE) -s -C grader
	@grader/learn_user "$$A"

progress:
	@grader/grade.sh progress $(if $(JSON),--json)

# DEST is relative to where make was called, which -C does not change. ("export"
# at the beginning of a line would be a directive of make.)
$()export: export CALLED_FROM := $(value PWD)
$()export:
	@top=$$(pwd -P); cd "$${CALLED_FROM:-.}" && \
		"$$top/template/export.sh" "$$LESSON" "$$DEST"

# BENCH: further options of bench_user. Without any it measures what programs
# cost, what they carry, AF_XDP, and pings; a kernel without live frames says so.
bench: build build-bench
	@[ -x bench/bench_user ] || { $(MAKE) -s -C bench skips; exit 77; }
	@bench/bench_user $(BENCH)
	$(if $(strip $(BENCH)),,@echo; bench/bench_user --live || [ $$? -eq 77 ])
	$(if $(strip $(BENCH)),,@echo; bench/bench_user --af-xdp || [ $$? -eq 77 ])
	$(if $(strip $(BENCH)),,@echo; bench/bench_user --ping || [ $$? -eq 77 ])

lessons:
	@printf '%s\n' $(LESSONS)

# Folders that are built and are no lessons.
own:
	@$(if $(OWN),printf '%s\n' $(OWN))

doctor: build-doctor
	@doctor/doctor_user

# Reads records of test runs; the names of features it asks of the doctor.
compat: build-doctor
	@tests/vm/compat

# Reads the first comments of files.
docs:
	@template/docs.sh

# What is left of a lesson that is gone or has another name: no Makefile.
LEFT = $(filter-out $(patsubst %Makefile,%,$(wildcard */Makefile)), \
	 $(sort $(dir $(wildcard */*_kern.d */*_user.d))))

clean:
	@for dir in common doctor bench $(ROOMS) $(TEST_DIRS); do \
		$(MAKE) -C $$dir clean || exit; done
	@for dir in $(LEFT); do \
		$(MAKE) -C $$dir -f ../common/common.mk clean && \
		{ rmdir $$dir 2>/dev/null || :; } || exit; done
	$(if $(filter 1,$(V)),,@)rm -f config.mk; rm -rf tests/vm/last tests/.failed

help:
	@echo 'make          build every lesson (-j: in parallel; V=1: show the command lines)'
	@echo 'make check    test the lessons, in some minutes, as root (tests/run.sh --help: a part)'
	@echo 'make check-all run all tests, as root; that takes long'
	@echo 'make check-vm [KERNEL=6.1|6.12|newest|folder] [TESTS=...]'
	@echo '              run them on stock kernels, in virtual machines, as root'
	@echo 'make demo     watch the lessons work in a private lab, as root'
	@echo 'make doctor   what this machine can do, and what to do about the rest, as root'
	@echo 'make bench [BENCH="--json ..."]'
	@echo '              what the programs cost, in ns for each packet, and how many they'
	@echo '              carry (BENCH=--live: only that), as root (BENCH=-h: more)'
	@echo 'make skips    list what the build left out, and why (nothing: all was built)'
	@echo 'make clean    remove everything that was built, and config.mk'
	@echo 'make copy FROM=basic03-map-counter TO=my-filter'
	@echo '              begin a program of your own with a lesson'"'"'s, under its own name'
	@echo 'make learn    do the assignments, one after the other: each save is judged'
	@echo 'make start|grade|hint|reset A=basic03/02, make progress'
	@echo '              begin one, judge it by packets, get a hint, begin anew; list all'
	@echo 'make new-lesson NAME=packet05-foo'
	@echo '              make the folder of a new lesson, which works before you change it'
	@echo 'make export LESSON=basic01-xdp-pass DEST=folder'
	@echo '              copy a lesson and the helpers it uses to a folder that builds alone'
	@echo 'make compat   what COMPATIBILITY.org and each README.org say of kernels, from records'
	@echo 'make docs     the lists of files in common/README.org and headers/README.org'
	@echo 'make lessons  list the lessons'
	@echo 'A lesson also builds alone: cd basic01-xdp-pass && make'
	@echo 'There, make debug builds STEM_debug: sanitizers, and checks of AF_XDP frames.'
	@echo './configure --help tells which compilers and options a build can be given.'
