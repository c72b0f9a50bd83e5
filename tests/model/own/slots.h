/*
 * Slots in the model: frees the tables, which a program keeps for good.
 *
 * SPDX-License-Identifier: MIT
 */
#define MODEL_STATE_END slots_end

static void slots_end()
{
	struct kref_slots_thread *thread = kref_slots_newest();

	while (thread) {
		struct kref_slots_thread *next = thread->next;

		KREF_DELETE(thread);
		thread = next;
	}
	KREF_DELETE(KREF_DOMAIN->given_back);
}
