# A measuring program of its own, in which the baseline and a strategy misbehave when they are told to.

CRASH := $(B)/crash
CRASH_PROGRAM := $(B)/krefbench-crash
CRASH_WORKLOADS := getput queue_mutex
CRASH_CELLS := $(foreach w,$(CRASH_WORKLOADS),$(patsubst %,$(B)/cells/$(w)/%.o,cas@$(FIRST) refcount@aa \
	empty@$(FIRST)))
crash_names = $(patsubst %,cell_$(1)_%,refcount_$(FIRST) cas_$(FIRST) misbehaves_$(FIRST) refcount_aa \
	empty_$(FIRST))
CRASH_NAMES := $(foreach w,$(CRASH_WORKLOADS),$(call crash_names,$(w)))

define crash_cells_rule
CRASH_CELLS += $(CRASH)/cells/$(1)/refcount.o $(CRASH)/cells/$(1)/misbehaves.o
$(CRASH)/cells/$(1)/refcount.o: MISBEHAVES := BASELINE_MISBEHAVES
$(CRASH)/cells/$(1)/misbehaves.o: MISBEHAVES := MISBEHAVES
$(CRASH)/cells/$(1)/refcount.o $(CRASH)/cells/$(1)/misbehaves.o: \
		$(CRASH)/cells/$(1)/%.o: workloads/$(1).c tests/crash/misbehaves.h $(STAMP)
	$$(call say,CELL,$(1)+$$*)
	$(Q)mkdir -p $$(@D) && $$(call cell_compile,$$<,$(FIRST)) -DCELL_WORKLOAD=$(1) -DCELL_STRATEGY=$$* \
		-DCELL_VARIANT=$(FIRST) '-DMISBEHAVES="$$(MISBEHAVES)"' -I. \
		'-DKREF_STRATEGY_HEADER="tests/crash/misbehaves.h"' -c -o $$@ $$<
endef
$(foreach w,$(CRASH_WORKLOADS),$(eval $(call crash_cells_rule,$(w))))

$(CRASH)/registry.c: tests/crash/crash.mk $(LISTS)
	$(Q)mkdir -p $(@D) && { echo '#include "workloads/registry.h"'; \
		printf 'extern const struct workload %s;\n' $(CRASH_NAMES); \
		echo 'static const struct workload *const cells[] = {'; \
		printf '\t&%s,\n' $(CRASH_NAMES); echo '};'; \
		echo 'int registry_open(struct registry *registry, const char *const *variants)'; \
		echo '{'; \
		printf '\t(void)variants;\n\tregistry->cells = cells;\n'; \
		printf '\tregistry->nr_cells = sizeof(cells) / sizeof(*cells);\n'; \
		printf '\treturn 0;\n}\n'; } > $@

$(CRASH)/registry.o: $(CRASH)/registry.c $(STAMP)
	$(Q)$(CC) $(TEST_FLAGS) -c -o $@ $<

# Launches run its one link order: functions are to be named from its symbols alone.
$(eval $(call measuring_rule,$(CRASH_PROGRAM),$(SHARED_OBJECTS) $(ENGINE_OBJECTS) $(CRASH)/registry.o $(CRASH_CELLS),1))
