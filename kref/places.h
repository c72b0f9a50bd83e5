/*
 * Macros over the operations that tell a strategy where in the program each call stands.
 *
 * SPDX-License-Identifier: MIT
 *
 * kref.h includes this at its end for a strategy with KREF_HAS_PLACES, which defines struct
 * kref_place and, beside each operation, one that ends in _at and has the place as a last argument.
 * A macro is used where a name is called; a pointer to an operation is one to the function itself.
 */
#ifndef KREF_PLACES_H
#define KREF_PLACES_H

/* A pointer to the place of this very line, which is good as long as the code is loaded. */
#define KREF_HERE(what)							\
	__extension__({							\
		static const struct kref_place kref_here_ = {		\
			what, __FILE__, __func__, __LINE__		\
		};							\
		&kref_here_;						\
	})

/* As kref_put(). */
KREF_INLINE int kref_put_at(struct kref *kref, void (*release)(struct kref *kref),
			    const struct kref_place *place)
{
	KREF_PROBE(put, kref);
	if (kref_dec_and_test_at(kref, place)) {
		KREF_RELEASE(kref, release);
		return 1;
	}
	return 0;
}

#define kref_init(kref) kref_init_at((kref), KREF_HERE("kref_init"))
#define kref_get(kref) kref_get_at((kref), KREF_HERE("kref_get"))
#define kref_get_unless_zero(kref) \
	kref_get_unless_zero_at((kref), KREF_HERE("kref_get_unless_zero"))
#define kref_put(kref, release) kref_put_at((kref), (release), KREF_HERE("kref_put"))
#define kref_kill(kref, release) \
	((void)kref_put_at((kref), (release), KREF_HERE("kref_kill")))
/* For the locked puts. */
#define kref_dec_and_test(kref) kref_dec_and_test_at((kref), KREF_HERE("kref_put"))
#define kref_dec_not_one(kref) kref_dec_not_one_at((kref), KREF_HERE("kref_put"))

#endif
