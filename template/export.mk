# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Plain make builds it: every *_kern.c becomes a BPF object (*_kern.o), every
# *_user.c a command, linked with the folder's other *.c and with common/. New
# files are found. make V=1 shows the command lines. What can be set:
#
#	CC CLANG	the compilers, of the commands and of the BPF programs
#	CFLAGS LDFLAGS	further options for the commands (CFLAGS: -O2 -g)
#	CPPFLAGS	for both: -I /where/libbpf/is
#	LDLIBS		the libraries
#
# Warnings are shown but end nothing: your compiler may know more of them than
# ours did. CFLAGS="-O2 -g -Werror" is stricter.
CLANG ?= clang
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
BPF_CFLAGS ?= -O2 -g -mcpu=v3

# The BPF target has to be told where this architecture's headers are
# (asm/types.h, in a folder of their own on Debian and its kin), and which one
# it is: else <linux/icmp.h> and others ask for headers of 32-bit machines.
MACHINE := $(or $(shell $(CC) -dumpmachine 2>/dev/null),$(shell uname -m))
MACHINE := $(firstword $(subst -, ,$(MACHINE)))
TRIPLETS := $(shell $(CC) -print-multiarch 2>/dev/null) \
	    $(MACHINE)-linux-gnu $(MACHINE)-linux-musl
ASM_DIR := $(firstword $(foreach t,$(TRIPLETS),$(wildcard /usr/include/$(t)/asm)))
BPF_INCLUDES ?= -D__$(MACHINE)__ $(ASM_DIR:%/asm=-idirafter %)

LIB_CFLAGS := $(shell $(PKG_CONFIG) --cflags libxdp libbpf 2>/dev/null)
LIB_LIBS := $(shell $(PKG_CONFIG) --libs libxdp libbpf 2>/dev/null)
LDLIBS ?= $(if $(wildcard *_pcap.c common/*/*_pcap.c),-lpcap) \
	  $(if $(wildcard common/*/*_mhd.c),-lmicrohttpd) $(EXTRA_LIBS) \
	  $(or $(LIB_LIBS),-lxdp -lbpf) -lelf -lz

KERN_SRC := $(wildcard *_kern.c)
USER_SRC := $(wildcard *_user.c)
PART_SRC := $(filter-out $(KERN_SRC) $(USER_SRC),$(wildcard *.c))
KERN_OBJ := $(KERN_SRC:.c=.o)
PART_OBJ := $(PART_SRC:.c=.o)
COMMON_OBJ := $(patsubst %.c,%.o,$(wildcard common/*.c common/*/*.c))
COMMANDS := $(USER_SRC:.c=)

ifeq ($(V),1)
say = @:
Q :=
else
say = @printf '  %-8s %s\n'
Q := @
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all clean

all: $(KERN_OBJ) $(COMMANDS)
	@:

%_kern.o: %_kern.c Makefile
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) -target bpf -Wall -I headers -I . $(CPPFLAGS) \
		$(LIB_CFLAGS) $(BPF_INCLUDES) -MMD -MP -c $< -o $@

%.o: %.c Makefile
	$(say) CC $@
	$(Q)$(CC) -std=gnu11 -Wall -Wextra $(CFLAGS) -I common -I headers -I . \
		$(CPPFLAGS) $(LIB_CFLAGS) -MMD -MP -c $< -o $@

common/libcommon.a: $(COMMON_OBJ) Makefile
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $(COMMON_OBJ)

$(COMMANDS): %: %.o $(PART_OBJ) common/libcommon.a
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

clean:
	$(Q)rm -f *.o *.d $(COMMANDS) $(patsubst %.d,%,$(wildcard *_user.d)) \
		common/*.o common/*.d common/*/*.o common/*/*.d common/libcommon.a

-include $(wildcard *.d common/*.d common/*/*.d)
