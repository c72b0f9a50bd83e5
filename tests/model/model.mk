# The model-checked programs: one a strategy, $(T)/model_NAME, in tests/model/.

# What Relacy cannot run, each with its reason; the tests of real threads have them all.
MODEL_OPAQUE_none := counts nothing
MODEL_OPAQUE_plain := for one thread
MODEL_OPAQUE_urcu_ref := code of liburcu
MODEL_OPAQUE_rcu_only := code of liburcu
MODEL_OPAQUE_hazptr := code of Concurrency Kit
MODEL_OPAQUE_seqlock := code of Concurrency Kit
MODEL_OPAQUE_shared_ptr := code of libstdc++
MODEL_OPAQUE_g_atomic_rc_box := code of glib

MODEL_OPAQUE := $(foreach s,$(STRATEGIES) $(FLOORS) $(PEERS),$(if $(MODEL_OPAQUE_$(s)),$(s)))
model_opaque = $(1) ($(MODEL_OPAQUE_$(1)))$(if $(filter-out $(lastword $(MODEL_OPAQUE)),$(1)),$(comma))
# None where the sanitizers are on: Relacy changes stacks by itself.
MODELLED := $(filter-out $(MODEL_OPAQUE) $(EXTRA),$(STRATEGIES))

# Without the second, g++ drops the marks by which Relacy knows freed memory; the third: Relacy
# has no sized delete.
MODEL_FLAGS := -std=c++17 -O1 $(if $(findstring clang,$(shell $(CXX) --version)),,-fno-lifetime-dse) \
	-fno-sized-deallocation -D_GNU_SOURCE $(WARNINGS) -MMD -MP -Itests/model/shim

$(T)/model/engine.o: tests/model/engine.cc $(STAMP)
	$(call say,TEST,$(@F))
	$(Q)mkdir -p $(@D) && $(CXX) $(MODEL_FLAGS) -c -o $@ $<

# $(1) strategy. A file of its own that comes later is to be noticed.
define model_rule
TESTS += $(T)/model_$(1)
$(T)/model/$(1).o: tests/model/strategy.cc $(wildcard tests/model/own/$(1).*) $(STAMP)
	$$(call say,TEST,model_$(1))
	$(Q)mkdir -p $$(@D) && $$(CXX) $$(MODEL_FLAGS) -DMODEL_STRATEGY=$(1) \
		'-DKREF_STRATEGY_HEADER="strategies/$(1).h"' -c -o $$@ $$<
$(T)/model_$(1): $(T)/model/$(1).o $(T)/model/engine.o
	$(Q)$$(CXX) -o $$@ $$^
endef
$(foreach s,$(MODELLED),$(eval $(call model_rule,$(s))))

.PHONY: model model-opaque
model: $(MODELLED:%=$(T)/model_%) model-opaque
	$(Q)sh tests/run-tests $(TEST_LIMIT_S) $(MODELLED:%=$(T)/model_%)

model-opaque:
	$(if $(MODELLED),@echo 'stress only: $(foreach s,$(MODEL_OPAQUE),$(call model_opaque,$(s)))')

# --- mutants: each broken header is to be seen ---------------------------------------------------------

# MUTANTS=REGEX for those whose name matches. The commands run in copies of the tree.
.PHONY: mutants
mutants: $(MODELLED:%=$(T)/model_%)
	$(Q)MUTANTS_MODEL='$(CXX) $(MODEL_FLAGS)' MUTANTS_LINK='$(CXX)' \
		MUTANTS_C='$(CC) -std=c11 -D_GNU_SOURCE -O1 -g -I. -Iharness' \
		MUTANTS_C_LIBS='-lcmocka $(URCU)' MUTANTS_LIMIT_S=$(TEST_LIMIT_S) \
		MUTANTS_TESTS='$(sort $(notdir $(TESTS)))' \
		sh tests/mutants/run $(B) '$(MUTANTS)'
