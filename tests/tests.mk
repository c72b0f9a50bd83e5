# The tests: what is built, from what, and run in which order. A test exits 0, or 77 to skip.

# Each runs under a limit: a lost lock or a barrier that never opens hangs.
TEST_LIMIT_S := 120
TESTS :=
T := $(B)/tests
TEST_FLAGS := -std=c11 $(BASE) $(CFLAGS) -I. -Iharness

# $(1) name, $(2) sources and objects, $(3) libraries, $(4) further flags
define test_rule
TESTS += $(T)/$(1)
$(T)/$(1): $(2) $(STAMP)
	$$(call say,TEST,$(1))
	$(Q)mkdir -p $$(@D) && $$(CC) $$(TEST_FLAGS) $(4) -o $$@ $$(filter %.c %.o,$$^) \
		$$(LDFLAGS) $(3)
endef
test_program = $(eval $(call test_rule,$(1),$(2),$(3),$(4)))
comma := ,
harness_test = $(call test_program,$(1),tests/harness/test_$(1).c \
	$(call harness_objects,$(2)),-lcmocka $(3))
harness_objects = $(patsubst %,$(B)/harness/%.o,$(1))
URCU := -lurcu-memb -lurcu-qsbr -lurcu-common -lm -pthread

# --- kref ----------------------------------------------------------------------------------------

# $(1) name, $(2) strategy, $(3) further flags
define strategy_tests
$(call test_program,strategy_$(1),tests/kref/test_strategy.c,-lcmocka $(URCU),$(call header,$(2)) $(3))
$(call test_program,stress_$(1),tests/kref/stress_strategy.c,$(URCU),$(call header,$(2)) $(3))
endef
header = '-DKREF_STRATEGY_HEADER="$(call header_of,$(1))"' '-DSTRATEGY_NAME="$(1)"'
$(foreach s,$(STRATEGIES),$(eval $(call strategy_tests,$(s),$(s),)))
# Where the paths are common that the defaults seldom take: spills, threads that share a leaf.
$(eval $(call strategy_tests,sloppy_spill,sloppy,-DKREF_SLOPPY_THRESHOLD=1))
$(eval $(call strategy_tests,snzi_shared,snzi,-DKREF_SNZI_LEAVES=2))
STRATEGY_TESTS := $(STRATEGIES) sloppy_spill snzi_shared
slots_flags = $(call header,$(1)) -DKREF_SLOTS_MAX=4
slots_test = $(call test_program,slots_$(1),tests/kref/test_slots.c,-lcmocka $(URCU),$(slots_flags))
$(foreach s,percpu sloppy,$(call slots_test,$(s)))
$(call test_program,refcount,tests/kref/test_refcount.c tests/kref/refcount_other.c,-lcmocka)
$(call test_program,report_threads,tests/kref/report_threads.c,-pthread)
EDGES := flags lockref rcuref tracked
edge_test = $(call test_program,$(1),tests/kref/test_$(1).c,-lcmocka $(URCU),$(call header,$(1)))
$(foreach s,$(EDGES),$(call edge_test,$(s)))

TESTS += $(T)/cxx_user
$(T)/refcount_other.o: tests/kref/refcount_other.c
	$(Q)mkdir -p $(@D) && $(CC) $(TEST_FLAGS) -c -o $@ $<
$(T)/cxx_user: tests/kref/cxx_user.cc $(T)/refcount_other.o
	$(call say,TEST,cxx_user)
	$(Q)$(CXX) -std=c++17 $(BASE) $(CXXFLAGS) -I. -o $@ $(filter %.cc %.o,$^) \
		$(LDFLAGS) -pthread

TESTS += $(T)/tracked_cxx
$(T)/tracked_other.o: tests/kref/tracked_other.c $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) $(TEST_FLAGS) $(call header,tracked) -c -o $@ $<
$(T)/tracked_cxx: tests/kref/tracked_cxx.cc $(T)/tracked_other.o
	$(call say,TEST,tracked_cxx)
	$(Q)$(CXX) -std=c++17 $(BASE) $(CXXFLAGS) $(call header,tracked) -I. -o $@ \
		$(filter %.cc %.o,$^) $(LDFLAGS) -pthread

