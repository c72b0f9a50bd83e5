/* Few leaves, so that threads share one. All executions of waits and retries are too many. */
#define MODEL_SELF_OBJECTS
#define KREF_SNZI_LEAVES 2
#define MODEL_SEARCH_2 MODEL_BOUND(3)
