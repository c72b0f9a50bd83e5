/* Two objects at a time, and spills. All executions of an enter, a kill and a leave are too many. */
#define MODEL_STATE slots
#define KREF_SLOTS_MAX 3
#define KREF_SLOPPY_THRESHOLD 1
#define MODEL_SEARCH_2 MODEL_BOUND(2)
