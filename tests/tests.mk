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
harness_objects = $(patsubst %,$(B)/harness/%.o,$(1))
