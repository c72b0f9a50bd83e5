# make vmtest: krefbench in emulated machines that this one is not.

.PHONY: vmtest
vmtest:
	$(Q)sh harness/deps.sh vm
	+$(Q)$(MAKE) --no-print-directory all
	+$(Q)tests/vm/run $(B)
