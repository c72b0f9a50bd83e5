# make selftest: does the method find what is known to be there, and nothing where there is nothing?
# A measuring program of its own: the baseline, its twins and slow ones in groups of usual size.

SELFTEST_WORKLOADS := getput queue_mutex queue_put_mutex queue_unless_zero queue_rcu
SELFTEST_TWINS := $(addprefix twin,01 02 03 04 05 06 07 08 09 10)
# slow102a does 102 ops and reports 100.
SELFTEST_PERCENT := 1 2 5
SELFTEST_SLOW := $(foreach p,$(SELFTEST_PERCENT),slow10$(p)a slow10$(p)b)
# One thread and all of them; otherwise the defaults that any run has.
SELFTEST_FILTER = /held/.*/work_ns:0/threads:(1|$(shell nproc))$$
SELFTEST_OPTIONS := --seed 1
SELFTEST_PAGE := docs/selftest.md

S := $(B)/selftest
SELFTEST_PROGRAMS := $(B)/krefbench-selftest $(S)/account

# Each the workload and the baseline's header compiled once more: code of its own, placed anew.
# A rule for these alone: one for any %.o would make twin01.d.o, for make to link it to twin01.d.
selftest_objects = $(patsubst %,$(S)/cells/$(1)/%.o,$(SELFTEST_TWINS) $(SELFTEST_SLOW))
define selftest_cells_rule
SELFTEST_CELLS += $(selftest_objects)
$(selftest_objects): $(S)/cells/$(1)/%.o: workloads/$(1).c $(STAMP)
	$$(call say,CELL,$(1)+$$*)
	$(Q)mkdir -p $$(@D) && $$(call cell_compile,$$<,$(FIRST)) -DCELL_WORKLOAD=$(1) \
		-DCELL_STRATEGY=$$* -DCELL_VARIANT=$(FIRST) $(call uses,refcount) -c -o $$@ $$<
endef
SELFTEST_CELLS := $(foreach w,$(SELFTEST_WORKLOADS), \
	$(patsubst %,$(B)/cells/$(w)/%.o,refcount@$(FIRST) refcount@aa empty@$(FIRST)))
$(foreach w,$(SELFTEST_WORKLOADS),$(eval $(call selftest_cells_rule,$(w))))

# Words entry,percent: the controls last, as in the registry of all.
selftest_entries = refcount_$(FIRST)$(comma)0 $(SELFTEST_TWINS:%=%_$(FIRST)$(comma)0) \
	$(foreach p,$(SELFTEST_PERCENT),$(foreach c,a b,slow10$(p)$(c)_$(FIRST)$(comma)$(p))) \
	refcount_aa$(comma)0 empty_$(FIRST)$(comma)0
SELFTEST_LIST := $(foreach w,$(SELFTEST_WORKLOADS),$(addprefix cell_$(w)_,$(selftest_entries)))

$(S)/cells.h: tests/selftest/selftest.mk $(LISTS)
	$(Q)mkdir -p $(S) && printf 'CELL(%s)\n' $(SELFTEST_LIST) > $@

$(S)/registry.o: tests/selftest/registry.c $(S)/cells.h $(STAMP)
	$(Q)$(CC) $(TEST_FLAGS) -I$(S) -c -o $@ $<

# Beside krefbench, since a program finds the project's folder from its own.
$(eval $(call measuring_rule,$(B)/krefbench-selftest,$(SHARED_OBJECTS) $(ENGINE_OBJECTS) $(S)/registry.o \
	$(SELFTEST_CELLS),$(ORDERS)))

$(S)/account: tests/selftest/account.c \
		$(call harness_objects,$(filter results%,$(BOTH)) latencies histogram csv runfile stats error)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(TEST_FLAGS) -o $@ $(filter %.c %.o,$^) $(LDFLAGS) -ljansson -lm

$(call test_program,selftest_slow,tests/selftest/test_slow.c $(S)/registry.o \
	$(SELFTEST_CELLS),-lcmocka $(URCU))

# With nothing else running.
.PHONY: selftest
selftest: $(SELFTEST_PROGRAMS)
	$(Q)rm -rf $(S)/run
	$(Q)$(B)/krefbench-selftest --filter '$(SELFTEST_FILTER)' $(SELFTEST_OPTIONS) \
		--out $(S)/run >/dev/null
	$(Q)$(S)/account $(S)/run $(SELFTEST_PAGE)