# --- harness ---------------------------------------------------------------------------------------

TEAM := team count count_plan count_absence guest clock mishap stack error
WINDOW := window window_member sampler histogram disturb $(TEAM)
$(call harness_test,barrier,,-pthread)
$(call harness_test,seed,,)
$(call harness_test,team,$(TEAM),-lm -pthread)
$(call harness_test,mishap,mishap stack stacks profile_tool runfile error,-pthread)
$(call harness_test,window,$(WINDOW),-lm -pthread)
$(call harness_test,window_errors,$(WINDOW),-lm -pthread)
$(call harness_test,window_crowded,$(WINDOW),-lm -pthread -Wl$(comma)--wrap=sched_yield)
$(call harness_test,sampler,$(WINDOW),-lm -pthread)
$(call harness_test,histogram,histogram,-lm)
$(call harness_test,latencies,latencies histogram stats csv runfile error,-lm)
$(call harness_test,disturb,$(WINDOW),-lm -pthread -Wl$(comma)--wrap=clock_gettime)
$(call harness_test,count,count count_plan count_absence guest clock error,-lm -pthread)
PLAN_COUNTED := count count_plan count_absence guest
wrapped = $(foreach f,$(1),-Wl$(comma)--wrap=$(f))
$(call harness_test,count_plan,$(PLAN_COUNTED),$(call wrapped,syscall ioctl read close))
$(call harness_test,events,$(PLAN_COUNTED) events count_events error,-lpfm \
	$(call wrapped,syscall ioctl read close))
PLACE := place place_policy seat steps runfile
PLAN := plan thread_counts variant $(PLACE)
$(call harness_test,place,$(PLACE) error,-lhwloc)
$(call harness_test,policies,$(PLACE) error,-lhwloc)
$(call harness_test,steps,$(PLACE) error,-lhwloc)
$(call harness_test,thread_counts,thread_counts $(PLACE) error,-lhwloc)
$(call harness_test,plan,$(PLAN) error,-lhwloc)
$(call harness_test,crashes,crashes mishap_told mishap stack stacks profile_tool runfile $(PLAN) error,-lhwloc -ljansson -pthread)
$(call harness_test,options,options options_operands options_values variant $(PLACE) error,-lhwloc)
$(call harness_test,record,record runfile $(PLAN_COUNTED) $(PLAN) error,-lhwloc -lm)
GROUP := group group_rounds group_sample latency arena home options_values work stats cputime record runfile $(PLAN) $(WINDOW)
$(call harness_test,group,$(GROUP),-lhwloc -lnuma -lm -pthread)
$(call harness_test,latency,$(GROUP),-lhwloc -lnuma -lm -pthread)
WRAPPED_NUMA := numa_available numa_num_configured_nodes numa_max_node numa_node_of_cpu numa_distance \
	numa_get_mems_allowed numa_allocate_nodemask mbind move_pages
$(call harness_test,home,home options_values variant $(PLACE) error,-lhwloc -lnuma \
	$(WRAPPED_NUMA:%=-Wl$(comma)--wrap=%))
$(call harness_test,handover,handover handover_floor handover_pair runfile stats clock $(PLACE) error,-lhwloc -lm -pthread)
$(call harness_test,folder,folder error,)
$(call harness_test,cputime,cputime,)
$(call harness_test,orders,orders,)
DOCTOR := doctor doctor_cpu doctor_kernel doctor_load doctor_read cputime
$(call harness_test,doctor,$(DOCTOR),)
$(call harness_test,gbench,gbench,-lbenchmark -ljansson -lstdc++ -lm -pthread)
SUMMARISE := summarise judge judge_verdicts rounds tally samples flagset stats stats_shift csv runfile error
$(call harness_test,runfile,runfile error,)
$(call harness_test,csv,csv runfile error,-lm)
$(call harness_test,stats,stats,-lm)
$(call harness_test,shift,stats stats_shift,-lm)
$(call harness_test,judge,$(SUMMARISE),-lm)
$(call harness_test,summarise,$(SUMMARISE),-lm)
SCHEDULE := $(SUMMARISE) schedule schedule_choose schedule_judge budget $(PLAN)
$(call harness_test,schedule,$(SCHEDULE),-lhwloc -lm)
$(call harness_test,schedule_keep,schedule_keep $(SCHEDULE),-lhwloc -ljansson -lm)
$(call harness_test,cut,cut cut_scan $(GROUP) $(SCHEDULE),-lhwloc -lnuma -lm -pthread)
$(call harness_test,machine,machine guest $(PLACE) error,-lhwloc -ljansson)
$(call harness_test,build_id,build_id,-Wl$(comma)--build-id=sha1)
$(call harness_test,resume,resume resume_begin results_meta machine build_id schedule_keep cut cut_scan orders crashes $(GROUP) \
	$(SCHEDULE),-lhwloc -lnuma -ljansson -lm -pthread -Wl$(comma)--build-id=sha1)
