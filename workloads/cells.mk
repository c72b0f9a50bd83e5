# Compiles each workload once for each strategy, and the registries that list them.

CELL_FLAGS := -std=c11 $(CFLAGS) $(ALIGN)

# $(1) object, $(2) source, $(3) workload, $(4) strategy's name, $(5) its header, $(6) variant,
# $(7) further flags
define cell_rule
CELLS += $(1)
NAMES += cell_$(3)_$(4)_$(6)
$(1): workloads/$(2).c $(STAMP)
	$$(call say,CELL,$(3)+$(4)@$(6))
	$(Q)mkdir -p $$(@D) && $$(CC) $$(CELL_FLAGS) $$(BASE) -DCELL_WORKLOAD=$(3) \
		-DCELL_STRATEGY=$(4) -DCELL_VARIANT=$(6) \
		'-DKREF_STRATEGY_HEADER="strategies/$(5).h"' $(7) -c -o $$@ $$<
endef
cell = $(eval $(call cell_rule,$(B)/cells/$(1)/$(2)@$(4).o,$(3),$(1),$(2),$(5),$(4),$(6)))

CELLS :=
NAMES :=
$(foreach w,$(WORKLOADS),$(foreach s,$(STRATEGIES),$(call cell,$(w),$(s),$(w),$(VARIANT),$(s))))

# The controls: in every group the baseline compiled again and the empty cell; for getput the same
# instructions written by hand, where they are written.
$(foreach w,$(WORKLOADS),$(call cell,$(w),refcount,$(w),aa,refcount,-DCELL_IS_CONTROL))
$(foreach w,$(WORKLOADS),$(call cell,$(w),empty,empty,$(VARIANT),none,-DCELL_IS_CONTROL))
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
$(foreach s,atomic refcount,$(call cell,getput,$(s),getput_asm,asm,$(s),-DCELL_IS_CONTROL -DTWIN_$(s)))
endif

# A missing cell is a link error: the table names each.
$(B)/registry.c: workloads/cells.mk $(STAMP)
	$(Q)mkdir -p $(B) && { echo '#include "workloads/registry.h"'; \
		printf 'extern const struct workload %s;\n' $(NAMES); \
		echo 'static const struct workload *const cells[] = {'; \
		printf '\t&%s,\n' $(NAMES); echo '};'; \
		echo 'int registry_open(struct registry *registry)'; \
		echo '{'; \
		printf '\tregistry->cells = cells;\n'; \
		printf '\tregistry->nr_cells = sizeof(cells) / sizeof(*cells);\n'; \
		printf '\treturn 0;\n}\n'; } > $@

$(B)/registry.o: $(B)/registry.c
	$(Q)$(CC) -std=c11 $(BASE) $(CFLAGS) -I. -c -o $@ $<

# --- the light program's description of the same lists -------------------------------------------

DESCRIBED := $(WORKLOADS:%=$(B)/described/workload_%.o) \
	$(STRATEGIES:%=$(B)/described/strategy_%.o) $(B)/described/registry_describe.o

$(B)/described/workload_%.o: workloads/%.c $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 $(BASE) -DCELL_WORKLOAD=$* -c -o $@ $<

# Optimised, so that the operations go, which nothing here uses, and what they need of liburcu.
$(B)/described/strategy_%.o: workloads/strategy.c kref/strategies/%.h $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 $(BASE) -O1 -DCELL_STRATEGY=$* \
		'-DKREF_STRATEGY_HEADER="strategies/$*.h"' -c -o $@ $<

$(B)/described/registry_describe.o: workloads/registry_describe.c $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 $(BASE) $(CFLAGS) -c -o $@ $<

$(B)/registry_light.c: workloads/cells.mk $(STAMP)
	$(Q)mkdir -p $(B) && { echo '#include "workloads/registry_describe.h"'; \
		printf 'extern const struct description describe_%s;\n' $(WORKLOADS); \
		printf 'extern const struct strategy strategy_%s;\n' $(STRATEGIES); \
		echo 'const struct description *const registry_workloads[] = {'; \
		printf '\t&describe_%s,\n' $(WORKLOADS); printf '\t0\n};\n'; \
		echo 'const struct strategy *const registry_strategies[] = {'; \
		printf '\t&strategy_%s,\n' $(STRATEGIES); printf '\t0\n};\n'; \
		echo 'const char registry_variant[] = "$(VARIANT)";'; } > $@

$(B)/registry_light.o: $(B)/registry_light.c
	$(Q)$(CC) -std=c11 $(BASE) $(CFLAGS) -I. -c -o $@ $<
