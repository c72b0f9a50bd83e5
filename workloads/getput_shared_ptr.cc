/*
 * shared_ptr in getput: libstdc++'s std::shared_ptr, copied and dropped.
 *
 * SPDX-License-Identifier: MIT
 *
 * A peer: its count stands in a control block of its own. The pointers that the workers copy are
 * written by nobody meanwhile; what they point to lies on other lines. libstdc++ counts without
 * atomics until a program has started a second thread: setup refuses that.
 */
#define NEEDS 0
#define NEEDS_CHURN 0
/* cell.h wants one, and this brings nothing along. */
#define KREF_STRATEGY_HEADER "strategies/none.h"
#include "cell.h"

#if CELL_RUNS
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ext/atomicity.h>
#include <memory>
#include <new>

namespace {

/* One object: room for the control block that libstdc++ makes, and what verify looks at. */
struct alignas(WORKLOAD_ALIGN) counted {
	alignas(std::max_align_t) unsigned char block[64];
	unsigned released;
	long left;		/* the count when every worker had left: the owner's 1 */
};

struct object {
	std::shared_ptr<counted> held;
};

/* The arena: this, the pointers, and on lines of their own the objects. */
struct getput {
	unsigned nr_objects;
	object *objects;
	counted *targets;
};

/* Puts the control block into the object: the arena serves all cells of a group. */
template <typename T> struct in_object {
	using value_type = T;
	counted *target;

	explicit in_object(counted *target) : target(target) {}
	template <typename U> in_object(const in_object<U> &other) : target(other.target) {}

	T *allocate(std::size_t)
	{
		static_assert(sizeof(T) <= sizeof(counted::block), "the control block has grown");
		return reinterpret_cast<T *>(target->block);
	}

	void deallocate(T *, std::size_t) {}
};

void release(counted *target)
{
	target->released++;
}

CELL_INLINE object *getput_object(getput *getput, unsigned i)
{
	return &getput->objects[i];
}

CELL_INLINE void get_and_put(const object *object)
{
	std::shared_ptr<counted> copy = object->held;
}

#include "getput_loop.h"

std::size_t targets_offset(const params *params)
{
	const std::size_t end = sizeof(getput) + params->objects * sizeof(object);

	return (end + WORKLOAD_ALIGN - 1) & ~(WORKLOAD_ALIGN - 1ul);
}

std::size_t shared_ptr_bytes(const params *params)
{
	return targets_offset(params) + params->objects * sizeof(counted);
}

int shared_ptr_setup(void *arena, const params *params)
{
	auto *shared = static_cast<getput *>(arena);

	/* Then it would count without atomics. */
	if (__gnu_cxx::__is_single_threaded())
		return -ENOTSUP;
	shared->nr_objects = params->objects;
	shared->objects = reinterpret_cast<object *>(shared + 1);
	shared->targets = reinterpret_cast<counted *>(static_cast<char *>(arena) +
						      targets_offset(params));
	for (unsigned i = 0; i < params->objects; i++) {
		counted *target = &shared->targets[i];

		target->released = 0;
		new (&shared->objects[i]) object{
			std::shared_ptr<counted>(target, release, in_object<counted>(target))
		};
	}
	return 0;
}

int shared_ptr_enter(worker *)
{
	return 0;
}

void shared_ptr_leave(worker *) {}

int shared_ptr_quiesce(void *arena)
{
	auto *shared = static_cast<getput *>(arena);

	for (unsigned i = 0; i < shared->nr_objects; i++) {
		std::shared_ptr<counted> &held = shared->objects[i].held;

		shared->targets[i].left = held.use_count();
		held.reset();
	}
	return 0;
}

int shared_ptr_verify(void *arena, std::uint64_t)
{
	const auto *shared = static_cast<getput *>(arena);

	for (unsigned i = 0; i < shared->nr_objects; i++) {
		const counted &target = shared->targets[i];

		if (target.left != 1 || target.released != 1)
			return -EPROTO;
	}
	return 0;
}

} // namespace
#endif

/* C's designated initialisers are not C++'s. */
static constexpr struct workload describe()
{
	struct workload cell = {};

	cell.name = CELL_TEXT(CELL_WORKLOAD);
	cell.strategy = CELL_TEXT(CELL_STRATEGY);
	cell.variant = CELL_TEXT(CELL_VARIANT);
	cell.summary = "libstdc++'s shared_ptr, copied and dropped";
	cell.kind = CELL_KIND;
	cell.settings = 1 << SETTING_HELD;
	cell.min_workers = cell.multiple = 1;
	cell.sweeps_work = true;
	cell.padded_only = true;
#if CELL_RUNS
	/* The pointer, and of the control block its table and two counts. */
	cell.kref_bytes = sizeof(object) + 16;
	cell.bytes = shared_ptr_bytes;
	cell.setup = shared_ptr_setup;
	cell.enter = shared_ptr_enter;
	cell.run = getput_run;
	cell.leave = shared_ptr_leave;
	cell.quiesce = shared_ptr_quiesce;
	cell.verify = shared_ptr_verify;
#endif
	return cell;
}

extern "C" {
extern const struct workload CELL_PASTE(CELL_WORKLOAD, CELL_STRATEGY, CELL_VARIANT);
constexpr struct workload CELL_PASTE(CELL_WORKLOAD, CELL_STRATEGY, CELL_VARIANT) = describe();
}
