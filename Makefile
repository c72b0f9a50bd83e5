# Builds krefbench: the cells, the measuring program, the light one and the tests.
#
#   make            both programs in build/
#   make test       unit, semantics and stress tests (installs what is missing, as run.sh does)
#   make stress     objects by the hundred thousand through every cell, under the sanitizers
#   make test-cross the strategies' tests for arm64 and riscv64, by qemu-user
#   make vmtest     krefbench in emulated machines with two NUMA nodes, siblings, a PMU
#   make model      the strategies under a model checker     make mutants  broken ones: all are seen
#   make bench      the harness against itself: twins, plain loop, share of time measured
#   make selftest   the method against effects that are known: writes docs/selftest.md
#   make lint       shellcheck, cppcheck and the layers   make tidy  clang-tidy
#   make fuzz       hostile files, topologies and command lines, FUZZ_S seconds each
#   make sanitize   the tests under the sanitizers        make kill-test  50 runs killed and resumed
#   make check-codegen  no indirect call in a measured loop
#   make dist       build/krefbench-VERSION.tar.gz of the commit, the same from any clone
#   make install    the kref headers and krefs.bt under PREFIX (and DESTDIR)
#   make clean      V=1 shows the commands; CC, CXX and CFLAGS as usual

# One word a strategy (kref/strategies/NAME.h), one word a workload (workloads/NAME.c).
STRATEGIES := none plain atomic acqrel seqcst refcount flags cas mutex spinlock lockref rcuref \
	urcu_ref percpu sloppy refcache biased snzi tracked
WORKLOADS := getput handoff_spawn handoff_queue handoff_queue_extra queue_mutex \
	queue_mutex_free_outside queue_put_mutex queue_put_lock queue_unless_zero \
	queue_rcu queue_rcu_qsbr queue_rcu_sync
# One word a bound or a counter of another ecosystem, with a cell of its own in the workloads that it
# fits (workloads/WORKLOAD_NAME.c or .cc) and a hole in the others.
FLOORS := rcu_only hazptr seqlock
PEERS := shared_ptr g_atomic_rc_box

# STRATEGY=PATH/NAME.h: a header from outside the tree, measured beside them.
ifneq ($(STRATEGY),)
override STRATEGY := $(abspath $(STRATEGY))
EXTRA := $(basename $(notdir $(STRATEGY)))
STRATEGIES += $(EXTRA)
endif

VERSION := 0.1.0
PREFIX ?= /usr/local

ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif
B ?= build
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' $(1) $(2))

# The tool chains by name, of which $(VARIANTS) are compiled into the cells, the baseline's first. That
# of CC is the harness's, and the only one unless asked for.
VARIANT := $(if $(findstring clang,$(shell $(CC) --version)),clang,gcc)
VARIANTS ?= $(VARIANT)
CC_gcc := gcc
CXX_gcc := g++
CC_clang := clang
CXX_clang := clang++
CC_$(VARIANT) := $(CC)
CXX_$(VARIANT) := $(CXX)
CC_lse = $(CC) -march=armv8.1-a
CXX_lse = $(CXX) -march=armv8.1-a
CC_llsc = $(CC) -march=armv8-a -mno-outline-atomics
CXX_llsc = $(CXX) -march=armv8-a -mno-outline-atomics
# b: of ./run.sh ab, the cells of another commit (their tree is AB_TREE), compiler or flags.
CC_b = $(or $(AB_CC),$(CC))
CXX_b = $(or $(AB_CXX),$(CXX))
# Without the alignment, link order alone moved a saturating get and put by up to 9 percent. gcc enters
# some loops by a jump into their middle, and then their top is no loop to it but a jump's target.
ALIGN_clang := -falign-functions=64 -falign-loops=64
ALIGN_gcc := $(ALIGN_clang) -falign-jumps=64
ALIGN_lse = $(ALIGN_$(VARIANT))
ALIGN_b = $(ALIGN_$(if $(findstring clang,$(CC_b)),clang,gcc))
ALIGN_llsc = $(ALIGN_$(VARIANT))
WARNINGS := -Wall -Wextra -Werror
CFLAGS ?= -O2 -g
CXXFLAGS ?= -O2 -g
# Change when the flags and compilers, when the lists, and when what ab compares do.
STAMP := $(B)/flags
LISTS := $(B)/lists
AB_STAMP := $(B)/ab/flags
BASE := -D_GNU_SOURCE $(WARNINGS) -MMD -MP
HARNESS := $(BASE) $(ALIGN_$(VARIANT))
# What glib's peer needs; empty where it is not installed, or by choice.
GLIB := $(shell pkg-config --exists 'glib-2.0 >= 2.58' 2>/dev/null && \
	pkg-config --cflags --libs glib-2.0)
CELL_LIBS := -lurcu-memb -lurcu-qsbr -lurcu-common -lck $(filter -l% -L%,$(GLIB)) -lm -pthread
LIBS := -lbenchmark -lhwloc -lnuma -ljansson -lpfm $(CELL_LIBS)

.PHONY: all light test bench lint check-codegen check-layers install dist clean FORCE
all: $(B)/krefbench $(B)/krefbench-light
light: $(B)/krefbench-light
.DELETE_ON_ERROR:

include workloads/cells.mk

# The stamps are rewritten only when they say something new: an unchanged tree builds nothing, other
# flags or another compiler build everything, other lists what is new and the registries.
update = if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(STAMP): FORCE
	$(Q)mkdir -p $(B) && printf '%s\n' '$(CC_gcc) $(CXX_gcc) $(CC_clang) $(CXX_clang) $(VARIANT)' \
		'$(HARNESS) $(CFLAGS) $(CXXFLAGS) $(LDFLAGS) $(GLIB)' > $@.new
	$(Q)$(update)
