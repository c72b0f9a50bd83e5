/* percpu in the model. SPDX-License-Identifier: MIT */
#include "slots.h"
