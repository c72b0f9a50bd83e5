# Compiles each workload once for each strategy and variant, and the registries that list them.

# Compiler and flags of a source, $(1), in a variant, $(2).
cell_flags = -std=c11 $(CFLAGS) $(ALIGN_$(1)) $(more_$(1))
cell_cxxflags = -std=c++17 $(CXXFLAGS) $(ALIGN_$(1)) $(more_$(1))
more_b = $(AB_CFLAGS)
cell_compile = $(if $(filter %.cc,$(1)),$(CXX_$(2)) $(call cell_cxxflags,$(2)),$(CC_$(2)) $(call \
	cell_flags,$(2))) $(BASE)

# For tests: as the cells of CC's own variant.
CELL_FLAGS = $(call cell_flags,$(VARIANT))

# $(1) object, $(2) source, $(3) workload, $(4) name, $(5) variant, $(6) its tool chain,
# $(7) further flags
define cell_rule
CELLS += $(1)
NAMES += cell_$(3)_$(4)_$(5)
$(1): $(2) $(or $(STAMP_$(5)),$(STAMP)) $(if $(filter $(4),$(EXTRA)),$(LISTS))
	$$(call say,CELL,$(3)+$(4)@$(5))
	$(Q)mkdir -p $$(@D) && $$(call cell_compile,$(2),$(6)) -DCELL_WORKLOAD=$(3) \
		-DCELL_STRATEGY=$(4) -DCELL_VARIANT=$(5) $(7) -c -o $$@ $$<
endef
tree_b = $(addsuffix /,$(AB_TREE))
STAMP_b := $(AB_STAMP)
# $(1) workload, $(2) name, $(3) source, $(4) variant, $(5) its tool chain, $(6) further flags
cell = $(eval $(call cell_rule,$(B)/cells/$(1)/$(2)@$(4).o,$(3),$(1),$(2),$(4),$(5),$(6)))
header_of = $(if $(filter $(1),$(EXTRA)),$(STRATEGY),strategies/$(1).h)
uses = $(if $(filter $(1),$(EXTRA)),-I.) '-DKREF_STRATEGY_HEADER="$(call header_of,$(1))"'

# A floor or a peer has a file of its own in each workload that it fits. In the others, and where what
# it needs is not there, the workload's file makes a hole of it. $(1) workload, $(2) name.
LACKS_GLIB := $(if $(GLIB),,g_atomic_rc_box)
FLAGS_g_atomic_rc_box = $(filter-out -l% -L%,$(GLIB))
own = $(if $(filter $(2),$(LACKS_GLIB)),,$(own_file))
own_file = $(wildcard $(tree_$(3))workloads/$(1)_$(2).c $(tree_$(3))workloads/$(1)_$(2).cc)
kind = -DCELL_IS_$(if $(filter $(2),$(FLOORS)),FLOOR,PEER)
hole = $(kind) '-DKREF_STRATEGY_HEADER="../workloads/hole.h"' \
	$(if $(filter $(2),$(LACKS_GLIB)),-DCELL_LACKS_GLIB)
own_flags = $(kind) $(FLAGS_$(2))

# $(1) workload, $(2) name, $(3) variant. Where the other commit of ab lacks a file: a hole.
other_cell = $(call cell,$(1),$(2),$(or $(own),workloads/$(1).c),$(3),$(3),$(if $(own),$(own_flags),$(hole)))
strategy_cell = $(if $(there),$(call cell,$(1),$(2),$(tree_$(3))workloads/$(1).c,$(3),$(3),$(call \
	uses,$(2))),$(call cell,$(1),$(2),workloads/$(1).c,$(3),$(3),$(lacks)))
there = $(and $(wildcard $(tree_$(3))workloads/$(1).c),$(or $(filter $(2),$(EXTRA)),$(wildcard \
	$(tree_$(3))kref/strategies/$(2).h)))
lacks = -DCELL_LACKS_COMMIT '-DKREF_STRATEGY_HEADER="../workloads/hole.h"'

CELLS :=
NAMES :=
$(foreach w,$(WORKLOADS),$(foreach v,$(VARIANTS), \
	$(foreach s,$(STRATEGIES),$(call strategy_cell,$(w),$(s),$(v))) \
	$(foreach n,$(FLOORS) $(PEERS),$(call other_cell,$(w),$(n),$(v)))))