$(AB_STAMP): FORCE
	$(Q)mkdir -p $(B)/ab && printf '%s\n' '$(CC_b) $(CXX_b)' '$(AB_CFLAGS)' '$(AB_REV) $(AB_TREE)' > $@.new
	$(Q)$(update)
$(LISTS): FORCE
	$(Q)mkdir -p $(B) && printf '%s\n' '$(NAMED) $(WORKLOADS) $(OWN) $(VARIANTS) $(STRATEGY)' > $@.new
	$(Q)$(update)

# --- the programs -----------------------------------------------------------------------------

# What only one of the two programs has; all other files of harness/ are in both.
MEASURING := arena build_id clock count count_absence count_events count_plan crashes cut cut_scan disturb \
	events group group_rounds group_sample guest handover handover_floor handover_pair \
	home latency launch launcher machine meta mishap mishap_told orders progress record \
	resume_begin run run_begin run_benchmark run_finish sampler signals stack stacks team window \
	window_member work \
	$(filter-out profile_point,$(patsubst harness/%.c,%,$(wildcard harness/profile*.c)))
BOTH := $(filter-out $(MEASURING) run_light,$(patsubst harness/%.c,%,$(wildcard harness/*.c)))
SHARED_OBJECTS := $(BOTH:%=$(B)/harness/%.o)
ENGINE_OBJECTS := $(MEASURING:%=$(B)/harness/%.o) $(B)/harness/gbench.o

# Launches run the program in other link orders, program.1 and so on (harness/orders.h). Behind each stands what
# its objects are: those that an interrupted make left behind are known by it. As many as a point may have
# launches; with fewer, such as NR_ORDERS=12 in tests, launches take turns with them.
NR_ORDERS ?= 96
ORDERS := $(shell seq $(NR_ORDERS))
shuffled = printf '%s\n' $(filter %.o,$^) | awk 'BEGIN { srand($(1)) } { print rand() "\t" $$0 }' | \
	LC_ALL=C sort -n | cut -f 2 > $@.objects
# $(1) program, $(2) objects, $(3) numbers of its orders
define measuring_rule
$(1).id: $(2)
	$(Q)cat $$(filter %.o,$$^) | sha1sum | sed 's/ .*//; s/^/krefbench objects /' > $$@
$(1): $(2) $(1).id $(3:%=$(1).%)
	$$(call say,LINK,$$@)
	$(Q)rm -f $$(filter-out $(3:%=$(1).%),$$(wildcard $(1).[0-9]*)) && \
		$$(CXX) $$(CXXFLAGS) $$(LDFLAGS) -Wl,--build-id=sha1 -o $$@ $$(filter %.o,$$^) $$(LIBS) && \
		cat $(1).id >> $$@
$(3:%=$(1).%): $(1).%: $(2) $(1).id
	$(Q)$$(call shuffled,$$*) && $$(CXX) $$(CXXFLAGS) $$(LDFLAGS) -Wl,-S -o $$@ @$$@.objects $$(LIBS) && \
		cat $(1).id >> $$@ && rm $$@.objects
endef
$(eval $(call measuring_rule,$(B)/krefbench,$(SHARED_OBJECTS) $(ENGINE_OBJECTS) $(B)/registry.o $(CELLS),$(ORDERS)))

$(B)/krefbench-light: $(SHARED_OBJECTS) $(B)/harness/run_light.o $(B)/registry_light.o $(DESCRIBED)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lhwloc -ljansson -Wl,--as-needed $(CELL_LIBS)

$(B)/harness/%.o: harness/%.c $(STAMP)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 $(HARNESS) $(CFLAGS) -I$(B) -c -o $@ $<

$(B)/harness/%.o: harness/%.cc $(STAMP)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) -std=c++17 $(HARNESS) $(CXXFLAGS) -c -o $@ $<

$(B)/harness/meta.o: $(B)/build.h

# As the flags above.
$(B)/build.h: FORCE
	$(Q)mkdir -p $(B) && AB_REV=$(AB_REV) VERSION=$(VERSION) sh harness/build.h.sh '$(STRATEGY)' $(foreach v,$(VARIANTS),'$(v)' \
		'$(CC_$(v))' '$(strip $(call cell_flags,$(v)))') > $@.new
	$(Q)$(update)

# --- installing the headers ---------------------------------------------------------------------

install:
	install -d $(DESTDIR)$(PREFIX)/include/kref/strategies $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 644 kref/*.h $(DESTDIR)$(PREFIX)/include/kref
	install -m 644 kref/strategies/*.h $(DESTDIR)$(PREFIX)/include/kref/strategies
	install -D -m 755 kref/krefs.bt $(DESTDIR)$(PREFIX)/share/kref/krefs.bt
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' kref/kref.pc.in \
		> $(DESTDIR)$(PREFIX)/lib/pkgconfig/kref.pc

# --- a tarball of the commit, the same byte for byte from any clone -------------------------------

DIST := $(B)/krefbench-$(VERSION).tar
dist:
	$(Q)mkdir -p $(B) && git -c tar.umask=0022 -c core.autocrlf=false -c core.eol=lf archive \
		--prefix=$(basename $(notdir $(DIST)))/ -o $(DIST) HEAD
	$(Q)GZIP='' gzip -9nf $(DIST)
	@echo $(DIST).gz

clean:
	rm -rf $(B)

# What a list holds, for scripts: make -s print-WORKLOADS
print-%:
	@echo '$($*)'

include tests/tests.mk
include tests/cross.mk
include tests/vm/vm.mk

-include $(wildcard $(B)/*.d $(B)/*/*.d $(B)/*/*/*.d $(B)/*/*/*/*.d)