$(call harness_test,plan_print,plan_print $(SCHEDULE),-lhwloc -lm)
$(call harness_test,precision,$(SCHEDULE),-lhwloc -lm)
COMPARE := compare compare_align compare_meta compare_print facts results_meta $(SUMMARISE)
$(call harness_test,compare,$(COMPARE),-ljansson -lm)
$(call harness_test,compare_align,$(COMPARE),-ljansson -lm)
REPORT := $(filter figures% findings% results% report%,$(BOTH)) latencies histogram $(filter-out summarise,$(SUMMARISE))
$(call harness_test,findings,$(REPORT),-ljansson -lm)
$(call harness_test,report,$(REPORT),-ljansson -lm)
$(call harness_test,report_handover,$(REPORT),-ljansson -lm)
$(call harness_test,ab,ab $(REPORT),-ljansson -lm)
$(call harness_test,advice,$(REPORT),-ljansson -lm)
$(call harness_test,figures,$(REPORT),-ljansson -lm)
$(call harness_test,beside,$(filter beside%,$(BOTH)) facts $(REPORT),-ljansson -lm)

PROFILE := $(patsubst harness/%.c,%,$(wildcard harness/profile_*.c))
PROFILED := $(filter-out profile_cell profile_point,$(PROFILE)) $(REPORT) count_absence guest crashes mishap_told mishap \
	stack stacks $(PLAN)
profile_test = $(call harness_test,profile_$(1),$(PROFILED),-lhwloc -ljansson -lm -pthread)
$(foreach t,code spots split write,$(call profile_test,$(t)))
$(call harness_test,profile_event,profile_event count_absence guest error,$(call wrapped,syscall))
$(call harness_test,profile_point,profile_point $(PLAN) error,-lhwloc)

# --- workloads -------------------------------------------------------------------------------------

# $(1) workload, $(2) strategy's name, $(3) its header: a cell for tests, variant test.
define test_cell_rule
$(T)/objects/$(1)/$(2).o: workloads/$(1).c $(STAMP)
	$(Q)mkdir -p $$(@D) && $$(CC) $$(CELL_FLAGS) $$(BASE) -DCELL_WORKLOAD=$(1) \
		-DCELL_STRATEGY=$(2) -DCELL_VARIANT=test '-DKREF_STRATEGY_HEADER="$(3)"' -c -o $$@ $$<
endef
test_cell = $(eval $(call test_cell_rule,$(1),$(2),$(3)))$(T)/objects/$(1)/$(2).o
BROKEN := ../tests/workloads/broken

# Words workload/strategy, each once.
BROKEN_PAIRS := $(shell awk -F'[^a-z_]+' '/^BROKEN/ { print $$2 "/" $$3 }' \
	tests/workloads/broken_cells.h | sort -u)
BROKEN_CELLS := $(foreach p,$(BROKEN_PAIRS),$(call test_cell,$(patsubst %/,%,$(dir $(p))),broken_$(notdir $(p)),$(BROKEN)/$(notdir $(p)).h))
SLOW_CELLS := $(foreach w,queue_rcu queue_rcu_qsbr queue_rcu_sync,$(call test_cell,$(w),slow,$(BROKEN)/slow.h))
FAIL_CELLS := $(foreach w,handoff_spawn handoff_queue handoff_queue_extra queue_mutex,$(call test_cell,$(w),refcount,strategies/refcount.h))
INDIRECT := $(call test_cell,getput,broken_indirect,$(BROKEN)/indirect.h)

