# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# How a lesson is built. A lesson's Makefile includes this file and is done:
#
#	include ../common/common.mk
#
# Every *_kern.c becomes a BPF object (*_kern.o). Every *_user.c becomes a
# command without the .c; the folder's other *.c files are parts that each
# command is linked with. Variables that a lesson may set before the include:
#
#	NEEDS		optional features it cannot be built without (libpcap, bpftool)
#	USES		those that it can do without (libpcap, libmicrohttpd)
#	EXTRA_LIBS	further libraries for its commands
#	PART_DIRS	folders of further parts (common/ has some)
#
# All paths are relative, so the tree may live in a folder with a space.

COMMON_DIR := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
TOP := $(COMMON_DIR)/..

KERN_SRC := $(wildcard *_kern.c)
USER_SRC := $(wildcard *_user.c)
PART_SRC := $(filter-out $(KERN_SRC) $(USER_SRC),$(wildcard *.c $(PART_DIRS:=/*.c)))
KERN_OBJ := $(KERN_SRC:.c=.o)
COMMANDS := $(USER_SRC:.c=)
LIBCOMMON := $(COMMON_DIR)/libcommon.a
LESSON := $(notdir $(subst $() $(),_,$(CURDIR)))

# V=1 shows the command lines, otherwise one short line a file.
ifeq ($(V),1)
say = @:
Q :=
else
say = @printf '  %-8s %s\n'
Q := @
endif
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all clean debug skips FORCE

# Nothing needs to be configured in order to clean up.
ifneq ($(filter-out clean,$(or $(MAKECMDGOALS),all)),)
include $(TOP)/config.mk
endif

$(TOP)/config.mk: $(TOP)/configure
	@cd $(TOP) && ./configure

# Parts that need an optional library are named after it: *_mhd.c, *_pcap.c. Where
# it is missing, the *_none.c of the same name stands in, if there is one.
# $(call usable,FILES): those of FILES that are built on this machine.
HAVE_mhd := $(HAVE_LIBMICROHTTPD)
HAVE_pcap := $(HAVE_LIBPCAP)
usable = $(filter-out $(call needless,mhd,$(1)) $(call needless,pcap,$(1)),$(1))
needless = $(foreach f,$(2),$(if $(filter %_$(1),$(basename $(f))), \
	   $(if $(HAVE_$(1)),$(patsubst %_$(1),%_none,$(basename $(f)))$(suffix $(f)),$(f))))
PART_SRC := $(call usable,$(PART_SRC))
PART_OBJ := $(PART_SRC:.c=.o)
# They print what to install.
%_none.o: EXTRA_CFLAGS += -DPKG_LIBMICROHTTPD='"$(PKG_libmicrohttpd)"' \
			  -DPKG_LIBPCAP='"$(PKG_libpcap)"'

BPF_CFLAGS = -O2 -g $(BPF_CPU) -target bpf -Wall -Werror \
	     -I $(TOP)/headers -I . $(BPF_INCLUDES)
USER_CFLAGS = -O2 -g -std=gnu11 -Wall -Wextra -Werror \
	      -I $(COMMON_DIR) -I $(TOP)/headers -I . $(LIB_CFLAGS) $(EXTRA_CFLAGS)
USER_LIBS = $(if $(filter libpcap,$(NEEDS) $(USES)),$(PCAP_LIBS)) \
	    $(if $(filter libmicrohttpd,$(USES)),$(MHD_LIBS)) $(EXTRA_LIBS) $(LIB_LIBS)

# A lesson whose optional needs this machine does not meet is left out, and
# that is said: what is missing, and the package that has it.
upper = $(shell printf '%s' '$(1)' | tr '[:lower:]' '[:upper:]')
lacking = $(foreach n,$(1),$(if $(HAVE_$(call upper,$(n))),,$(n)))
MISSING := $(call lacking,$(NEEDS))
left_out = left out: $(LESSON): needs $(n) (install $(or $(PKG_$(n)),$(n)))
left_out_part = left out: a part of $(LESSON): takes $(n) (install $(or $(PKG_$(n)),$(n)))

ifeq ($(strip $(MISSING)),)
all: $(KERN_OBJ) $(COMMANDS)
	@:
skips:
	@$(foreach n,$(call lacking,$(USES)),echo '$(left_out_part)';) :
else
all skips:
	@$(foreach n,$(MISSING),echo '$(left_out)';)
endif

MAKE_DEPS = $(wildcard Makefile) $(COMMON_DIR)/common.mk $(TOP)/config.mk

%_kern.o: %_kern.c $(MAKE_DEPS)
	$(say) BPF $(LESSON)/$@
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@

$(PART_OBJ): %.o: %.c $(MAKE_DEPS)
	$(say) CC $(LESSON)/$@
	$(Q)$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

# The dependency file is named by hand: a command has no .o of its own. By it
# clean finds commands, and programs of tests, whose source is gone.
$(COMMANDS): %_user: %_user.c $(PART_OBJ) $(LIBCOMMON) $(MAKE_DEPS)
	$(say) LINK $(LESSON)/$@
	$(Q)$(CC) $(USER_CFLAGS) -MMD -MP -MF $@.d -MT $@ -o $@ $< \
		$(PART_OBJ) $(LIBCOMMON) $(USER_LIBS)

# Commands that check themselves: the sanitizers, and each frame of a UMEM. What
# is in a packet is not aligned, and need not be on machines that XDP runs on.
DEBUG_COMMANDS := $(COMMANDS:_user=_debug)
DEBUG_CFLAGS := -DXSK_DEBUG -fno-omit-frame-pointer \
		-fsanitize=address,undefined -fno-sanitize=alignment \
		-fno-sanitize-recover=all
debug: $(KERN_OBJ) $(DEBUG_COMMANDS)
$(DEBUG_COMMANDS): %_debug: %_user.c $(PART_OBJ) $(LIBCOMMON) $(MAKE_DEPS)
	$(say) DEBUG $(LESSON)/$@
	$(Q)$(CC) $(USER_CFLAGS) $(DEBUG_CFLAGS) -MMD -MP -MF $@.d -MT $@ -o $@ \
		$(PART_SRC) $(wildcard $(COMMON_DIR)/afxdp/*.c) $< $(LIBCOMMON) $(USER_LIBS)

ifneq ($(LIBCOMMON),./libcommon.a)
$(LIBCOMMON): FORCE
	@$(MAKE) -C $(COMMON_DIR)
endif

# $(call forget,FILE.d...): what was built as these say. Each begins with the name of
# what it is about: FILE, or FILE.o.
forget = for deps in $(1); do \
		built=$${deps%.d}; \
		! read -r target rest <"$$deps" || [ "$$target" != "$$built:" ] || \
			rm -f "$$built"; \
		rm -f "$$built.o" "$$deps"; \
	done

# A command or an object whose source is gone, or has another name now, would be
# taken for what is built today.
STALE := $(filter-out $(patsubst %.c,%.d,$(wildcard *.c)) $(USER_SRC:_user.c=_debug.d), \
	 $(wildcard *.d))
ifneq ($(STALE),)
.PHONY: stale
all: stale
stale:
	$(say) RM "$(LESSON)/{$(STALE:.d=)}: no source"
	$(Q)$(call forget,$(STALE))
endif

clean:
	$(Q)$(call forget,$(wildcard *.d))
	$(Q)rm -f *.o *.d *.ll $(PART_DIRS:=/*.o) $(PART_DIRS:=/*.d) \
		$(COMMANDS) $(DEBUG_COMMANDS)

-include $(wildcard *.d $(PART_DIRS:=/*.d))
