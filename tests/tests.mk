# The tests: what is built, from what, and run in which order. A test exits 0, or 77 to skip.

# Each runs under a limit: a lost lock or a barrier that never opens hangs.
TEST_LIMIT_S := 120
TESTS :=
T := $(B)/tests
TEST_FLAGS := -std=c11 $(BASE) $(CFLAGS) -I. -Iharness

# $(1) name, $(2) sources and objects, $(3) libraries, $(4) further flags
define test_rule
TESTS += $(T)/$(1)
$(T)/$(1): $(2)
	$$(call say,TEST,$(1))
	$(Q)mkdir -p $$(@D) && $$(CC) $$(TEST_FLAGS) $(4) -o $$@ $$(filter %.c %.o,$$^) \
		$$(LDFLAGS) $(3)
endef
test_program = $(eval $(call test_rule,$(1),$(2),$(3),$(4)))
harness_test = $(call test_program,$(1),tests/harness/test_$(1).c \
	$(call harness_objects,$(2)),-lcmocka $(3))
harness_objects = $(patsubst %,$(B)/harness/%.o,$(1))

# --- kref ----------------------------------------------------------------------------------------

define strategy_tests
$(call test_program,strategy_$(1),tests/kref/test_strategy.c,-lcmocka -pthread,$(call header,$(1)))
$(call test_program,stress_$(1),tests/kref/stress_strategy.c,-pthread,$(call header,$(1)))
endef
header = '-DKREF_STRATEGY_HEADER="strategies/$(1).h"' '-DSTRATEGY_NAME="$(1)"'
$(foreach s,$(STRATEGIES),$(eval $(call strategy_tests,$(s))))
$(call test_program,refcount,tests/kref/test_refcount.c tests/kref/refcount_other.c,-lcmocka)

TESTS += $(T)/cxx_user
$(T)/refcount_other.o: tests/kref/refcount_other.c
	$(Q)mkdir -p $(@D) && $(CC) $(TEST_FLAGS) -c -o $@ $<
$(T)/cxx_user: tests/kref/cxx_user.cc $(T)/refcount_other.o
	$(call say,TEST,cxx_user)
	$(Q)$(CXX) -std=c++17 $(BASE) $(CXXFLAGS) -I. -o $@ $^ $(LDFLAGS) -pthread

# --- harness ---------------------------------------------------------------------------------------

TEAM := team count clock error
$(call harness_test,barrier,,-pthread)
$(call harness_test,team,$(TEAM),-lm -pthread)
$(call harness_test,window,window $(TEAM),-lm -pthread)
$(call harness_test,window_errors,window $(TEAM),-lm -pthread)
$(call harness_test,count,count clock error,-lm -pthread)
$(call harness_test,place,place error,-lhwloc)
$(call harness_test,plan,plan place error,-lhwloc)
$(call harness_test,options,options place error,-lhwloc)
$(call harness_test,record,record plan place error,-lhwloc -lm)
$(call harness_test,folder,folder error,)
$(call harness_test,gbench,gbench,-lbenchmark -ljansson -lstdc++ -lm -pthread)
SUMMARISE := summarise judge rounds tally samples flagset stats csv error
$(call harness_test,csv,csv error,-lm)
$(call harness_test,stats,stats,-lm)
$(call harness_test,judge,$(SUMMARISE),-lm)
$(call harness_test,summarise,$(SUMMARISE),-lm)
$(call harness_test,report,$(filter figures% findings% results% report%,$(BOTH)) csv error,-ljansson -lm)

# --- running -----------------------------------------------------------------------------------------

test: deps all $(TESTS)
	$(Q)sh tests/run-tests $(TEST_LIMIT_S) $(TESTS)
	$(Q)tests/check-layers

.PHONY: deps
deps:
	$(Q)sh harness/deps.sh test

# --- the harness against itself, with nothing else running ------------------------------------------

PLAIN := arena clock count error place stats team window
define plain_loop
$(T)/plain_loop_$(1): tests/bench/plain_loop.c $(call harness_objects,$(PLAIN)) \
		$(B)/cells/getput/$(1)@$(VARIANT).o
	$(Q)mkdir -p $$(@D) && $$(CC) $$(TEST_FLAGS) -DCELL_STRATEGY=$(1) -DCELL_VARIANT=$(VARIANT) \
		'-DKREF_STRATEGY_HEADER="strategies/$(1).h"' -o $$@ $$(filter %.c %.o,$$^) \
		$$(LDFLAGS) -lhwloc -lnuma -lm -pthread
endef
$(foreach s,atomic refcount,$(eval $(call plain_loop,$(s))))

bench: all $(T)/plain_loop_atomic $(T)/plain_loop_refcount
	$(Q)sh tests/bench/bench.sh $(B)

# --- static checks: shellcheck and cppcheck are to be there --------------------------------------------

SCRIPTS := run.sh harness/deps.sh harness/build.h.sh tests/run-tests tests/check-layers \
	tests/check-codegen tests/bench/bench.sh tests/command/test_command.sh .ci/run .ci/nightly
CPPCHECK := cppcheck -q --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
	--inline-suppr --suppress=missingIncludeSystem --suppress=ctuuninitvar \
	-D__x86_64__ -D__linux__ -I. -Iharness -I$(B)

lint: $(B)/build.h
	$(Q)shellcheck $(SCRIPTS)
	$(Q)$(CPPCHECK) harness
	$(Q)for workload in $(WORKLOADS); do $(CPPCHECK) -DCELL_WORKLOAD=$$workload \
		-DCELL_STRATEGY=refcount -DCELL_VARIANT=gcc workloads/$$workload.c || exit 1; done
	$(Q)tests/check-layers

check-codegen: $(CELLS)
	$(Q)tests/check-codegen $(CELLS)