# The controls: in every group the baseline compiled again and the empty cell; for getput the same
# instructions written by hand, where they are written. By the first variant's tool chain, whose
# baseline all are compared with.
FIRST := $(firstword $(VARIANTS))
control = $(call cell,$(1),$(2),workloads/$(3).c,$(4),$(FIRST),-DCELL_IS_CONTROL $(5))
$(foreach w,$(WORKLOADS),$(call control,$(w),refcount,$(w),aa,$(call uses,refcount)))
$(foreach w,$(WORKLOADS),$(call control,$(w),empty,empty,$(FIRST),$(call uses,none)))
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
$(foreach s,atomic refcount,$(call control,getput,$(s),getput_asm,asm,$(call uses,$(s)) -DTWIN_$(s)))
endif

# A missing cell is a link error: the table names each.
$(B)/registry.c: workloads/cells.mk $(LISTS)
	$(Q)mkdir -p $(B) && { echo '#include "workloads/registry.h"'; \
		printf 'extern const struct workload %s;\n' $(NAMES); \
		echo 'static const struct workload *const cells[] = {'; \
		printf '\t&%s,\n' $(NAMES); echo '};'; \
		echo 'int registry_open(struct registry *registry, const char *const *variants)'; \
		echo '{'; \
		printf '\t(void)variants;\n\tregistry->cells = cells;\n'; \
		printf '\tregistry->nr_cells = sizeof(cells) / sizeof(*cells);\n'; \
		printf '\treturn 0;\n}\n'; } > $@

$(B)/registry.o: $(B)/registry.c $(STAMP)
	$(Q)$(CC) -std=c11 $(BASE) $(CFLAGS) -I. -c -o $@ $<

# --- the light program's description of the same lists -------------------------------------------

# Words workload/name: what has a file of its own.
OWN := $(foreach w,$(WORKLOADS),$(foreach n,$(FLOORS) $(PEERS),$(if $(call own,$(w),$(n)),$(w)/$(n))))
NAMED := $(STRATEGIES) $(FLOORS) $(PEERS)
DESCRIBED := $(WORKLOADS:%=$(B)/described/workload_%.o) $(NAMED:%=$(B)/described/strategy_%.o) \
	$(OWN:%=$(B)/described/%.o) $(B)/described/registry_describe.o

$(B)/described/workload_%.o: workloads/%.c $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 $(BASE) -DCELL_WORKLOAD=$* -c -o $@ $<

$(NAMED:%=$(B)/described/strategy_%.o): $(B)/described/strategy_%.o: workloads/strategy.c $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 $(BASE) -DCELL_STRATEGY=$* \
		$(if $(filter $*,$(STRATEGIES)),$(call uses,$*),$(call hole,,$*)) -c -o $@ $<

$(EXTRA:%=$(B)/described/strategy_%.o): $(LISTS)

# $(1) workload, $(2) name
define own_rule
$(B)/described/$(1)/$(2).o: $(own) $(STAMP)
	$(Q)mkdir -p $$(@D) && $$(call cell_compile,$(own),$(VARIANT)) -DCELL_WORKLOAD=$(1) \
		-DCELL_STRATEGY=$(2) -DCELL_VARIANT=$(VARIANT) $(kind) -DCELL_DESCRIBED -c -o $$@ $$<
endef
$(foreach o,$(OWN),$(eval $(call own_rule,$(patsubst %/,%,$(dir $(o))),$(notdir $(o)))))
OWN_NAMES := $(foreach o,$(OWN),cell_$(subst /,_,$(o))_$(VARIANT))

$(B)/described/registry_describe.o: workloads/registry_describe.c $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 $(BASE) $(CFLAGS) -c -o $@ $<

$(B)/registry_light.c: workloads/cells.mk $(LISTS)
	$(Q)mkdir -p $(B) && { echo '#include "workloads/registry_describe.h"'; \
		printf 'extern const struct description describe_%s;\n' $(WORKLOADS); \
		printf 'extern const struct strategy strategy_%s;\n' $(NAMED); \
		printf 'extern const struct workload %s;\n' $(OWN_NAMES); \
		echo 'const struct description *const registry_workloads[] = {'; \
		printf '\t&describe_%s,\n' $(WORKLOADS); printf '\t0\n};\n'; \
		echo 'const struct strategy *const registry_strategies[] = {'; \
		printf '\t&strategy_%s,\n' $(NAMED); printf '\t0\n};\n'; \
		echo 'const struct workload *const registry_own[] = {'; \
		printf '\t&%s,\n' $(OWN_NAMES); printf '\t0\n};\n'; \
		echo 'const char registry_variant[] = "$(VARIANT)";'; } > $@

$(B)/registry_light.o: $(B)/registry_light.c $(STAMP)
	$(Q)$(CC) -std=c11 $(BASE) $(CFLAGS) -I. -c -o $@ $<