ENGINE := $(call harness_objects,$(WINDOW))
workload_test = $(call test_program,$(1),tests/workloads/test_$(1).c $(2),$(3))
$(call workload_test,pool,,-pthread)
$(call workload_test,ring,,-pthread)
TURNS_FLAGS := '-DKREF_STRATEGY_HEADER="../tests/workloads/polled.h"'
$(call test_program,turns,tests/workloads/test_turns.c,-lcmocka,$(TURNS_FLAGS))
$(call workload_test,cells,$(ENGINE) $(B)/registry.o $(CELLS),$(CELL_LIBS) -lstdc++)
$(call workload_test,peers,$(B)/registry.o $(CELLS),$(CELL_LIBS) -lstdc++)
$(call workload_test,broken,$(ENGINE) $(BROKEN_CELLS),$(URCU))
$(call workload_test,grace,$(ENGINE) $(SLOW_CELLS),$(URCU))
$(call workload_test,spawn_fails,$(ENGINE) $(FAIL_CELLS),-Wl$(comma)--wrap=pthread_create \
	-Wl$(comma)--wrap=aligned_alloc -lm -pthread)

# Each includes its cell's file. $(1) workload/floor
lookup_flags = '-DLOOKUP="workloads/$(subst /,_,$(1)).c"' -DCELL_WORKLOAD=$(patsubst %/,%,$(dir $(1))) \
	-DCELL_STRATEGY=$(notdir $(1)) -DCELL_VARIANT=test -DCELL_IS_FLOOR
define lookup_test
TESTS += $(T)/lookup_$(subst /,_,$(1))
$(T)/lookup_$(subst /,_,$(1)): tests/workloads/test_lookup.c $(STAMP)
	$$(call say,TEST,lookup_$(subst /,_,$(1)))
	$(Q)mkdir -p $$(@D) && $$(CC) $$(TEST_FLAGS) $(call lookup_flags,$(1)) -o $$@ $$< $$(LDFLAGS) \
		$(CELL_LIBS)
endef
$(foreach o,$(filter $(addprefix %/,$(FLOORS)),$(OWN)),$(eval $(call lookup_test,$(o))))

include tests/model/model.mk
include tests/selftest/selftest.mk
include tests/crash/crash.mk
include tests/fuzz/fuzz.mk

# --- running -----------------------------------------------------------------------------------------

test: deps
	+$(Q)$(MAKE) --no-print-directory all unit $(SELFTEST_PROGRAMS) $(CRASH_PROGRAM)
	$(Q)tests/check-layers
	$(Q)tests/command/test_command.sh
	$(Q)tests/command/test_profile.sh
	$(Q)tests/command/test_hostile.sh $(B)
	$(Q)tests/command/test_resume.sh
	$(Q)tests/command/test_kill.sh 5
	+$(Q)$(MAKE) --no-print-directory faults FAULTS='disk lack perf gnuplot'
	$(Q)tests/command/test_selftest.sh $(B)
	$(Q)tests/command/test_dist.sh
	$(Q)tests/command/test_crash.sh $(B)
	$(Q)CC='$(CC)' tests/command/test_probes.sh
	$(Q)CC='$(CC)' tests/command/test_tracked.sh

# The tests of the one from outside the tree, which may be another of the same name.
.PHONY: test-strategy
$(EXTRA:%=$(T)/strategy_%) $(EXTRA:%=$(T)/stress_%): $(LISTS)
test-strategy: $(EXTRA:%=$(T)/strategy_%) $(EXTRA:%=$(T)/stress_%)
	$(Q)sh tests/run-tests $(TEST_LIMIT_S) $^

# Runs killed 50 times at random moments go on and lack nothing.
.PHONY: kill-test
kill-test: all
	$(Q)tests/command/test_kill.sh 50

