# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Builds every lesson found here. `make help` lists the targets.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := all

# A lesson is a folder with a Makefile that is none of these.
NOT_LESSONS := common tests testenv template grader bench docs solutions
LESSONS := $(filter-out $(NOT_LESSONS),$(patsubst %/Makefile,%,$(wildcard */Makefile)))
ROOMS := $(wildcard testenv/Makefile) $(patsubst %,%/Makefile,$(LESSONS))
ROOMS := $(patsubst %/Makefile,%,$(ROOMS))
TEST_DIRS := $(patsubst %/Makefile,%,$(wildcard tests/*/Makefile))

# Nothing needs to be configured in order to clean up or to ask for help.
ifneq ($(filter-out clean help,$(or $(MAKECMDGOALS),all)),)
include config.mk
endif

config.mk: configure
	@./configure

.PHONY: all build common clean check tests-build demo skips help $(ROOMS)

all: build
	@$(MAKE) -s skips

build: $(ROOMS)

common:
	@$(MAKE) -C common

$(ROOMS): common
	@$(MAKE) -C $@

# What was left out of the build, and why: no output means nothing was.
skips:
	@for room in $(LESSONS); do $(MAKE) -s -C $$room skips || exit; done

tests-build: build
	@for dir in $(TEST_DIRS); do $(MAKE) -C $$dir || exit; done

check: tests-build
	@tests/run.sh

demo: build
	@testenv/demo.sh

clean:
	@for dir in common $(ROOMS) $(TEST_DIRS); do \
		$(MAKE) -C $$dir clean || exit; done
	$(if $(filter 1,$(V)),,@)rm -f config.mk

help:
	@echo 'make          build every lesson (-j: in parallel; V=1: show the command lines)'
	@echo 'make check    run all tests, as root (tests/run.sh --help: run a part of them)'
	@echo 'make demo     watch the lessons work in a private lab, as root'
	@echo 'make skips    list what the build left out, and why'
	@echo 'make clean    remove everything that was built, and config.mk'
	@echo 'A lesson also builds alone: cd basic01-xdp-pass && make'
	@echo './configure --help tells which compilers and options a build can be given.'
