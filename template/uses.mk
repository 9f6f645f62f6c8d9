# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What a lesson uses, asked of the compiler and the linker. export.sh reads
# this file after a lesson's own Makefile, when the lesson is built.
.PHONY: uses-files uses-members uses-parts uses-needs

# uses-files: the sources, and each file of this tree that they include;
# those of EXTRA_SRC too.
uses-files:
	@$(if $(KERN_SRC),$(CLANG) $(BPF_CFLAGS) -MM $(KERN_SRC))
	@$(CC) $(USER_CFLAGS) -MM $(USER_SRC) $(PART_SRC) $(EXTRA_SRC)

# uses-members: links each command into the folder WORK, and leaves the
# linker's map there: it names what was taken from libcommon.a.
uses-members:
	@$(foreach c,$(COMMANDS),$(CC) $(USER_CFLAGS) -o "$$WORK/$c" $c.c \
		$(PART_OBJ) $(LIBCOMMON) $(USER_LIBS) \
		-Xlinker -Map="$$WORK/$c.map" &&) :

# uses-needs: the optional features that it was built with.
uses-needs:
	@echo $(NEEDS) $(filter-out $(call lacking,$(USES)),$(USES))

# uses-parts: as uses-members, of the lesson's own parts.
uses-parts:
	@$(if $(PART_OBJ),$(AR) rcs "$$WORK/parts.a" $(PART_OBJ))
	@$(foreach c,$(COMMANDS),$(CC) $(USER_CFLAGS) -o "$$WORK/$c" $c.c \
		$(if $(PART_OBJ),"$$WORK/parts.a") $(LIBCOMMON) $(USER_LIBS) \
		-Xlinker -Map="$$WORK/$c.map" &&) :