# Faults from outside, and how krefbench ended with each: all kinds, or those of FAULTS.
.PHONY: faults limits
FAULT_HELPERS := $(T)/faults/preload.so $(T)/faults/forbid
FAULT_PROGRAMS := $(B)/krefbench $(B)/krefbench-light $(CRASH_PROGRAM) $(FAULT_HELPERS)
LIMIT_HELPERS := $(T)/faults/many_samples $(T)/faults/synthetic
$(T)/faults/%: tests/faults/%.c $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) $(TEST_FLAGS) -o $@ $<
$(T)/faults/synthetic: tests/faults/synthetic.c $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) $(TEST_FLAGS) -o $@ $< -lhwloc
$(T)/faults/preload.so: tests/faults/preload.c $(STAMP)
	$(Q)mkdir -p $(@D) && $(CC) $(TEST_FLAGS) -shared -fPIC -o $@ $<
faults: $(FAULT_PROGRAMS)
	$(Q)B=$(B) tests/faults/run $(FAULTS)
# As large as they come: processors, threads, windows, strategies.
limits: $(FAULT_PROGRAMS) $(LIMIT_HELPERS)
	$(Q)B=$(B) tests/faults/limits

.PHONY: unit unit-programs sanitize
unit: unit-programs
	$(Q)sh tests/run-tests $(TEST_LIMIT_S) $(TESTS)
unit-programs: $(TESTS) model-opaque

# The same under the sanitizers, each with a build folder of its own.
SANITIZE = $(MAKE) B=$(B)/$(1) CFLAGS='-O1 -g $(2)' CXXFLAGS='-O1 -g $(2)' LDFLAGS='$(2)' MODELLED= $(3)
ASAN := -fsanitize=address,undefined -fno-sanitize-recover=all
TSAN := -fsanitize=thread
TSAN_OPTIONS := TSAN_OPTIONS=suppressions=tests/workloads/tsan.supp
sanitize:
	+$(Q)$(call SANITIZE,asan,$(ASAN),unit)
	+$(Q)$(call SANITIZE,tsan,$(TSAN),unit-threads)

# What has threads.
.PHONY: unit-threads
THREADED := $(STRATEGY_TESTS:%=$(T)/strategy_%) $(STRATEGY_TESTS:%=$(T)/stress_%) \
	$(addprefix $(T)/,$(EDGES) report_threads barrier team window window_errors pool ring)
unit-threads: $(THREADED) $(T)/cells
	$(Q)$(TSAN_OPTIONS) sh tests/run-tests $(TEST_LIMIT_S) $^

# Objects by the hundred thousand through every strategy and every cell.
.PHONY: stress stress-here
STRESS_OBJECTS := 100000
STRESS_LIMIT_S := 7200
stress:
	+$(Q)$(call SANITIZE,asan,$(ASAN),stress-here)
	+$(Q)$(call SANITIZE,tsan,$(TSAN),stress-here)
stress-here: $(STRATEGY_TESTS:%=$(T)/stress_%) $(T)/cells
	$(Q)STRESS_OBJECTS=$(STRESS_OBJECTS) $(TSAN_OPTIONS) sh tests/run-tests $(STRESS_LIMIT_S) $^

.PHONY: deps
deps:
	$(Q)sh harness/deps.sh test

# --- the harness against itself, with nothing else running ------------------------------------------

PLAIN := arena home options_values variant $(PLACE) stats $(WINDOW)
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

# --- static checks: shellcheck, cppcheck and clang-tidy are to be there --------------------------------

# All that a shell reads, with the repository or without it.
FILES = $(if $(wildcard .git),$(shell git ls-files --cached --others --exclude-standard),$(shell \
	find . -type f ! -path './$(B)/*' ! -path './build/*' ! -path './results/*'))
SCRIPTS = $(sort $(patsubst ./%,%,$(shell awk 'FNR == 1 && /^\#!.*[\/ ](ba|da)?sh( |$$)/ || \
	FNR < 9 && /^\# shellcheck shell=/ { print FILENAME }' $(wildcard $(FILES)))))
CPPCHECK := cppcheck -q --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
	--inline-suppr --suppress=missingIncludeSystem --suppress=ctuuninitvar \
	-D__x86_64__ -D__linux__ -I. -Iharness -I$(B)

