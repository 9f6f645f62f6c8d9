# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# How an answer is built, and judged: make, make grade, make hint, make reset in its
# folder, answers/LESSON/NN-name. Its files are built as a lesson's, and find the headers
# of the lesson. (DEEPER is for the tests, whose answers are further down.)
ANSWER ?= $(shell printf '%s/%s' "$$(basename "$$(dirname "$$PWD")")" "$$(basename "$$PWD")")
LESSON_DIR ?= ../../../$(firstword $(subst /, ,$(ANSWER)))

include $(DEEPER)../../../common/common.mk

BPF_CFLAGS += -I $(LESSON_DIR)
USER_CFLAGS += -I $(LESSON_DIR)

.PHONY: grade hint reset
grade hint reset:
	@../../../grader/grade.sh $@ $(ANSWER)
