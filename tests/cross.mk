# make test-cross: the strategies' tests for arm64 and riscv64, cross-compiled and run by qemu-user.

# arm64 twice: with exclusive loads and stores, and with the atomic instructions of 8.1.
CROSS := llsc lse riscv64
CROSS_CC_llsc := aarch64-linux-gnu-gcc -mno-outline-atomics
CROSS_CC_lse := aarch64-linux-gnu-gcc -march=armv8.1-a
CROSS_CC_riscv64 := riscv64-linux-gnu-gcc
CROSS_ARCH_llsc := arm64
CROSS_ARCH_lse := arm64
CROSS_ARCH_riscv64 := riscv64
CROSS_TESTS :=
X := $(B)/cross

# liburcu's folder, empty where there is none.
$(X)/%/urcu: tests/cross/fetch-urcu
	$(call say,FETCH,'liburcu for $*')
	$(Q)tests/cross/fetch-urcu $* '$(abspath $@)'

# $(1) name, $(2) sources, $(3) strategy, $(4) processor
define cross_rule
CROSS_TESTS += $(X)/$(1)@$(4)
$(X)/$(1)@$(4): $(2) $(X)/$(CROSS_ARCH_$(4))/urcu tests/cross/build $(STAMP)
	$$(call say,CROSS,$(1)@$(4))
	$(Q)tests/cross/build $(X)/$(CROSS_ARCH_$(4))/urcu $(3) $(CROSS_CC_$(4)) -Itests/cross \
		$(TEST_FLAGS) '-DSTRATEGY_NAME="$(3)"' -o $$@ $(2)
endef
cross_test = $(foreach c,$(CROSS),$(eval $(call cross_rule,$(1),$(2),$(3),$(c))))
CROSS_STRATEGIES := $(STRATEGIES)
$(foreach s,$(CROSS_STRATEGIES),$(call cross_test,strategy_$(s),tests/kref/test_strategy.c,$(s)))
$(foreach s,$(CROSS_STRATEGIES),$(call cross_test,stress_$(s),tests/kref/stress_strategy.c,$(s)))
$(foreach s,$(EDGES),$(call cross_test,$(s),tests/kref/test_$(s).c,$(s)))
$(call cross_test,seed,tests/harness/test_seed.c,refcount)
$(call cross_test,refcount,tests/kref/test_refcount.c tests/kref/refcount_other.c,refcount)

.PHONY: test-cross cross-tests
test-cross:
	$(Q)sh harness/deps.sh cross
	+$(Q)$(MAKE) --no-print-directory cross-tests

cross-tests: $(CROSS_TESTS)
	$(Q)RUN_BY=tests/cross/run sh tests/run-tests $(TEST_LIMIT_S) $(CROSS_TESTS)