lint: $(B)/build.h
	$(Q)shellcheck -x $(or $(SCRIPTS),$(error no scripts were found))
	$(Q)$(CPPCHECK) harness
	$(Q)for workload in $(WORKLOADS); do $(CPPCHECK) -DCELL_WORKLOAD=$$workload \
		-DCELL_STRATEGY=refcount -DCELL_VARIANT=gcc workloads/$$workload.c || exit 1; done
	$(Q)for own in $(OWN); do $(CPPCHECK) -DCELL_WORKLOAD=$${own%/*} \
		-DCELL_STRATEGY=$${own#*/} -DCELL_VARIANT=gcc \
		workloads/$${own%/*}_$${own#*/}.c* || exit 1; done
	$(Q)tests/check-layers

# clang-tidy, a process a file: each with the flags that it is compiled with, each strategy through its
# test and a cell. All files, or those of TIDY such as 'harness/%'.
.PHONY: tidy
TIDIED :=
# $(1) name, $(2) source, $(3) further flags
define tidy_rule
.PHONY: tidy-$(1)
TIDIED += tidy-$(1)
tidy-$(1): $(B)/build.h
	$(Q)clang-tidy --quiet $(2) -- $(if $(filter %.cc,$(2)),-std=c++17,-std=c11) -D_GNU_SOURCE -I. -Iharness \
		-I$(B) $(3) 2>/dev/null
endef
tidy_file = $(eval $(call tidy_rule,$(1),$(1),$(2)))
tidy_cell = $(eval $(call tidy_rule,$(1)+$(2),$(3),-DCELL_WORKLOAD=$(1) -DCELL_STRATEGY=$(2) \
	-DCELL_VARIANT=$(VARIANT) $(4)))
TIDY_TEMPLATES := $(addprefix tests/kref/,test_strategy.c stress_strategy.c test_slots.c tracked_cxx.cc \
	$(EDGES:%=test_%.c)) tests/workloads/test_lookup.c tests/workloads/test_turns.c
$(foreach f,$(filter-out $(TIDY_TEMPLATES),$(wildcard harness/*.c harness/*.cc tests/harness/*.c \
	tests/fuzz/*.c tests/bench/*.c tests/workloads/*.c tests/kref/*.c tests/kref/*.cc \
	tests/faults/*.c tests/selftest/account.c)),$(call tidy_file,$(f)))
# Each with one of those that it is compiled with.
$(foreach s,$(EDGES),$(call tidy_file,tests/kref/test_$(s).c,$(call header,$(s))))
$(call tidy_file,tests/kref/tracked_cxx.cc,$(call header,tracked))
$(call tidy_file,tests/kref/test_slots.c,$(call slots_flags,percpu))
$(call tidy_file,tests/kref/stress_strategy.c,$(call header,refcount))
$(call tidy_file,tests/workloads/test_turns.c,$(TURNS_FLAGS))
$(call tidy_file,tests/workloads/test_lookup.c,$(call lookup_flags,queue_rcu/seqlock))
$(foreach s,$(STRATEGIES),$(eval $(call tidy_rule,strategy_$(s),tests/kref/test_strategy.c,$(call header,$(s)))))
$(foreach w,$(WORKLOADS),$(call tidy_cell,$(w),refcount,workloads/$(w).c,$(call uses,refcount)))
$(foreach o,$(OWN),$(call tidy_cell,$(patsubst %/,%,$(dir $(o))),$(notdir $(o)),$(wildcard workloads/$(subst \
	/,_,$(o)).c*),$(call own_flags,,$(notdir $(o)))))
tidy:
	$(Q)command -v clang-tidy >/dev/null || { echo 'clang-tidy is not here' >&2; exit 77; }
	+$(Q)$(MAKE) --no-print-directory -k -j $(shell nproc) tidied
.PHONY: tidied
tidied: $(filter $(or $(TIDY:%=tidy-%),%),$(TIDIED))

# The others: what it is to refuse is refused, under a peer's name too, and what it cannot read.
check-codegen: $(CELLS) $(INDIRECT)
	$(Q)tests/check-codegen $(CELLS)
	$(Q)! tests/check-codegen $(INDIRECT) >/dev/null 2>&1
	$(Q)mkdir -p $(T)/getput && cp $(INDIRECT) '$(T)/getput/shared_ptr@test.o'
	$(Q)! tests/check-codegen '$(T)/getput/shared_ptr@test.o' >/dev/null 2>&1
	$(Q)! tests/check-codegen $(CELLS) $(STAMP) >/dev/null 2>&1
