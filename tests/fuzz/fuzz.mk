# Fuzzers of what users and other machines' folders give: files, topologies and command lines.
#
#   make fuzz                FUZZ_S seconds each, ends with what each has run and covered
#   make fuzz FUZZERS=samples FUZZ_S=60

FUZZERS := options samples report topology resume
FUZZ_S := 600
FUZZ := $(B)/fuzz

FUZZ_OF_options := options options_operands options_values variant $(PLACE) error
FUZZ_OF_samples := $(REPORT) summarise
FUZZ_OF_report := $(FUZZ_OF_samples)
FUZZ_OF_topology := $(PLACE) error
FUZZ_OF_resume := schedule_keep cut cut_scan $(filter-out $(SCHEDULE),$(GROUP)) $(SCHEDULE)

FUZZ_CC := clang
# What -fsanitize=undefined leaves out: a figure too large for an integer.
FUZZ_FLAGS := -std=c11 $(BASE) -O1 -g -fsanitize=fuzzer,address,undefined,float-cast-overflow \
	-fno-sanitize-recover=all -I. -Iharness
define fuzzer
$(FUZZ)/$(1): tests/fuzz/$(1).c $(FUZZ_OF_$(1):%=harness/%.c) $(STAMP)
	$$(call say,FUZZ,$(1))
	$(Q)mkdir -p $$(@D) && $(FUZZ_CC) $(FUZZ_FLAGS) -o $$@ $$(filter %.c,$$^) -lhwloc -ljansson -lnuma -lm
endef
$(foreach f,options samples report topology resume,$(eval $(call fuzzer,$(f))))

.PHONY: fuzz
fuzz: $(FUZZERS:%=$(FUZZ)/%)
	$(Q)tests/fuzz/run $(FUZZ) $(FUZZ_S) $(FUZZERS)
