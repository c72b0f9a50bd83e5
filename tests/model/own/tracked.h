/*
 * tracked in the model: its ledger, which a program keeps, ends with each execution.
 *
 * SPDX-License-Identifier: MIT
 */

static inline void tracked_state_end()
{
	for (auto &shelf : model_domain->shelves) {
		KREF_DELETE(shelf.records);
		KREF_DELETE(shelf.buckets);
	}
}

#define MODEL_STATE_END() tracked_state_end()
