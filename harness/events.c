/*
 * The table of events by processor, and their encoding by libpfm4.
 *
 * SPDX-License-Identifier: MIT
 */
#include "events.h"

#include <errno.h>
#include <string.h>

#include <perfmon/pfmlib_perf_event.h>

#define LOAD_HITM "MEM_LOAD_L3_HIT_RETIRED:XSNP_HITM"
/* The same bit by its name since Sapphire Rapids. */
#define LOAD_HITM_FWD "MEM_LOAD_L3_HIT_RETIRED:XSNP_FWD"
#define LOAD_HITM_REMOTE "MEM_LOAD_L3_MISS_RETIRED:REMOTE_HITM"
#define RFO_HITM "OCR:DEMAND_RFO_L3_HIT_SNOOP_HITM"
/* What Skylake calls the same. */
#define RFO_HITM_SKYLAKE "OFFCORE_RESPONSE_0:DMND_RFO:L3_HIT:SNP_HITM"
#define STORES_INTEL "EXE_ACTIVITY:BOUND_ON_STORES"
#define STORES_AMD "DISPATCH_RESOURCE_STALL_CYCLES_1:STORE_QUEUE_RSRC_STALL"
#define FILLS_ZEN2 "DATA_CACHE_REFILLS_FROM_SYSTEM:"
#define FILLS "DEMAND_DATA_CACHE_FILLS_FROM_SYSTEM:"

/*
 * moved_local, moved_remote, rfo_hitm, stall_cycles. What is NULL was looked for in libpfm4 4.13.0:
 * a client has no second socket; AMD's and Arm's cores do not tell how a snoop ended; Zen 1 does not
 * tell where a demand fill came from.
 */
const struct events_processor events_processors[] = {
	{ "skl", { LOAD_HITM, NULL, RFO_HITM_SKYLAKE, STORES_INTEL } },
	{ "skx", { LOAD_HITM, LOAD_HITM_REMOTE, RFO_HITM_SKYLAKE, STORES_INTEL } },
	{ "clx", { LOAD_HITM, LOAD_HITM_REMOTE, RFO_HITM_SKYLAKE, STORES_INTEL } },
	{ "icl", { LOAD_HITM, NULL, RFO_HITM, STORES_INTEL } },
	{ "icx", { LOAD_HITM, LOAD_HITM_REMOTE, RFO_HITM, STORES_INTEL } },
	{ "spr", { LOAD_HITM_FWD, LOAD_HITM_REMOTE, RFO_HITM, STORES_INTEL } },
	{ "amd64_fam17h_zen1", { NULL, NULL, NULL, STORES_AMD } },
	{ "amd64_fam17h_zen2", { FILLS_ZEN2 "LS_MABRESP_LCL_CACHE",
				 FILLS_ZEN2 "LS_MABRESP_RMT_CACHE", NULL, STORES_AMD } },
	{ "amd64_fam19h_zen3", { FILLS "INT_CACHE:EXT_CACHE_LCL", FILLS "EXT_CACHE_RMT", NULL,
				 STORES_AMD } },
	{ "amd64_fam19h_zen4", { FILLS "LOCAL_CCX:NEAR_CACHE_NEAR_FAR", FILLS "FAR_CACHE_NEAR_FAR",
				 NULL, STORES_AMD } },
	{ "arm_n1", { NULL, "REMOTE_ACCESS", NULL, "STALL_BACKEND" } },
	{ "arm_n2", { NULL, "REMOTE_ACCESS", NULL, "STALL_BACKEND_MEM" } },
	{ "arm_v1", { NULL, "REMOTE_ACCESS", NULL, "STALL_BACKEND_MEM" } },
	{ "arm_v2", { NULL, "REMOTE_ACCESS", NULL, "STALL_BACKEND_MEM" } },
};

const unsigned events_nr_processors = sizeof(events_processors) / sizeof(*events_processors);

const struct events_processor *events_processor_find(const char *pmu)
{
	for (unsigned i = 0; i < events_nr_processors; i++)
		if (!strcmp(events_processors[i].pmu, pmu))
			return &events_processors[i];
	return NULL;
}

const char *events_pmu(void)
{
	const char *found = NULL;

	if (pfm_initialize() != PFM_SUCCESS)
		return NULL;
	for (pfm_pmu_t pmu = PFM_PMU_NONE; pmu < PFM_PMU_MAX; pmu++) {
		pfm_pmu_info_t info = { .size = sizeof(info) };

		if (pfm_get_pmu_info(pmu, &info) != PFM_SUCCESS || !info.is_present ||
		    info.type != PFM_PMU_TYPE_CORE)
			continue;
		if (events_processor_find(info.name))
			return info.name;
		if (!found || !info.is_dfl)
			found = info.is_dfl ? "" : info.name;
	}
	return found;
}

int event_encode(const char *name, struct event *event)
{
	struct perf_event_attr attr = { .size = sizeof(attr) };
	pfm_perf_encode_arg_t argument = { .attr = &attr, .size = sizeof(argument) };

	if (pfm_initialize() != PFM_SUCCESS ||
	    pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT, &argument) !=
	    PFM_SUCCESS)
		return -ENOENT;
	*event = (struct event){
		.type = attr.type,
		.config = attr.config,
		.config1 = attr.config1,
		.config2 = attr.config2,
		.exclude_user = attr.exclude_user,
		.exclude_kernel = attr.exclude_kernel,
	};
	return 0;
}
