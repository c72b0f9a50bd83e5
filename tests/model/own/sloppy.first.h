/* sloppy in the model. SPDX-License-Identifier: MIT */
#include "slots.first.h"
