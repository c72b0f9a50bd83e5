# Tests: see below.
